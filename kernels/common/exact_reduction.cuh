// Exact sum and inner product by private superaccumulators: each thread has its own cells in shared
// memory, so that adding an element is a load, an integer multiply-add and a store without any
// conflict. When a block is done its threads' cells are added to those of the whole sum by atomics.
#pragma once

#include "common/exact.cuh"

// Groups of elements that a thread adds before it carries. A cell has room for 2^22 additions, 2 of
// them an element at most. Tests make it smaller, so that short sums carry on their way.
#ifndef EXACT_CARRY_AFTER
#define EXACT_CARRY_AFTER (1 << 18)
#endif

// Sizes of the accumulators.
template <typename T>
struct ExactSumOf;
template <typename T>
struct ExactDotOf;

const int EXACT_GROUP = 4;  // elements read at a time

template <>
struct ExactSumOf<float> {
  static const int RADIX = 16, CELLS = 17, THREADS = 256, LOWEST = -149;
  const float* x;
  long long* cells;  // of this thread; neighbours are THREADS apart
  int flags;

  __device__ void add(float value) {
    Scientific<float> s(value);
    flags |= __float_as_int(value) == static_cast<int>(0x80000000u) ? 0 : MET_OTHER_THAN_MINUS_ZERO;
    if (!s.finite) {
      flags |= met(value);
      return;
    }
    int factor = 1 << s.position % RADIX;
    cells[s.position / RADIX * THREADS] +=
        static_cast<long long>(static_cast<int>(s.significand)) * (s.negative ? -factor : factor);
  }
  __device__ void add(long long i) { add(x[i]); }
  __device__ void add_group(long long i) {
    if (!aligned<float4>(x)) {
      for (int e = 0; e < EXACT_GROUP; e++) {
        add(x[i + e]);
      }
      return;
    }
    float v[4];
    split(*reinterpret_cast<const float4*>(x + i), v);
#pragma unroll
    for (int e = 0; e < 4; e++) {
      add(v[e]);
    }
  }
};

// Adds three digits of 32 bits: low, which holds two, and high.
template <int THREADS>
__device__ __forceinline__ void add_digits(long long* cells, unsigned long long low, long long high,
                                           bool negative) {
  long long digits[3] = {static_cast<long long>(low & 0xffffffffu),
                         static_cast<long long>(low >> 32), high};
#pragma unroll
  for (int d = 0; d < 3; d++) {
    cells[d * THREADS] += negative ? -digits[d] : digits[d];
  }
}

template <>
struct ExactSumOf<double> {
  static const int RADIX = 32, CELLS = 67, THREADS = 64, LOWEST = -1074;
  const double* x;
  long long* cells;
  int flags;

  __device__ void add(double value) {
    Scientific<double> s(value);
    flags |= __double_as_longlong(value) == static_cast<long long>(0x8000000000000000ull)
                 ? 0
                 : MET_OTHER_THAN_MINUS_ZERO;
    if (!s.finite) {
      flags |= met(value);
      return;
    }
    int shift = s.position % RADIX;
    unsigned long long high = shift == 0 ? 0 : s.significand >> (64 - shift);
    add_digits<THREADS>(cells + s.position / RADIX * THREADS, s.significand << shift,
                        static_cast<long long>(high), s.negative);
  }
  __device__ void add(long long i) { add(x[i]); }
  __device__ void add_group(long long i) {
    for (int e = 0; e < EXACT_GROUP; e++) {
      add(x[i + e]);
    }
  }
};

// The sign of a product of zeros and what becomes of infinities.
template <typename T>
__device__ __forceinline__ int met_in_product(T a, T b, const Scientific<T>& s,
                                              const Scientific<T>& t) {
  bool minus_zero = (a == T(0) || b == T(0)) && s.negative != t.negative;
  int flags = minus_zero ? 0 : MET_OTHER_THAN_MINUS_ZERO;
  return s.finite && t.finite ? flags : flags | met(mul_rn(a, b));
}

template <>
struct ExactDotOf<float> {
  static const int RADIX = 16, CELLS = 35, THREADS = 128, LOWEST = -298;
  const float* x;
  const float* y;
  long long* cells;
  int flags;

