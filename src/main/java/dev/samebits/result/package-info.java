/**
 * Layer 1: what a run leaves behind. Records are plain data (verdicts too), one JSON object a line;
 * the store reads and writes one folder a run; the environment says where it was made.
 */
package dev.samebits.result;
