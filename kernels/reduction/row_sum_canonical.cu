// Computes:    sum[i] = x[i,0] + ... + x[i,n-1] for each of m rows; n = 0 gives +0
// Order:       canonical: blocks of 16384, 128 lanes from -0, lanes joined by halving, the blocks'
//              results summed in the same way
// Guarantee:   EVERYWHERE
// Contraction: none, __fadd_rn only
// Launch:      two passes; block a multiple of 32, any grid. blocks: one warp a block of a row,
//              grid = ceil(m ceil(n / 16384) / (block / 32)); join: one warp a row, grid = ceil(m
//              / (block / 32)). Scratch: m ceil(n / 16384) partials
// Twin:        none
// Source:      src/site/markdown/determinism.md, row_sum
#include "common/lane_sum.cuh"

template <typename T>
__device__ void row_sum_blocks(const T* x, T* partials, int m, int n) {
  long long blocks = sum_blocks(n);
  for (long long i = first_warp(); i < m * blocks; i += warp_stride()) {
    long long b = i % blocks;
    long long end = min(static_cast<long long>(n), (b + 1) * SUM_BLOCK);
    T sum = block_sum<T, Rows<T>::MANY_WARPS>(Sum<T>{x + i / blocks * n}, b * SUM_BLOCK, end);
    if (threadIdx.x % 32 == 0) {
      partials[i] = sum;
    }
  }
}

template <typename T>
__device__ void row_sum_join(const T* partials, T* sum, int m, int n) {
  long long blocks = sum_blocks(n);
  for (long long i = first_warp(); i < m; i += warp_stride()) {
    T total = lane_sum<T, Rows<T>::MANY_WARPS>(Sum<T>{partials + i * blocks}, blocks);
    if (threadIdx.x % 32 == 0) {
      sum[i] = stored(total);
    }
  }
}

#define ROW_SUM_CANONICAL(T, dtype)                                                              \
  extern "C" __global__ void row_sum_canonical_##dtype##_blocks(const T* x, T* sum, T* partials, \
                                                                int m, int n) {                  \
    row_sum_blocks(x, partials, m, n);                                                           \
  }                                                                                              \
  extern "C" __global__ void row_sum_canonical_##dtype##_join(const T* x, T* sum, T* partials,   \
                                                              int m, int n) {                    \
    row_sum_join(partials, sum, m, n);                                                           \
  }
FOR_F32_AND_F64(ROW_SUM_CANONICAL)
