// Computes:    C = alpha op(A) op(B) + beta C, as matmul_canonical does
// Order:       K in 32 parts, each a chain of fma from +0, k ascending; added to a result from +0
//              by atomicAdd as each is done
// Guarantee:   NOT_GUARANTEED: which part is done first is left open
// Contraction: every product is an fma, __fmaf_rn
// Launch:      three passes, block of 256, any grid. parts: one part of a tile of 128 x 128 (f64
//              64 x 64) a block: grid = 32 batch ceil(m / 128) ceil(n / 128); clear and store: one
//              element of C a thread, grid = ceil(batch m n / 256). Scratch: sums, batch m n
// Twin:        matmul_split_k_ordered
// Source:      dev.samebits.backend.jvm.Matmul, split_k_atomic
#include "common/split_k.cuh"

template <typename T>
struct ArrivingParts {
  T* sums;
  __device__ void operator()(int p, long long i, T value) const { atomicAdd(sums + i, value); }
};

#define MATMUL_SPLIT_K_ATOMIC(T, In, dtype)                                                        \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)                                    \
      matmul_split_k_atomic_##dtype##_clear(const In* a, const In* b, T* c, T* sums, int m, int n, \
                                            int k, int ta, int tb, int batch, int lda, int ldb,    \
                                            int ldc, T alpha, T beta) {                            \
    for (long long i = first_element(); i < static_cast<long long>(batch) * m * n;                 \
         i += element_stride()) {                                                                  \
      sums[i] = T(0);                                                                              \
    }                                                                                              \
  }                                                                                                \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)                \
      matmul_split_k_atomic_##dtype##_parts(const In* a, const In* b, T* c, T* sums, int m, int n, \
                                            int k, int ta, int tb, int batch, int lda, int ldb,    \
                                            int ldc, T alpha, T beta) {                            \
    split_k<T, In>({a, b, c, m, n, k, ta, tb, batch, lda, ldb, ldc, alpha, beta},                  \
                   ArrivingParts<T>{sums});                                                        \
  }                                                                                                \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)                                    \
      matmul_split_k_atomic_##dtype##_store(const In* a, const In* b, T* c, T* sums, int m, int n, \
                                            int k, int ta, int tb, int batch, int lda, int ldb,    \
                                            int ldc, T alpha, T beta) {                            \
    Matmul<T, In> product = {a, b, c, m, n, k, ta, tb, batch, lda, ldb, ldc, alpha, beta};         \
    for (long long i = first_element(); i < static_cast<long long>(batch) * m * n;                 \
         i += element_stride()) {                                                                  \
      split_k_store(product, i, sums[i]);                                                          \
    }                                                                                              \
  }
FOR_PRODUCTS(MATMUL_SPLIT_K_ATOMIC)
