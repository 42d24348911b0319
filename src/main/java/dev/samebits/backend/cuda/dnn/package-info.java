/**
 * Layer 1: NVIDIA's cuDNN, each convolution algorithm a variant, on the memory and streams of
 * {@link dev.samebits.backend.cuda}.
 */
package dev.samebits.backend.cuda.dnn;
