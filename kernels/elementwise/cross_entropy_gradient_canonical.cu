// Computes:    dz[i,j] = (p[i,j] - 1) / m where j = label[i], p[i,j] / m elsewhere, m rounded to
//              the type; a label outside 0 to n - 1 is met by no j
// Order:       none: elements do not depend on each other
// Guarantee:   EVERYWHERE
// Contraction: none, one __fadd_rn and one __fdiv_rn
// Launch:      one pass, any block, any grid; one element a thread: grid = ceil(m n / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, cross_entropy_gradient
#include "common/launch.cuh"
#include "common/real.cuh"

#define CROSS_ENTROPY_GRADIENT_CANONICAL(T, dtype)                         \
  extern "C" __global__ void cross_entropy_gradient_canonical_##dtype(     \
      const T* p, const int* label, T* dz, int m, int n) {                 \
    for (long long i = first_element(); i < static_cast<long long>(m) * n; \
         i += element_stride()) {                                          \
      T q = label[i / n] == i % n ? add_rn(p[i], T(-1)) : p[i];            \
      dz[i] = stored(div_rn(q, rounded<T>(m)));                            \
    }                                                                      \
  }
FOR_F32_AND_F64(CROSS_ENTROPY_GRADIENT_CANONICAL)
