/**
 * Layer 0: what is said about bits: digests, ULP distances, differences, exact errors, evidence.
 */
package dev.samebits.metric;
