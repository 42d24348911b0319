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

template <typename T, typename Chain>
__device__ void dot_block_tree_two_pass(const Chain& chain, T* partials, long long n, int parts) {
  for (int p = block_index(); p < parts; p += gridDim.x) {
    T sum = tree_joined(thread_sum<T>(chain, n, p, parts));
    if (threadIdx.x == 0) {
      partials[p] = sum;
    }
  }
}

#define DOT_BLOCK_TREE_TWO_PASS(T, dtype)                                       \
  extern "C" __global__ void dot_block_tree_two_pass_##dtype##_blocks(          \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) {    \
    dot_block_tree_two_pass<T>((ChainOfDot<T>{x, y}), partials, n, parts);      \
  }                                                                             \
  extern "C" __global__ void dot_block_tree_two_pass_##dtype##_join(            \
      const T* x, const T* y, T* dot, T* partials, long long n, int parts) {    \
    T total = tree_joined(thread_sum<T>(ChainOfSum<T>{partials}, parts, 0, 1)); \
    if (threadIdx.x == 0) {                                                     \
      *dot = total;                                                             \
    }                                                                           \
  }
FOR_F32_AND_F64(DOT_BLOCK_TREE_TWO_PASS)
