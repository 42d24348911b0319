// Computes:    sum[j] = x[0,j] + ... + x[m-1,j] for each of n columns; m = 0 gives +0
// Order:       canonical: blocks of 16384, 128 lanes from -0, lanes joined by halving, the blocks'
//              results summed in the same way
// Guarantee:   EVERYWHERE
// Contraction: none, __fadd_rn only
// Launch:      two passes, block of 1024, any grid; one block for 32 columns. blocks: also one for
//              each 16384 rows, grid = ceil(n / 32) ceil(m / 16384); join: grid = ceil(n / 32).
//              Scratch: n ceil(m / 16384) partials
// Twin:        none
// Source:      src/site/markdown/determinism.md, col_sum
#include "common/lane_sum.cuh"

const int COL_SUM_COLUMNS = 32;  // side by side in memory, one a thread of a warp
const int COL_SUM_THREADS = 1024;

// One block of the sum down the running thread's column: rows from <= i < to, from a multiple of
// 128. Warp w keeps lanes 4 w to 4 w + 3. Every thread of a column gets the result.
template <typename T>
__device__ T col_sum_block(T (&lanes)[LANES][COL_SUM_COLUMNS], const T* x, int j, int n,
                           long long from, long long to) {
  int warp = threadIdx.x / 32;
  int column = threadIdx.x % 32;
  T lane[4] = {T(-0.0), T(-0.0), T(-0.0), T(-0.0)};
  for (long long row = from + 4 * warp; j < n && row < to; row += LANES) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      if (row + i < to) {
        lane[i] = add_rn(lane[i], x[(row + i) * n + j]);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    lanes[4 * warp + i][column] = lane[i];
  }
  __syncthreads();
  for (int w = LANES / 2; w > 0; w /= 2) {
    for (int l = warp; l < w; l += 32) {
      lanes[l][column] = add_rn(lanes[l][column], lanes[l + w][column]);
    }
    __syncthreads();
  }
  T sum = lanes[0][column];
  __syncthreads();
  return sum;
}

template <typename T>
__device__ void col_sum_blocks(const T* x, T* partials, int m, int n) {
  __shared__ T lanes[LANES][COL_SUM_COLUMNS];
  long long panels = (n + COL_SUM_COLUMNS - 1) / COL_SUM_COLUMNS;
  for (long long i = block_index(); i < panels * sum_blocks(m); i += gridDim.x) {
    int j = static_cast<int>(i % panels) * COL_SUM_COLUMNS + threadIdx.x % 32;
    long long b = i / panels;
    long long end = min(static_cast<long long>(m), (b + 1) * SUM_BLOCK);
    T sum = col_sum_block(lanes, x, j, n, b * SUM_BLOCK, end);
    if (threadIdx.x < 32 && j < n) {
      partials[b * n + j] = sum;
    }
  }
}

// Sums the blocks' results, and theirs if there are more than 16384 of them. Those are at most 8,
// as m is below 2^31, and lie in lanes 0 to 7; the other lanes keep -0, which adds nothing.
template <typename T>
__device__ void col_sum_join(const T* partials, T* sum, int m, int n) {
  __shared__ T lanes[LANES][COL_SUM_COLUMNS];
  long long panels = (n + COL_SUM_COLUMNS - 1) / COL_SUM_COLUMNS;
  long long blocks = sum_blocks(m);
  for (long long i = block_index(); i < panels; i += gridDim.x) {
    int j = static_cast<int>(i) * COL_SUM_COLUMNS + threadIdx.x % 32;
    T group[8];
#pragma unroll
    for (int g = 0; g < 8; g++) {
      long long from = static_cast<long long>(g) * SUM_BLOCK;
      group[g] = from >= blocks
                     ? T(-0.0)
                     : col_sum_block(lanes, partials, j, n, from, min(blocks, from + SUM_BLOCK));
    }
#pragma unroll
    for (int w = 4; w > 0; w /= 2) {
#pragma unroll
      for (int g = 0; g < w; g++) {
        group[g] = add_rn(group[g], group[g + w]);
      }
    }
    if (threadIdx.x < 32 && j < n) {
      sum[j] = m == 0 ? T(0) : stored(group[0]);
    }
  }
}

#define COL_SUM_CANONICAL(T, dtype)                                                       \
  extern "C" __global__ void __launch_bounds__(COL_SUM_THREADS)                           \
      col_sum_canonical_##dtype##_blocks(const T* x, T* sum, T* partials, int m, int n) { \
    col_sum_blocks(x, partials, m, n);                                                    \
  }                                                                                       \
  extern "C" __global__ void __launch_bounds__(COL_SUM_THREADS)                           \
      col_sum_canonical_##dtype##_join(const T* x, T* sum, T* partials, int m, int n) {   \
    col_sum_join(partials, sum, m, n);                                                    \
  }
FOR_F32_AND_F64(COL_SUM_CANONICAL)
