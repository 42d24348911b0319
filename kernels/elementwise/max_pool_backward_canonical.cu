// Computes:    dx = +0, then dx[i] = dx[i] + dy for each output of max_pool, i the place of its
//              winner
// Order:       outputs ascending; an element gathers from the windows that it lies in
// Guarantee:   EVERYWHERE
// Contraction: none, __fadd_rn only
// Launch:      one pass, any block, any grid; one input a thread: grid = ceil(n c h w / block)
// Twin:        none
// Source:      src/site/markdown/determinism.md, max_pool_backward
#include "common/pool.cuh"

template <typename T>
__device__ void max_pool_backward_canonical(const T* x, const T* dy, T* dx, const Pool& pool) {
  int plane_size = pool.h * pool.w;
  int width = pool.q();
  int height = pool.p();
  for (long long i = first_element(); i < pool.planes() * plane_size; i += element_stride()) {
    long long plane = i / plane_size;
    int at = static_cast<int>(i % plane_size);
    int row = at / pool.w + pool.pad;
    int column = at % pool.w + pool.pad;
    T sum = T(0);
    // Window p covers rows p stride to p stride + r - 1 of the padded plane.
    for (int p = row < pool.r ? 0 : (row - pool.r) / pool.stride + 1;
         p < height && p * pool.stride <= row; p++) {
      for (int q = column < pool.s ? 0 : (column - pool.s) / pool.stride + 1;
           q < width && q * pool.stride <= column; q++) {
        if (pool.winner(x + plane * plane_size, p, q) == at) {
          sum = add_rn(sum, dy[(plane * height + p) * width + q]);
        }
      }
    }
    dx[i] = stored(sum);
  }
}

#define MAX_POOL_BACKWARD_CANONICAL(T, dtype)                                            \
  extern "C" __global__ void max_pool_backward_canonical_##dtype(                        \
      const T* x, const T* dy, T* dx, int n, int c, int h, int w, int r, int s, int pad, \
      int stride) {                                                                      \
    max_pool_backward_canonical(x, dy, dx, Pool{n, c, h, w, r, s, pad, stride});         \
  }
FOR_F32_AND_F64(MAX_POOL_BACKWARD_CANONICAL)
