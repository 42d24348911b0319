/**
 * Layer 1: from a suite file and filters to an ordered, printable plan. Loads no native library and
 * starts no process.
 */
package dev.samebits.plan;
