// Computes:    C = alpha op(A) op(B) + beta C; A is m x k (k x m if ta), B is k x n (n x k if tb),
//              of a batch; f32, f64, and f16 or bf16 operands with C, alpha and beta in f32
// Order:       canonical: panels of 2048 terms, each a chain of fma from +0, k ascending; the
//              first panel, then + the second, + the third; then alpha and beta
// Guarantee:   EVERYWHERE
// Contraction: every product is an fma, __fmaf_rn
// Launch:      one pass, block of 256 = 16 x 16 threads with 8 x 8 outputs each (f64 4 x 4; half
//              the rows where m is at most 64, f64 32), any grid. One tile a block: grid = batch *
//              ceil(m / (m <= 64 ? 64 : 128)) * ceil(n / 128), f64 half of each size. Scratch:
//              totals, as large as C, if k > 2048; C itself may serve if beta = 0; else null
// Twin:        matmul_canonical_tiled, the same bits without register blocking
// Source:      src/site/markdown/determinism.md, matmul
#include "common/matmul.cuh"

// Adds the panels in order, in `totals`, and finishes the last one.
template <typename T, typename In>
struct CanonicalPanels {
  const Matmul<T, In>& product;
  T* totals;
  int z, row, col, last;

  struct Panel {
    const CanonicalPanels& to;
    int p;

    __device__ T value(long long at, T sum) const {
      sum = p == 0 ? sum : add_rn(to.totals[at], sum);
      bool reads_c = p == to.last && to.product.beta != T(0);
      return p < to.last ? sum : to.product.finished(sum, reads_c ? to.product.c[at] : T(0));
    }

    __device__ void operator()(int i, int j, const T (&run)[Vec<T>::N]) const {
      if (to.row + i >= to.product.m) {
        return;
      }
      T* target = p < to.last ? to.totals : to.product.c;
      long long at = to.product.element_of_c(to.z, to.row + i, to.col + j);
      int count = to.product.n - to.col - j;
      if (count >= Vec<T>::N && aligned<typename Vec<T>::Type>(target + at)) {
        T values[Vec<T>::N];
#pragma unroll
        for (int e = 0; e < Vec<T>::N; e++) {
          values[e] = value(at + e, run[e]);
        }
        *reinterpret_cast<typename Vec<T>::Type*>(target + at) = joined(values);
        return;
      }
#pragma unroll
      for (int e = 0; e < Vec<T>::N; e++) {
        if (e < count) {
          target[at + e] = value(at + e, run[e]);
        }
      }
    }
  };

  __device__ Panel panel(int p) const { return {*this, p}; }
};

template <typename T, typename In, int ROW_VECS>
__device__ void matmul_canonical_tiles(ProductMemory<T>& memory, const Matmul<T, In>& product,
                                       T* totals) {
  typedef MatmulTile<T, In, ROW_VECS> TileOf;
  Panels panels = {product.k};
  int last = panel_count(product.k) - 1;
  long long tiles = product.batch * TileOf::rows(product) * TileOf::cols(product);
  for (long long i = block_index(); i < tiles; i += gridDim.x) {
    TileOf tile(product, i);
    CanonicalPanels<T, In> result = {product, totals, tile.z, tile.row, tile.col, last};
    panel_product<T, ROW_VECS>(memory, tile.loader_of_a(product), tile.loader_of_b(product), panels,
                               0, last + 1, result);
  }
}

template <typename T, typename In>
__device__ void matmul_canonical(const Matmul<T, In>& product, T* totals) {
  __shared__ ProductMemory<T> memory;
  if (narrow<T>(product.m)) {
    matmul_canonical_tiles<T, In, 1>(memory, product, totals);
  } else {
    matmul_canonical_tiles<T, In, 2>(memory, product, totals);
  }
}

#define MATMUL_CANONICAL(T, In, dtype)                                                         \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)            \
      matmul_canonical_##dtype(const In* a, const In* b, T* c, T* totals, int m, int n, int k, \
                               int ta, int tb, int batch, int lda, int ldb, int ldc, T alpha,  \
                               T beta) {                                                       \
    matmul_canonical<T, In>({a, b, c, m, n, k, ta, tb, batch, lda, ldb, ldc, alpha, beta},     \
                            totals);                                                           \
  }
FOR_PRODUCTS(MATMUL_CANONICAL)