  __device__ void add(long long i) {
    Scientific<float> s(x[i]);
    Scientific<float> t(y[i]);
    flags |= met_in_product(x[i], y[i], s, t);
    if (!s.finite || !t.finite) {
      return;
    }
    long long product =
        static_cast<long long>(s.significand) * static_cast<long long>(t.significand);
    int position = s.position + t.position;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      long long digits = half == 0 ? product & 0xffffff : product >> 24;
      int at = position + 24 * half;
      int factor = 1 << at % RADIX;
      cells[at / RADIX * THREADS] += digits * (s.negative != t.negative ? -factor : factor);
    }
  }
  __device__ void add_group(long long i) {
    for (int e = 0; e < EXACT_GROUP; e++) {
      add(i + e);
    }
  }
};

template <>
struct ExactDotOf<double> {
  static const int RADIX = 32, CELLS = 133, THREADS = 32, LOWEST = -2148;
  const double* x;
  const double* y;
  long long* cells;
  int flags;

  __device__ void add(long long i) {
    Scientific<double> s(x[i]);
    Scientific<double> t(y[i]);
    flags |= met_in_product(x[i], y[i], s, t);
    if (!s.finite || !t.finite) {
      return;
    }
    unsigned long long low = s.significand * t.significand;
    unsigned long long high = __umul64hi(s.significand, t.significand);
    int position = s.position + t.position;
    int shift = position % RADIX;
    bool negative = s.negative != t.negative;
    unsigned long long middle = high << shift | (shift == 0 ? 0 : low >> (64 - shift));
    unsigned long long top = shift == 0 ? 0 : high >> (64 - shift);
    long long* to = cells + position / RADIX * THREADS;
    add_digits<THREADS>(to, low << shift, 0, negative);
    add_digits<THREADS>(to + 2 * THREADS, middle, static_cast<long long>(top), negative);
  }
  __device__ void add_group(long long i) {
    for (int e = 0; e < EXACT_GROUP; e++) {
      add(i + e);
    }
  }
};

// The cells of the whole sum, CELLS of them, and behind them what was met.
template <typename Sum>
__device__ void exact_clear(unsigned long long* total) {
  for (int i = threadIdx.x; i <= Sum::CELLS; i += blockDim.x) {
    total[i] = 0;
  }
}

template <typename Sum>
__device__ void exact_add(Sum sum, unsigned long long* total, long long n) {
  __shared__ long long cells[Sum::CELLS][Sum::THREADS];
  __shared__ int flags;
  sum.cells = &cells[0][threadIdx.x];
  sum.flags = 0;
  for (int i = 0; i < Sum::CELLS; i++) {
    cells[i][threadIdx.x] = 0;
  }
  if (threadIdx.x == 0) {
    flags = 0;
  }
  long long stride = EXACT_GROUP * element_stride();
  long long i = EXACT_GROUP * first_element();
  while (i + EXACT_GROUP <= n) {
#pragma unroll 2
    for (int g = 0; g < EXACT_CARRY_AFTER && i + EXACT_GROUP <= n; g++) {
      sum.add_group(i);
      i += stride;
    }
    carry<Sum::RADIX>(sum.cells, Sum::THREADS, Sum::CELLS);
  }
  for (; i < n; i++) {  // fewer than a group are left, and only one thread has them
    sum.add(i);
  }
  carry<Sum::RADIX>(sum.cells, Sum::THREADS, Sum::CELLS);
  __syncthreads();
  if (sum.flags != 0) {
    atomicOr(&flags, sum.flags);
  }
  for (int c = threadIdx.x; c < Sum::CELLS; c += Sum::THREADS) {
    long long of_block = 0;
    for (int t = 0; t < Sum::THREADS; t++) {
      of_block += cells[c][(t + c) % Sum::THREADS];  // each thread at another bank
    }
    atomicAdd(total + c, static_cast<unsigned long long>(of_block));
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    atomicOr(total + Sum::CELLS, static_cast<unsigned long long>(flags));
  }
}

template <typename T, typename Sum>
__device__ void exact_round(T* result, const unsigned long long* total, long long n) {
  __shared__ long long cells[Sum::CELLS];
  for (int i = threadIdx.x; i < Sum::CELLS; i += blockDim.x) {
    cells[i] = static_cast<long long>(total[i]);
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    T sum = rounded_sum<T, Sum::RADIX>(cells, 1, Sum::CELLS, Sum::LOWEST);
    *result = exact_result(sum, static_cast<int>(total[Sum::CELLS]), n > 0);
  }
}
