// Computes:    y[i,j] = exp(x[i,j] - max_i) / sum_i for m rows of n; a NaN anywhere, or a row of
//              -infinity, gives NaN
// Order:       canonical: the maximum; exp of common/math.cuh; the lane sum of the row; one
//              division
// Guarantee:   EVERYWHERE
// Contraction: as spelled in common/math.cuh; the rest is __fadd_rn and __fdiv_rn
// Launch:      one pass, block a multiple of 32, any grid; one warp a row: grid = ceil(m / (block
//              / 32))
// Twin:        none
// Source:      src/site/markdown/determinism.md, softmax
#include "common/lane_sum.cuh"
#include "common/math.cuh"

// The largest element of a row; NaN if there is one. -0 and +0 may take each other's place, since
// x - max and so exp(x - max) are the same for both.
template <typename T>
__device__ T softmax_row_max(const T* x, int n) {
  T largest = -infinity<T>();
  for (int j = threadIdx.x % 32; j < n; j += 32) {
    largest = x[j] <= largest ? largest : largest != largest ? largest : x[j];
  }
#pragma unroll
  for (int w = 16; w > 0; w /= 2) {
    T other = __shfl_xor_sync(WHOLE_WARP, largest, w);
    largest = other <= largest ? largest : largest != largest ? largest : other;
  }
  return largest;
}

template <typename T>
__device__ void softmax_canonical(const T* x, T* y, int m, int n) {
  for (long long i = first_warp(); i < m; i += warp_stride()) {
    const T* in = x + i * n;
    T* out = y + i * n;
    T largest = softmax_row_max(in, n);
    for (int j = threadIdx.x % 32; j < n; j += 32) {
      out[j] = canonical_exp(add_rn(in[j], -largest));
    }
    __syncwarp();  // the sum reads what other threads of the warp have written
    T sum = __shfl_sync(WHOLE_WARP, lane_sum<T, Rows<T>::MANY_WARPS>(Sum<T>{out}, n), 0);
    for (int j = threadIdx.x % 32; j < n; j += 32) {
      out[j] = stored(div_rn(out[j], sum));
    }
  }
}

#define SOFTMAX_CANONICAL(T, dtype)                                                      \
  extern "C" __global__ void softmax_canonical_##dtype(const T* x, T* y, int m, int n) { \
    softmax_canonical(x, y, m, n);                                                       \
  }
FOR_F32_AND_F64(SOFTMAX_CANONICAL)
