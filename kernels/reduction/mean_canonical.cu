// Computes:    mean = (x[0] + ... + x[n-1]) / n, n rounded to the type; n = 0 gives NaN
// Order:       canonical: blocks of 16384, 128 lanes from -0, lanes joined by halving, the blocks'
//              results summed in the same way
// Guarantee:   EVERYWHERE
// Contraction: none, __fadd_rn and one __fdiv_rn
// Launch:      two passes; block a multiple of 32, any grid. blocks: one warp a block of 16384,
//              grid = ceil(ceil(n / 16384) / (block / 32)); join: one block of 32. Scratch: ceil(n
//              / 16384) partials
// Twin:        none
// Source:      src/site/markdown/determinism.md, mean
#include "common/lane_sum.cuh"

#define MEAN_CANONICAL(T, dtype)                                                       \
  extern "C" __global__ void __launch_bounds__(1024, 1)                                \
      mean_canonical_##dtype##_blocks(const T* x, T* mean, T* partials, long long n) { \
    sum_blocks_of(Sum<T>{x}, partials, n);                                             \
  }                                                                                    \
  extern "C" __global__ void __launch_bounds__(32, 1)                                  \
      mean_canonical_##dtype##_join(const T* x, T* mean, T* partials, long long n) {   \
    T total = lane_sum<T, Rows<T>::ONE_WARP>(Sum<T>{partials}, sum_blocks(n));         \
    if (threadIdx.x == 0) {                                                            \
      *mean = stored(div_rn(total, rounded<T>(n)));                                    \
    }                                                                                  \
  }
FOR_F32_AND_F64(MEAN_CANONICAL)
