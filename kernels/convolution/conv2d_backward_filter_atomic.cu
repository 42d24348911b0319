// Computes:    dw, the gradient of conv2d_forward by its weights, from x and dy
// Order:       the terms (n P + p) Q + q' in 64 parts, each a chain of fma from +0; added to dw
//              from +0 by atomicAdd as each is done
// Guarantee:   NOT_GUARANTEED: which part is done first is left open
// Contraction: every product is an fma, __fmaf_rn
// Launch:      two passes, block of 256, any grid: an implicit matrix product of k/group x c/group
//              r s for each group in tiles of 128 x 128, f64 64 x 64. One part of a tile a block:
//              grid = 64 group ceil(k/group / 128) ceil(c/group r s / 128); clear: one weight a
//              thread. No scratch: a null pointer
// Twin:        conv2d_backward_filter_ordered
// Source:      dev.samebits.backend.jvm.Conv2d, filterAtomic
#include "common/filter_gradient.cuh"

template <typename T>
struct ArrivingFilterParts {
  T* dw;
  __device__ void operator()(int p, long long i, T value) const { atomicAdd(dw + i, value); }
};

#define CONV2D_BACKWARD_FILTER_ATOMIC(T, dtype)                                                  \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)                                  \
      conv2d_backward_filter_atomic_##dtype##_clear(const T* x, const T* dy, T* dw, T* unused,   \
                                                    CONV_SIZES) {                                \
    for (long long i = first_element(); i < filter_size(CONV_OF_SIZES); i += element_stride()) { \
      dw[i] = T(0);                                                                              \
    }                                                                                            \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)              \
      conv2d_backward_filter_atomic_##dtype##_parts(const T* x, const T* dy, T* dw, T* unused,   \
                                                    CONV_SIZES) {                                \
    Conv z = CONV_OF_SIZES;                                                                      \
    filter_gradient_parts(x, dy, z, ArrivingFilterParts<T>{dw});                                 \
  }
FOR_F32_AND_F64(CONV2D_BACKWARD_FILTER_ATOMIC)
