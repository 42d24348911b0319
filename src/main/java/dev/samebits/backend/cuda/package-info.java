/**
 * Layer 1: kernels on an NVIDIA GPU, written in {@code kernels/}, by way of the CUDA driver (JCuda,
 * and JNA for NVRTC and NVML).
 */
package dev.samebits.backend.cuda;
