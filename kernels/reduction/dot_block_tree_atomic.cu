// Computes:    dot = x[0] y[0] + ... + x[n-1] y[n-1]
// Order:       `parts` blocks of threads; a thread adds every (4 parts block)th run of 4 elements
//              to one accumulator from +0; threads joined by halving; each block's sum is added to
//              the result by atomicAdd as it comes
// Guarantee:   NOT_GUARANTEED: which block is done first is left open
// Contraction: every product is an fma, __fmaf_rn
// Launch:      two passes; block a multiple of 32 (part of the order), any grid. clear: one block;
//              blocks: grid = parts. No scratch: a null pointer
// Twin:        dot_block_tree_two_pass
// Source:      the usual reduction with atomicAdd
#include "common/block_tree.cuh"

#define DOT_BLOCK_TREE_ATOMIC(T, dtype)                                      \
  extern "C" __global__ void dot_block_tree_atomic_##dtype##_clear(          \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) { \
    if (threadIdx.x == 0) {                                                  \
      *dot = T(0);                                                           \
    }                                                                        \
  }                                                                          \
  extern "C" __global__ void dot_block_tree_atomic_##dtype##_blocks(         \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) { \
    add_parts<T>((ChainOfDot<T>{x, y}), dot, n, parts);                      \
  }
FOR_F32_AND_F64(DOT_BLOCK_TREE_ATOMIC)
