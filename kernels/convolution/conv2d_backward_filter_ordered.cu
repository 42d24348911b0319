// Computes:    dw, the gradient of conv2d_forward by its weights, from x and dy
// Order:       the terms (n P + p) Q + q' in 64 parts, each a chain of fma from +0; the parts
//              added from +0 in index order
// Guarantee:   EVERYWHERE; the bits of ordered of the jvm backend
// Contraction: every product is an fma, __fmaf_rn
// Launch:      two passes, block of 256, any grid: an implicit matrix product of k/group x c/group
//              r s for each group in tiles of 128 x 128, f64 64 x 64. One part of a tile a block:
//              grid = 64 group ceil(k/group / 128) ceil(c/group r s / 128); join: one weight a
//              thread. Scratch: parts, 64 times as large as dw
// Twin:        conv2d_backward_filter_atomic
// Source:      dev.samebits.backend.jvm.Conv2d, filterOrdered
#include "common/filter_gradient.cuh"

template <typename T>
__device__ void conv2d_backward_filter_ordered_join(const T* parts, T* dw, const Conv& z) {
  long long size = filter_size(z);
  for (long long i = first_element(); i < size; i += element_stride()) {
    T sum = T(0);
#pragma unroll 8
    for (int p = 0; p < FILTER_PARTS; p++) {
      sum = add_rn(sum, parts[p * size + i]);
    }
    dw[i] = stored(sum);
  }
}

#define CONV2D_BACKWARD_FILTER_ORDERED(T, dtype)                                               \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)            \
      conv2d_backward_filter_ordered_##dtype##_parts(const T* x, const T* dy, T* dw, T* parts, \
                                                     CONV_SIZES) {                             \
    Conv z = CONV_OF_SIZES;                                                                    \
    filter_gradient_parts(x, dy, z, FilterParts<T>{parts, filter_size(z)});                    \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)                                \
      conv2d_backward_filter_ordered_##dtype##_join(const T* x, const T* dy, T* dw, T* parts,  \
                                                    CONV_SIZES) {                              \
    conv2d_backward_filter_ordered_join(parts, dw, CONV_OF_SIZES);                             \
  }
FOR_F32_AND_F64(CONV2D_BACKWARD_FILTER_ORDERED)
