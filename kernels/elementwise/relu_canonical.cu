// Computes:    y[i] = the larger of x[i] and +0; NaN stays NaN
// Order:       none: elements do not depend on each other
// Guarantee:   EVERYWHERE
// Contraction: none, no arithmetic
// Launch:      one pass, any block, any grid; one element a thread: grid = ceil(n / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, relu
#include "common/launch.cuh"
#include "common/real.cuh"

#define RELU_CANONICAL(T, dtype)                                                     \
  extern "C" __global__ void relu_canonical_##dtype(const T* x, T* y, long long n) { \
    for (long long i = first_element(); i < n; i += element_stride()) {              \
      y[i] = x[i] <= T(0) ? T(0) : stored(x[i]);                                     \
    }                                                                                \
  }
FOR_F32_AND_F64(RELU_CANONICAL)
