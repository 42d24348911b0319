/**
 * Layer 1: the backend in pure Java. Its plain kernels define the bits of the canonical order: they
 * are written to be read, and their arithmetic is only what the Java language specifies. Beside
 * them stand the other orders that the backend offers, exact sums, the team of threads that all its
 * kernels share, and the settings of a JVM that it knows as conditions. The fast kernels are those
 * of {@code dev.samebits.backend.jvm.vector}, found by name.
 */
package dev.samebits.backend.jvm;
