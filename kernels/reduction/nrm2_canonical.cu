// Computes:    norm = sqrt(x[0]^2 + ... + x[n-1]^2), unscaled; n = 0 gives +0
// Order:       canonical: blocks of 16384, 128 lanes from -0, lanes joined by halving, the blocks'
//              results summed in the same way
// Guarantee:   EVERYWHERE
// Contraction: every square is an fma, __fmaf_rn; one __fsqrt_rn
// Launch:      two passes; block a multiple of 32, any grid. blocks: one warp a block of 16384,
//              grid = ceil(ceil(n / 16384) / (block / 32)); join: one block of 32. Scratch: ceil(n
//              / 16384) partials
// Twin:        none
// Source:      src/site/markdown/determinism.md, nrm2
#include "common/lane_sum.cuh"

#define NRM2_CANONICAL(T, dtype)                                                       \
  extern "C" __global__ void __launch_bounds__(1024, 1)                                \
      nrm2_canonical_##dtype##_blocks(const T* x, T* nrm2, T* partials, long long n) { \
    sum_blocks_of((Dot<T>{x, x}), partials, n);                                        \
  }                                                                                    \
  extern "C" __global__ void __launch_bounds__(32, 1)                                  \
      nrm2_canonical_##dtype##_join(const T* x, T* nrm2, T* partials, long long n) {   \
    T total = lane_sum<T, Rows<T>::ONE_WARP>(Sum<T>{partials}, sum_blocks(n));         \
    if (threadIdx.x == 0) {                                                            \
      *nrm2 = stored(sqrt_rn(total));                                                  \
    }                                                                                  \
  }
FOR_F32_AND_F64(NRM2_CANONICAL)
