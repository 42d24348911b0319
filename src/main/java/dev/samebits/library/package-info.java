/**
 * Layer 0: finds, unpacks, opens and identifies native libraries. Knows nothing of what they
 * compute.
 */
package dev.samebits.library;
