// Computes:    sum = x[0] + ... + x[n-1]
// Order:       `parts` blocks of threads; a thread adds every (4 parts block)th run of 4 elements
//              to one accumulator from +0; threads joined by shuffles in a warp, then the warps of
//              a block in the same way; the blocks' sums are joined in the same way by one more
//              block
// Guarantee:   RUN_TO_RUN; other bits with other parts or another block
// Contraction: none, __fadd_rn only
// Launch:      two passes; block a multiple of 32 (part of the order), any grid. blocks: grid =
//              parts; join: one block of the same size. Scratch: parts partials
// Twin:        sum_block_tree_two_pass
// Source:      the usual reduction with warp shuffles, in two launches
#include "common/block_tree.cuh"

#define SUM_WARP_SHUFFLE(T, dtype)                               \
  extern "C" __global__ void sum_warp_shuffle_##dtype##_blocks(  \
      const T* x, T* sum, T* partials, long long n, int parts) { \
    shuffle_parts<T>(ChainOfSum<T>{x}, partials, n, parts);      \
  }                                                              \
  extern "C" __global__ void sum_warp_shuffle_##dtype##_join(    \
      const T* x, T* sum, T* partials, long long n, int parts) { \
    shuffle_join(partials, sum, parts);                          \
  }
FOR_F32_AND_F64(SUM_WARP_SHUFFLE)
