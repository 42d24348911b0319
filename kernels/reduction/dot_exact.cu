// Computes:    dot = x[0] y[0] + ... + x[n-1] y[n-1], products unrounded, rounded once, to nearest
//              even; zeros, infinities and NaN as determinism.md says
// Order:       none: integers are added
// Guarantee:   EVERYWHERE, and over permutation
// Contraction: none, no floating-point addition
// Launch:      three passes. clear: one block of 32; add: block of 128 (f64 32), any grid, 4
//              elements a thread at a time; round: one block of 32. Scratch: 36 (f64 134) unsigned
//              long long
// Twin:        dot_block_tree_two_pass
// Source:      U. Kulisch, W. Miranker, SIAM Review 28, 1986, doi:10.1137/1028001; many small
//              accumulators as in R. M. Neal, 2015, arXiv:1505.05571
#include "common/exact_reduction.cuh"

#define DOT_EXACT(T, dtype)                                                                      \
  extern "C" __global__ void dot_exact_##dtype##_clear(const T* x, const T* y, T* dot,           \
                                                       unsigned long long* total, long long n) { \
    exact_clear<ExactDotOf<T>>(total);                                                           \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(ExactDotOf<T>::THREADS) dot_exact_##dtype##_add(  \
      const T* x, const T* y, T* dot, unsigned long long* total, long long n) {                  \
    exact_add(ExactDotOf<T>{x, y, nullptr, 0}, total, n);                                        \
  }                                                                                              \
  extern "C" __global__ void dot_exact_##dtype##_round(const T* x, const T* y, T* dot,           \
                                                       unsigned long long* total, long long n) { \
    exact_round<T, ExactDotOf<T>>(dot, total, n);                                                \
  }
FOR_F32_AND_F64(DOT_EXACT)
