// The canonical sum of one warp: blocks of 16384 elements, 128 lanes from -0 in a block, lanes
// joined by halving, the blocks' results summed in the same way. Thread t keeps lanes 4 t to
// 4 t + 3, which lie side by side in memory: one float4 of each row of 128.
#pragma once

#include "common/launch.cuh"
#include "common/real.cuh"

// Elements of a block. Tests make it smaller, so that sums that a CPU can do have a third level.
#ifndef SUM_BLOCK
#define SUM_BLOCK 16384
#endif

const int LANES = 128;
const unsigned WHOLE_WARP = 0xffffffffu;

__device__ __forceinline__ long long sum_blocks(long long n) {
  return (n + SUM_BLOCK - 1) / SUM_BLOCK;
}

__device__ __forceinline__ void load_row(float (&v)[4], const float* at) {
  split(*reinterpret_cast<const float4*>(at), v);
}
__device__ __forceinline__ void load_row(double (&v)[4], const double* at) {
  double2 low = reinterpret_cast<const double2*>(at)[0];
  double2 high = reinterpret_cast<const double2*>(at)[1];
  v[0] = low.x;
  v[1] = low.y;
  v[2] = high.x;
  v[3] = high.y;
}

// Terms of a sum, of an inner product: a Row is what a thread reads of one row of lanes, from `at`;
// `vectors` says whether 16 bytes may be loaded there.
template <typename T>
struct Sum {
  const T* x;

  struct Row {
    T x[4];
  };

  __device__ bool vectors() const { return aligned<typename Vec<T>::Type>(x); }
  __device__ Row row(long long at) const {
    Row row;
    load_row(row.x, x + at);
    return row;
  }
  __device__ static T added(T lane, const Row& row, int i) { return add_rn(lane, row.x[i]); }
  __device__ T added(T lane, long long i) const { return add_rn(lane, x[i]); }
};

template <typename T>
struct Dot {
  const T* x;
  const T* y;

  struct Row {
    T x[4];
    T y[4];
  };

  __device__ bool vectors() const {
    return aligned<typename Vec<T>::Type>(x) && aligned<typename Vec<T>::Type>(y);
  }
  __device__ Row row(long long at) const {
    Row row;
    load_row(row.x, x + at);
    load_row(row.y, y + at);
    return row;
  }
  __device__ static T added(T lane, const Row& row, int i) {
    return fma_rn(row.x[i], row.y[i], lane);
  }
  __device__ T added(T lane, long long i) const { return fma_rn(x[i], y[i], lane); }
};

// Joins the lanes of a warp: w = 64 ... 4 are other threads' lanes, 2 and 1 the thread's own. The
// result is in thread 0; what the others compute beside it is not used.
template <typename T>
__device__ T join_lanes(T (&lane)[4]) {
#pragma unroll
  for (int threads = 16; threads > 0; threads /= 2) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      lane[i] = add_rn(lane[i], __shfl_down_sync(WHOLE_WARP, lane[i], threads));
    }
  }
  lane[0] = add_rn(lane[0], lane[2]);
  lane[1] = add_rn(lane[1], lane[3]);
  return add_rn(lane[0], lane[1]);
}

// Adds rows of lanes, all of which are read before the first is added.
template <int ROWS, typename T, typename Terms>
__device__ __forceinline__ void add_rows(T (&lane)[4], const Terms& terms, long long at) {
  typename Terms::Row rows[ROWS];
#pragma unroll
  for (int r = 0; r < ROWS; r++) {
    rows[r] = terms.row(at + r * LANES);
  }
#pragma unroll
  for (int r = 0; r < ROWS; r++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      lane[i] = Terms::added(lane[i], rows[r], i);
    }
  }
}

// One block: elements from <= i < to, from a multiple of 128, at most 16384 of them. Call by a
// whole warp; the result is in its thread 0. ROWS rows are on their way at a time.
template <typename T, int ROWS, typename Terms>
__device__ T block_sum(const Terms& terms, long long from, long long to) {
  T lane[4] = {T(-0.0), T(-0.0), T(-0.0), T(-0.0)};
  long long at = from + 4 * (threadIdx.x % 32);
  if (terms.vectors()) {
    for (; at + (ROWS - 1) * LANES + 4 <= to; at += ROWS * LANES) {
      add_rows<ROWS>(lane, terms, at);
    }
    for (; at + 4 <= to; at += LANES) {
      add_rows<1>(lane, terms, at);
    }
  }
  for (; at < to; at += LANES) {  // the last row, or all where vectors cannot be loaded
#pragma unroll
    for (int i = 0; i < 4; i++) {
      if (at + i < to) {
        lane[i] = terms.added(lane[i], at + i);
      }
    }
  }
  return join_lanes(lane);
}

// Rows on their way where many warps share the work, and where there is only one. The bounds of the
// kernels' launches tell the compiler that it may use the registers they need.
template <typename T>
struct Rows {
  static const int MANY_WARPS = 32 / sizeof(T);
  static const int ONE_WARP = 128 / sizeof(T);
};

// The sum of n elements; +0 if there are none. Call by a whole warp; the result is in thread 0.
// Results of blocks are added, as they come, to the lanes of a second level and theirs to a third,
// so that no memory is needed: 2^42 elements. Levels without a complete block keep -0, which adds
// nothing.
template <typename T, int ROWS, typename Terms>
__device__ T lane_sum(const Terms& terms, long long n) {
  if (n <= SUM_BLOCK) {
    return n == 0 ? T(0) : block_sum<T, ROWS>(terms, 0, n);
  }
  int thread = threadIdx.x % 32;
  T third[4] = {T(-0.0), T(-0.0), T(-0.0), T(-0.0)};
  T second[4];
  long long blocks = sum_blocks(n);
  for (long long group = 0; group < sum_blocks(blocks); group++) {
    long long first = group * SUM_BLOCK;
    long long end = min(blocks, first + SUM_BLOCK);
    second[0] = second[1] = second[2] = second[3] = T(-0.0);
    for (long long b = first; b < end; b++) {
      T sum = block_sum<T, ROWS>(terms, b * SUM_BLOCK, min(n, (b + 1) * SUM_BLOCK));
      sum = __shfl_sync(WHOLE_WARP, sum, 0);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        second[i] = b % LANES == 4 * thread + i ? add_rn(second[i], sum) : second[i];
      }
    }
    T sum = __shfl_sync(WHOLE_WARP, join_lanes(second), 0);
    if (blocks <= SUM_BLOCK) {
      return sum;
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
      third[i] = group % LANES == 4 * thread + i ? add_rn(third[i], sum) : third[i];
    }
  }
  return join_lanes(third);
}

// The first of two launches of sum, dot, mean and nrm2: each block of elements by one warp.
template <typename T, typename Terms>
__device__ void sum_blocks_of(const Terms& terms, T* partials, long long n) {
  for (long long b = first_warp(); b < sum_blocks(n); b += warp_stride()) {
    T sum = block_sum<T, Rows<T>::MANY_WARPS>(terms, b * SUM_BLOCK, min(n, (b + 1) * SUM_BLOCK));
    if (threadIdx.x % 32 == 0) {
      partials[b] = sum;
    }
  }
}
