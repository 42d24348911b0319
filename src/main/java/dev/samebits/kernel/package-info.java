/**
 * Layer 0: the vocabulary (kernels, shapes, cases, conditions, axes, guarantees), the SPI that
 * every backend implements, and the seeded inputs. Knows no backend, no JMH and no native library.
 */
package dev.samebits.kernel;
