// Computes:    dx[i] = y[i] > 0 ? dy[i] : +0, from relu's output y
// Order:       none: elements do not depend on each other
// Guarantee:   EVERYWHERE
// Contraction: none, no arithmetic
// Launch:      one pass, any block, any grid; one element a thread: grid = ceil(n / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, relu_backward
#include "common/launch.cuh"
#include "common/real.cuh"

#define RELU_BACKWARD_CANONICAL(T, dtype)                                                    \
  extern "C" __global__ void relu_backward_canonical_##dtype(const T* y, const T* dy, T* dx, \
                                                             long long n) {                  \
    for (long long i = first_element(); i < n; i += element_stride()) {                      \
      dx[i] = y[i] > T(0) ? stored(dy[i]) : T(0);                                            \
    }                                                                                        \
  }
FOR_F32_AND_F64(RELU_BACKWARD_CANONICAL)
