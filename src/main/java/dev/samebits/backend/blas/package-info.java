/**
 * Layer 1: the backends {@code openblas} (the library inside the jar) and {@code cblas:NAME} (any
 * CBLAS library by path), through JNA. Convolutions are im2col and one gemm a sample and group.
 */
package dev.samebits.backend.blas;
