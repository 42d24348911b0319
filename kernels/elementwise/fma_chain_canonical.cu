// Computes:    y[i] = x[i], then r times y[i] = fma(y[i], -3/4, 1): no memory to speak of, so it
//              shows the peak of the arithmetic
// Order:       one chain an element
// Guarantee:   EVERYWHERE
// Contraction: every step is an fma, __fmaf_rn
// Launch:      one pass, any block, any grid; one element a thread: grid = ceil(n / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, fma_chain
#include "common/launch.cuh"
#include "common/real.cuh"

#define FMA_CHAIN_CANONICAL(T, dtype)                                                            \
  extern "C" __global__ void fma_chain_canonical_##dtype(const T* x, T* y, long long n, int r) { \
    for (long long i = first_element(); i < n; i += element_stride()) {                          \
      T value = x[i];                                                                            \
      for (int step = 0; step < r; step++) {                                                     \
        value = fma_rn(value, T(-0.75), T(1));                                                   \
      }                                                                                          \
      y[i] = stored(value);                                                                      \
    }                                                                                            \
  }
FOR_F32_AND_F64(FMA_CHAIN_CANONICAL)
