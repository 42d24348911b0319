/**
 * The CUDA kernels without a GPU: compiled for the CPU by the shim of {@code src/test/native} and
 * held to the contract of every backend.
 */
package dev.samebits.backend.shim;
