// Computes:    dot = x[0] y[0] + ... + x[n-1] y[n-1]
// Order:       `parts` blocks of threads; a thread adds every (4 parts block)th run of 4 elements
//              to one accumulator from +0; threads joined by shuffles in a warp, then the warps of
//              a block in the same way; the blocks' sums are joined in the same way by one more
//              block
// Guarantee:   RUN_TO_RUN; other bits with other parts or another block
// Contraction: every product is an fma, __fmaf_rn
// Launch:      two passes; block a multiple of 32 (part of the order), any grid. blocks: grid =
//              parts; join: one block of the same size. Scratch: parts partials
// Twin:        dot_block_tree_two_pass
// Source:      the usual reduction with warp shuffles, in two launches
#include "common/block_tree.cuh"

#define DOT_WARP_SHUFFLE(T, dtype)                                           \
  extern "C" __global__ void dot_warp_shuffle_##dtype##_blocks(              \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) { \
    shuffle_parts<T>((ChainOfDot<T>{x, y}), partials, n, parts);             \
  }                                                                          \
  extern "C" __global__ void dot_warp_shuffle_##dtype##_join(                \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) { \
    shuffle_join(partials, dot, parts);                                      \
  }
FOR_F32_AND_F64(DOT_WARP_SHUFFLE)
