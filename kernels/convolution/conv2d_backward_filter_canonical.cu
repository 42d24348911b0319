// Computes:    dw, the gradient of conv2d_forward by its weights, from x and dy
// Order:       canonical: terms (n P + p) Q + q' ascending; panels of 2048 terms, each a chain of
//              fma from +0, added in order; padding is +0 and takes part
// Guarantee:   EVERYWHERE
// Contraction: every product is an fma, __fmaf_rn
// Launch:      two passes, block of 256, any grid: an implicit matrix product of k/group x c/group
//              r s for each group, tiles as in matmul_canonical. One panel of a tile a block: grid
//              = ceil(n p q / 2048) group ceil(k/group / (k/group <= 64 ? 64 : 128)) ceil(c/group
//              r s / 128), f64 half of each size; join: one weight a thread. Scratch: panels,
//              max(1, ceil(n p q / 2048)) times as large as dw
// Twin:        conv2d_backward_filter_atomic
// Source:      src/site/markdown/determinism.md, conv2d_backward_filter
#include "common/filter_gradient.cuh"

template <typename T>
__device__ void conv2d_backward_filter_canonical_join(const T* panels, T* dw, const Conv& z) {
  long long size = filter_size(z);
  int count = panel_count(filter_terms(z));
  for (long long i = first_element(); i < size; i += element_stride()) {
    T sum = panels[i];
    for (int p = 1; p < count; p++) {
      sum = add_rn(sum, panels[p * size + i]);
    }
    dw[i] = stored(sum);
  }
}

#define CONV2D_BACKWARD_FILTER_CANONICAL(T, dtype)                                                 \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)                \
      conv2d_backward_filter_canonical_##dtype##_panels(const T* x, const T* dy, T* dw, T* panels, \
                                                        CONV_SIZES) {                              \
    Conv z = CONV_OF_SIZES;                                                                        \
    filter_gradient_panels(x, dy, z, FilterParts<T>{panels, filter_size(z)});                      \
  }                                                                                                \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS)                                    \
      conv2d_backward_filter_canonical_##dtype##_join(const T* x, const T* dy, T* dw, T* panels,   \
                                                      CONV_SIZES) {                                \
    conv2d_backward_filter_canonical_join(panels, dw, CONV_OF_SIZES);                              \
  }
FOR_F32_AND_F64(CONV2D_BACKWARD_FILTER_CANONICAL)
