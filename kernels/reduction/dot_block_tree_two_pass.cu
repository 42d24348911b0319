// Computes:    dot = x[0] y[0] + ... + x[n-1] y[n-1]
// Order:       `parts` blocks of threads; a thread adds every (4 parts block)th run of 4 elements
//              to one accumulator from +0; threads joined by halving; the blocks' sums are joined
//              in the same way by one more block
// Guarantee:   RUN_TO_RUN; other bits with other parts or another block
// Contraction: every product is an fma, __fmaf_rn
// Launch:      two passes; block a multiple of 32 (part of the order), any grid. blocks: grid =
//              parts; join: one block of the same size. Scratch: parts partials
// Twin:        dot_block_tree_atomic
// Source:      the usual reduction in two launches
#include "common/block_tree.cuh"

#define DOT_BLOCK_TREE_TWO_PASS(T, dtype)                                    \
  extern "C" __global__ void dot_block_tree_two_pass_##dtype##_blocks(       \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) { \
    tree_parts<T>((ChainOfDot<T>{x, y}), partials, n, parts);                \
  }                                                                          \
  extern "C" __global__ void dot_block_tree_two_pass_##dtype##_join(         \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) { \
    tree_join(partials, dot, parts);                                         \
  }
FOR_F32_AND_F64(DOT_BLOCK_TREE_TWO_PASS)
