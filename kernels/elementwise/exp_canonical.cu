// Computes:    y[i] = e to the power x[i]
// Order:       none: elements do not depend on each other
// Guarantee:   EVERYWHERE
// Contraction: as spelled in common/math.cuh
// Launch:      one pass, any block, any grid; one element a thread: grid = ceil(n / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, section 3; dev.samebits.backend.jvm.F32Math
#include "common/launch.cuh"
#include "common/math.cuh"

#define EXP_CANONICAL(T, dtype)                                                     \
  extern "C" __global__ void exp_canonical_##dtype(const T* x, T* y, long long n) { \
    for (long long i = first_element(); i < n; i += element_stride()) {             \
      y[i] = canonical_exp(x[i]);                                                   \
    }                                                                               \
  }
FOR_F32_AND_F64(EXP_CANONICAL)
