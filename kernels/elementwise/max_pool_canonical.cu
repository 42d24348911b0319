// Computes:    y = the element that wins in each r x s window of n c planes of h x w
// Order:       r, then s, ascending: the first of equal elements wins, the first NaN wins over all
// Guarantee:   EVERYWHERE
// Contraction: none, no arithmetic
// Launch:      one pass, any block, any grid; one output a thread: grid = ceil(n c p q / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, max_pool
#include "common/pool.cuh"

template <typename T>
__device__ void max_pool_canonical(const T* x, T* y, const Pool& pool) {
  int q = pool.q();
  int size = pool.p() * q;
  for (long long i = first_element(); i < pool.planes() * size; i += element_stride()) {
    const T* plane = x + i / size * pool.h * pool.w;
    int at = static_cast<int>(i % size);
    y[i] = stored(plane[pool.winner(plane, at / q, at % q)]);
  }
}

#define MAX_POOL_CANONICAL(T, dtype)                                                     \
  extern "C" __global__ void max_pool_canonical_##dtype(                                 \
      const T* x, T* y, int n, int c, int h, int w, int r, int s, int pad, int stride) { \
    max_pool_canonical(x, y, Pool{n, c, h, w, r, s, pad, stride});                       \
  }
FOR_F32_AND_F64(MAX_POOL_CANONICAL)
