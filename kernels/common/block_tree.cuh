// Sums in the order of a common CUDA reduction: a number of parts, each summed by one block of
// threads; a thread takes vectors of 4 elements in turn with all other threads of all parts and
// adds them to one accumulator from +0; threads are joined in a tree. So the bits depend on the
// number of parts and of threads in a block.
#pragma once

#include "common/launch.cuh"
#include "common/real.cuh"

const int TREE_THREADS = 1024;  // at most

// Terms of a sum, of an inner product.
template <typename T>
struct ChainOfSum {
  const T* x;
  __device__ T added(T sum, long long i) const { return add_rn(sum, x[i]); }
  __device__ T added4(T sum, long long i) const {
    const int N = Vec<T>::N;
    if (!aligned<typename Vec<T>::Type>(x)) {
      return added(added(added(added(sum, i), i + 1), i + 2), i + 3);
    }
#pragma unroll
    for (int h = 0; h < 4 / N; h++) {
      T v[N];
      split(reinterpret_cast<const typename Vec<T>::Type*>(x + i)[h], v);
#pragma unroll
      for (int e = 0; e < N; e++) {
        sum = add_rn(sum, v[e]);
      }
    }
    return sum;
  }
};

template <typename T>
struct ChainOfDot {
  const T* x;
  const T* y;
  __device__ T added(T sum, long long i) const { return fma_rn(x[i], y[i], sum); }
  __device__ T added4(T sum, long long i) const {
    const int N = Vec<T>::N;
    if (!aligned<typename Vec<T>::Type>(x) || !aligned<typename Vec<T>::Type>(y)) {
      return added(added(added(added(sum, i), i + 1), i + 2), i + 3);
    }
#pragma unroll
    for (int h = 0; h < 4 / N; h++) {
      T v[N];
      T w[N];
      split(reinterpret_cast<const typename Vec<T>::Type*>(x + i)[h], v);
      split(reinterpret_cast<const typename Vec<T>::Type*>(y + i)[h], w);
#pragma unroll
      for (int e = 0; e < N; e++) {
        sum = fma_rn(v[e], w[e], sum);
      }
    }
    return sum;
  }
};

// The running thread's share of part p.
template <typename T, typename Chain>
__device__ T thread_sum(const Chain& chain, long long n, int p, int parts) {
  T sum = T(0);
  long long stride = 4LL * parts * blockDim.x;
  long long i = 4 * (static_cast<long long>(p) * blockDim.x + threadIdx.x);
#pragma unroll 4
  for (; i + 4 <= n; i += stride) {
    sum = chain.added4(sum, i);
  }
  for (; i < n; i++) {  // fewer than 4 are left, and only one thread has them
    sum = chain.added(sum, i);
  }
  return sum;
}

// Joins the threads of a block through shared memory; the result is in thread 0.
template <typename T>
__device__ T tree_joined(T value) {
  __shared__ T values[TREE_THREADS];
  __syncthreads();  // the values of the part before may still be read
  values[threadIdx.x] = value;
  __syncthreads();
  for (int w = TREE_THREADS / 2; w > 0; w /= 2) {
    if (threadIdx.x < w && threadIdx.x + w < blockDim.x) {
      values[threadIdx.x] = add_rn(values[threadIdx.x], values[threadIdx.x + w]);
    }
    __syncthreads();
  }
  return values[0];
}

// Joins the threads of a block, a multiple of 32 of them, by shuffles; the result is in thread 0.
template <typename T>
__device__ T shuffle_joined(T value) {
  __shared__ T warps[32];
  __syncthreads();
#pragma unroll
  for (int w = 16; w > 0; w /= 2) {
    value = add_rn(value, __shfl_down_sync(0xffffffffu, value, w));
  }
  if (threadIdx.x % 32 == 0) {
    warps[threadIdx.x / 32] = value;
  }
  __syncthreads();
  value = threadIdx.x < blockDim.x / 32 ? warps[threadIdx.x] : T(0);
  if (threadIdx.x < 32) {
#pragma unroll
    for (int w = 16; w > 0; w /= 2) {
      value = add_rn(value, __shfl_down_sync(0xffffffffu, value, w));
    }
  }
  return value;
}

// Sums of parts, each by a block of threads: added to the result as they come, kept, or kept and
// joined by shuffles.
template <typename T, typename Chain>
__device__ void add_parts(const Chain& chain, T* result, long long n, int parts) {
  for (int p = block_index(); p < parts; p += gridDim.x) {
    T sum = tree_joined(thread_sum<T>(chain, n, p, parts));
    if (threadIdx.x == 0) {
      atomicAdd(result, sum);
    }
  }
}

template <typename T, typename Chain>
__device__ void tree_parts(const Chain& chain, T* partials, long long n, int parts) {
  for (int p = block_index(); p < parts; p += gridDim.x) {
    T sum = tree_joined(thread_sum<T>(chain, n, p, parts));
    if (threadIdx.x == 0) {
      partials[p] = sum;
    }
  }
}

template <typename T, typename Chain>
__device__ void shuffle_parts(const Chain& chain, T* partials, long long n, int parts) {
  for (int p = block_index(); p < parts; p += gridDim.x) {
    T sum = shuffle_joined(thread_sum<T>(chain, n, p, parts));
    if (threadIdx.x == 0) {
      partials[p] = sum;
    }
  }
}

// The sum of the parts by one block, in the same two ways.
template <typename T>
__device__ void tree_join(const T* partials, T* result, int parts) {
  T total = tree_joined(thread_sum<T>(ChainOfSum<T>{partials}, parts, 0, 1));
  if (threadIdx.x == 0) {
    *result = total;
  }
}

template <typename T>
__device__ void shuffle_join(const T* partials, T* result, int parts) {
  T total = shuffle_joined(thread_sum<T>(ChainOfSum<T>{partials}, parts, 0, 1));
  if (threadIdx.x == 0) {
    *result = total;
  }
}
