// Computes:    C = alpha op(A) op(B) + beta C, as matmul_canonical does
// Order:       canonical: panels of 2048 terms, each a chain of fma from +0, k ascending; the
//              first panel, then + the second, + the third; then alpha and beta
// Guarantee:   EVERYWHERE
// Contraction: every product is an fma, __fmaf_rn
// Launch:      one pass, block of 256 = 16 x 16 threads with one output each, any grid. One tile a
//              block: grid = batch * ceil(m / 16) * ceil(n / 16)
// Twin:        matmul_canonical, the same bits with register blocking
// Source:      src/site/markdown/determinism.md, matmul
#include "common/matmul.cuh"

const int TILED_SIDE = 16;

// Element (i, q) of op(M), +0 outside; `rows` of op(M), transposed if it lies in memory as columns.
template <typename T, typename In>
__device__ T tiled_element(const In* matrix, int i, int q, int rows, int terms, bool transposed,
                           int pitch) {
  if (i >= rows || q >= terms) {
    return T(0);
  }
  return T(widened(transposed ? matrix[static_cast<long long>(q) * pitch + i]
                              : matrix[static_cast<long long>(i) * pitch + q]));
}

template <typename T, typename In>
__device__ void matmul_canonical_tiled(const Matmul<T, In>& p) {
  __shared__ T a[TILED_SIDE][TILED_SIDE];
  __shared__ T b[TILED_SIDE][TILED_SIDE + 1];
  int x = threadIdx.x % TILED_SIDE;
  int y = threadIdx.x / TILED_SIDE;
  long long rows = (p.m + TILED_SIDE - 1) / TILED_SIDE;
  long long cols = (p.n + TILED_SIDE - 1) / TILED_SIDE;
  for (long long tile = block_index(); tile < p.batch * rows * cols; tile += gridDim.x) {
    int z = static_cast<int>(tile / cols / rows);
    int row = static_cast<int>(tile / cols % rows) * TILED_SIDE;
    int col = static_cast<int>(tile % cols) * TILED_SIDE;
    const In* of_a = p.a + static_cast<long long>(z) * (p.ta ? p.k : p.m) * p.lda;
    const In* of_b = p.b + static_cast<long long>(z) * (p.tb ? p.n : p.k) * p.ldb;
    T total = T(0);
    T sum = T(0);
    for (int start = 0; start < p.k; start += TILED_SIDE) {
      a[y][x] = tiled_element<T>(of_a, row + y, start + x, p.m, p.k, p.ta != 0, p.lda);
      b[y][x] = tiled_element<T>(of_b, col + y, start + x, p.n, p.k, p.tb == 0, p.ldb);
      __syncthreads();
      for (int q = 0; q < TILED_SIDE && start + q < p.k; q++) {
        sum = fma_rn(a[y][q], b[x][q], sum);
      }
      __syncthreads();
      if ((start + TILED_SIDE) % PANEL == 0 && start + TILED_SIDE < p.k) {
        total = start < PANEL ? sum : add_rn(total, sum);
        sum = T(0);
      }
    }
    if (row + y < p.m && col + x < p.n) {
      p.store(p.element_of_c(z, row + y, col + x), p.k <= PANEL ? sum : add_rn(total, sum));
    }
  }
}

#define MATMUL_CANONICAL_TILED(T, In, dtype)                                                      \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS) matmul_canonical_tiled_##dtype(   \
      const In* a, const In* b, T* c, int m, int n, int k, int ta, int tb, int batch, int lda,    \
      int ldb, int ldc, T alpha, T beta) {                                                        \
    matmul_canonical_tiled<T, In>({a, b, c, m, n, k, ta, tb, batch, lda, ldb, ldc, alpha, beta}); \
  }
FOR_PRODUCTS(MATMUL_CANONICAL_TILED)
