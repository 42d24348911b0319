// Computes:    y[i,j] = x[i,j] + b[j] for m rows of n
// Order:       none: elements do not depend on each other
// Guarantee:   EVERYWHERE
// Contraction: none, one __fadd_rn
// Launch:      one pass, any block, any grid; one element a thread: grid = ceil(m n / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, bias_add
#include "common/launch.cuh"
#include "common/real.cuh"

#define BIAS_ADD_CANONICAL(T, dtype)                                                         \
  extern "C" __global__ void bias_add_canonical_##dtype(const T* x, const T* b, T* y, int m, \
                                                        int n) {                             \
    for (long long i = first_element(); i < static_cast<long long>(m) * n;                   \
         i += element_stride()) {                                                            \
      y[i] = stored(add_rn(x[i], b[i % n]));                                                 \
    }                                                                                        \
  }
FOR_F32_AND_F64(BIAS_ADD_CANONICAL)
