// Computes:    C = alpha op(A) op(B) + beta C, as matmul_canonical does
// Order:       K in 32 parts, each a chain of fma from +0, k ascending; the parts added from +0 in
//              index order
// Guarantee:   EVERYWHERE; the bits of split_k_ordered of the jvm backend
// Contraction: every product is an fma, __fmaf_rn
// Launch:      two passes, block of 256, any grid. parts: one part of a tile of 128 x 128 (f64 64
//              x 64) a block: grid = 32 batch ceil(m / 128) ceil(n / 128); join: one element of C
//              a thread, grid = ceil(batch m n / 256). Scratch: tiles, 32 batch m n
// Twin:        matmul_split_k_atomic
// Source:      dev.samebits.backend.jvm.Matmul, split_k_ordered
#include "common/split_k.cuh"

template <typename T>
struct StoredParts {
  T* tiles;
  long long size;
  __device__ void operator()(int p, long long i, T value) const { tiles[p * size + i] = value; }
};

template <typename T, typename In>
__device__ void split_k_ordered_join(const Matmul<T, In>& product, const T* tiles) {
  long long size = static_cast<long long>(product.batch) * product.m * product.n;
  for (long long i = first_element(); i < size; i += element_stride()) {
    T sum = T(0);
#pragma unroll 8
    for (int p = 0; p < SPLITS; p++) {
      sum = add_rn(sum, tiles[p * size + i]);
    }
    split_k_store(product, i, sum);
  }
}

#define MATMUL_SPLIT_K_ORDERED(T, In, dtype)                                                   \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)            \
      matmul_split_k_ordered_##dtype##_parts(const In* a, const In* b, T* c, T* tiles, int m,  \
                                             int n, int k, int ta, int tb, int batch, int lda, \
                                             int ldb, int ldc, T alpha, T beta) {              \
    split_k<T, In>({a, b, c, m, n, k, ta, tb, batch, lda, ldb, ldc, alpha, beta},              \
                   StoredParts<T>{tiles, static_cast<long long>(batch) * m * n});              \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)                                \
      matmul_split_k_ordered_##dtype##_join(const In* a, const In* b, T* c, T* tiles, int m,   \
                                            int n, int k, int ta, int tb, int batch, int lda,  \
                                            int ldb, int ldc, T alpha, T beta) {               \
    split_k_ordered_join<T, In>({a, b, c, m, n, k, ta, tb, batch, lda, ldb, ldc, alpha, beta}, \
                                tiles);                                                        \
  }
FOR_PRODUCTS(MATMUL_SPLIT_K_ORDERED)
