// Computes:    g = fma(wd, w, g) unless wd = 0; v = fma(mu, v, g); w = fma(-lr, v, w); the new w
//              and v may take the place of the old
// Order:       none: elements do not depend on each other
// Guarantee:   EVERYWHERE
// Contraction: every product is an fma, __fmaf_rn
// Launch:      one pass, any block, any grid; one element a thread: grid = ceil(n / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, sgd_update; Sutskever, Martens, Dahl, Hinton,
//              ICML 2013, without dampening
#include "common/launch.cuh"
#include "common/real.cuh"

#define SGD_UPDATE_CANONICAL(T, dtype)                                                         \
  extern "C" __global__ void sgd_update_canonical_##dtype(                                     \
      const T* w, const T* v, const T* g, T* new_w, T* new_v, long long n, T lr, T mu, T wd) { \
    for (long long i = first_element(); i < n; i += element_stride()) {                        \
      T gradient = wd == T(0) ? g[i] : fma_rn(wd, w[i], g[i]);                                 \
      T velocity = fma_rn(mu, v[i], gradient);                                                 \
      T weight = fma_rn(-lr, velocity, w[i]);                                                  \
      new_v[i] = stored(velocity);                                                             \
      new_w[i] = stored(weight);                                                               \
    }                                                                                          \
  }
FOR_F32_AND_F64(SGD_UPDATE_CANONICAL)
