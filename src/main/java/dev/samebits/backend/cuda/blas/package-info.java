/**
 * Layer 1: NVIDIA's cuBLAS and cuBLASLt, each documented setting a variant, on the memory and
 * streams of {@link dev.samebits.backend.cuda}.
 */
package dev.samebits.backend.cuda.blas;
