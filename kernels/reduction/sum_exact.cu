// Computes:    sum = x[0] + ... + x[n-1], rounded once, to nearest even; zeros, infinities and NaN
//              as determinism.md says
// Order:       none: integers are added
// Guarantee:   EVERYWHERE, and over permutation
// Contraction: none, no floating-point addition
// Launch:      three passes. clear: one block of 32; add: block of 256 (f64 64), any grid, 4
//              elements a thread at a time; round: one block of 32. Scratch: 18 (f64 68) unsigned
//              long long
// Twin:        sum_block_tree_two_pass
// Source:      U. Kulisch, W. Miranker, SIAM Review 28, 1986, doi:10.1137/1028001; many small
//              accumulators as in R. M. Neal, 2015, arXiv:1505.05571
#include "common/exact_reduction.cuh"

#define SUM_EXACT(T, dtype)                                                                      \
  extern "C" __global__ void sum_exact_##dtype##_clear(const T* x, T* sum,                       \
                                                       unsigned long long* total, long long n) { \
    exact_clear<ExactSumOf<T>>(total);                                                           \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(ExactSumOf<T>::THREADS)                           \
      sum_exact_##dtype##_add(const T* x, T* sum, unsigned long long* total, long long n) {      \
    exact_add(ExactSumOf<T>{x, nullptr, 0}, total, n);                                           \
  }                                                                                              \
  extern "C" __global__ void sum_exact_##dtype##_round(const T* x, T* sum,                       \
                                                       unsigned long long* total, long long n) { \
    exact_round<T, ExactSumOf<T>>(sum, total, n);                                                \
  }
FOR_F32_AND_F64(SUM_EXACT)
