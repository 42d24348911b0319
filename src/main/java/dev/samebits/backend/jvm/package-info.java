/**
 * Layer 1: the plain reference backend in pure Java. It defines the bits of the canonical order; it
 * is written to be read, and its arithmetic is only what the Java language specifies.
 */
package dev.samebits.backend.jvm;
