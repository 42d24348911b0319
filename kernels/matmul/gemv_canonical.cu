// Computes:    y = A x, A is m x n
// Order:       canonical: panels of 2048 terms, each a chain of fma from +0, added in order;
//              matmul with one column
// Guarantee:   EVERYWHERE
// Contraction: every product is an fma, __fmaf_rn
// Launch:      one pass, block a multiple of 32 up to 128, any grid; one warp for 32 rows: grid =
//              ceil(ceil(m / 32) / (block / 32))
// Twin:        none
// Source:      src/site/markdown/determinism.md, gemv
#include "common/launch.cuh"
#include "common/real.cuh"

const int GEMV_WARPS = 4;
const int GEMV_PANEL = 2048;

// A warp has 32 rows, a thread one of them. It reads 32 columns of each row at a time, side by
// side, and turns them round in shared memory.
template <typename T>
__device__ void gemv_canonical(const T* a, const T* x, T* y, int m, int n) {
  __shared__ T tiles[GEMV_WARPS][32][33];
  T(&tile)[32][33] = tiles[threadIdx.x / 32];
  int lane = threadIdx.x % 32;
  for (long long first = 32 * first_warp(); first < m; first += 32 * warp_stride()) {
    T total = T(0);
    T sum = T(0);
    for (int start = 0; start < n; start += 32) {
#pragma unroll 8
      for (int row = 0; row < 32; row++) {
        bool inside = first + row < m && start + lane < n;
        tile[row][lane] = inside ? a[(first + row) * n + start + lane] : T(0);
      }
      __syncwarp();
      for (int q = 0; q < 32 && start + q < n; q++) {
        sum = fma_rn(tile[lane][q], x[start + q], sum);
      }
      __syncwarp();
      if ((start + 32) % GEMV_PANEL == 0 && start + 32 < n) {
        total = start < GEMV_PANEL ? sum : add_rn(total, sum);
        sum = T(0);
      }
    }
    if (first + lane < m) {
      y[first + lane] = stored(n <= GEMV_PANEL ? sum : add_rn(total, sum));
    }
  }
}

#define GEMV_CANONICAL(T, dtype)                                           \
  extern "C" __global__ void __launch_bounds__(32 * GEMV_WARPS)            \
      gemv_canonical_##dtype(const T* a, const T* x, T* y, int m, int n) { \
    gemv_canonical(a, x, y, m, n);                                         \
  }
FOR_F32_AND_F64(GEMV_CANONICAL)
