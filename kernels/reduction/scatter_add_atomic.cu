// Computes:    out = +0; out[index[i]] += src[i] for n sources and t targets; an index outside 0
//              to t - 1 adds to no target
// Order:       the sources of a target as they arrive, each by atomicAdd
// Guarantee:   NOT_GUARANTEED: which thread is first is left open
// Contraction: none, one addition by atomicAdd
// Launch:      two passes, any block, any grid. clear: one target a thread, grid = ceil(t /
//              block); add: one source a thread, grid = ceil(n / block)
// Twin:        scatter_add_canonical
// Source:      the usual scatter with atomicAdd
#include "common/launch.cuh"
#include "common/real.cuh"

template <typename T>
__device__ void scatter_add_atomic(const T* src, const int* index, T* out, long long n, int t) {
  for (long long i = first_element(); i < n; i += element_stride()) {
    if (index[i] >= 0 && index[i] < t) {
      atomicAdd(out + index[i], src[i]);
    }
  }
}

#define SCATTER_ADD_ATOMIC(T, dtype)                                                            \
  extern "C" __global__ void scatter_add_atomic_##dtype##_clear(const T* src, const int* index, \
                                                                T* out, long long n, int t) {   \
    for (long long i = first_element(); i < t; i += element_stride()) {                         \
      out[i] = T(0);                                                                            \
    }                                                                                           \
  }                                                                                             \
  extern "C" __global__ void scatter_add_atomic_##dtype##_add(const T* src, const int* index,   \
                                                              T* out, long long n, int t) {     \
    scatter_add_atomic(src, index, out, n, t);                                                  \
  }
FOR_F32_AND_F64(SCATTER_ADD_ATOMIC)
