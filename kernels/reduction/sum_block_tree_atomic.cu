// Computes:    sum = x[0] + ... + x[n-1]
// Order:       `parts` blocks of threads; a thread adds every (4 parts block)th run of 4 elements
//              to one accumulator from +0; threads joined by halving; each block's sum is added to
//              the result by atomicAdd as it comes
// Guarantee:   NOT_GUARANTEED: which block is done first is left open
// Contraction: none, __fadd_rn only
// Launch:      two passes; block a multiple of 32 (part of the order), any grid. clear: one block;
//              blocks: grid = parts. No scratch: a null pointer
// Twin:        sum_block_tree_two_pass
// Source:      the usual reduction with atomicAdd
#include "common/block_tree.cuh"

#define SUM_BLOCK_TREE_ATOMIC(T, dtype)                              \
  extern "C" __global__ void sum_block_tree_atomic_##dtype##_clear(  \
      const T* x, T* sum, T* partials, long long n, int parts) {     \
    if (threadIdx.x == 0) {                                          \
      *sum = T(0);                                                   \
    }                                                                \
  }                                                                  \
  extern "C" __global__ void sum_block_tree_atomic_##dtype##_blocks( \
      const T* x, T* sum, T* partials, long long n, int parts) {     \
    add_parts<T>(ChainOfSum<T>{x}, sum, n, parts);                   \
  }
FOR_F32_AND_F64(SUM_BLOCK_TREE_ATOMIC)
