/** Layer 2: benchmarks of Samebits' own instruments. */
package dev.samebits.jmh.bench;
