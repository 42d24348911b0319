// What the register-blocked variants of matmul share: the operands of a product of the batch, the
// tiles of its result, and the last step with alpha and beta.
#pragma once

#include "common/panel_product.cuh"

// C = alpha op(A) op(B) + beta C, for each of a batch of matrices that lie one below the other.
template <typename T, typename In>
struct Matmul {
  const In* a;
  const In* b;
  T* c;
  int m, n, k, ta, tb, batch, lda, ldb, ldc;
  T alpha, beta;

  __device__ long long element_of_c(int z, int i, int j) const {
    return (static_cast<long long>(z) * m + i) * ldc + j;
  }
  // t = alpha c, left out for alpha = 1; beta = 0 never reads C.
  __device__ T finished(T sum, T old) const {
    T t = alpha == T(1) ? sum : mul_rn(alpha, sum);
    return stored(beta == T(0) ? t : fma_rn(beta, old, t));
  }
  __device__ void store(long long at, T sum) const {
    c[at] = finished(sum, beta == T(0) ? T(0) : c[at]);
  }
};

// One tile of one product of the batch.
template <typename T, typename In, int ROW_VECS>
struct MatmulTile {
  typedef Tile<T, ROW_VECS> Size;
  int z;    // product
  int row;  // first row
  int col;  // first column

  __device__ static long long rows(const Matmul<T, In>& p) {
    return (p.m + Size::ROWS - 1) / Size::ROWS;
  }
  __device__ static long long cols(const Matmul<T, In>& p) {
    return (p.n + Size::COLS - 1) / Size::COLS;
  }

  __device__ MatmulTile(const Matmul<T, In>& p, long long index) {
    col = static_cast<int>(index % cols(p)) * Size::COLS;
    row = static_cast<int>(index / cols(p) % rows(p)) * Size::ROWS;
    z = static_cast<int>(index / cols(p) / rows(p));
  }

  __device__ MatrixLoader<T, In, Size::ROWS> loader_of_a(const Matmul<T, In>& p) const {
    const In* first = p.a + static_cast<long long>(z) * (p.ta ? p.k : p.m) * p.lda;
    return {p.ta ? first + row : first + static_cast<long long>(row) * p.lda, p.lda, p.m - row,
            p.ta == 0};
  }
  __device__ MatrixLoader<T, In, Size::COLS> loader_of_b(const Matmul<T, In>& p) const {
    const In* first = p.b + static_cast<long long>(z) * (p.tb ? p.n : p.k) * p.ldb;
    return {p.tb ? first + static_cast<long long>(col) * p.ldb : first + col, p.ldb, p.n - col,
            p.tb != 0};
  }
};

// Whether the narrow tile is used.
template <typename T>
__device__ __forceinline__ bool narrow(long long rows) {
  return rows <= Tile<T, 1>::ROWS;
}

// Defines a product for every type of operand: what it computes in, what lies in memory, its name.
#define FOR_PRODUCTS(define)  \
  define(float, float, f32)   \
  define(double, double, f64) \
  define(float, F16, f16)     \
  define(float, Bf16, bf16)
