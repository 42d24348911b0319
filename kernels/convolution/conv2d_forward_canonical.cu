// Computes:    y = conv(x, w), cross-correlation, NCHW data, KCRS weights, groups
// Order:       canonical: terms (c R + r) S + s ascending, c within the group; panels of 2048
//              terms, each a chain of fma from +0, added in order; padding is +0 and takes part
// Guarantee:   EVERYWHERE
// Contraction: every product is an fma, __fmaf_rn
// Launch:      one pass, block of 256, any grid: an implicit matrix product of k/group x n p q for
//              each group, tiles as in matmul_canonical. One tile a block: grid = group
//              ceil(k/group / (k/group <= 64 ? 64 : 128)) ceil(n p q / 128), f64 half of each size
// Twin:        none
// Source:      src/site/markdown/determinism.md, conv2d_forward
#include "common/conv.cuh"

// x for the output positions of a tile.
template <typename T>
struct ForwardData {
  const T* x;
  Conv z;
  Divisor taps, tap_columns;
  Anchors<T> anchors;

  struct Term {
    int row, column, move;
  };

  __device__ ForwardData(const T* x, const Conv& z, int group, int col)
      : x(x), z(z), taps(z.r * z.s), tap_columns(z.s) {
    int width = z.q();
    int plane = z.p() * width;
    for (int slot = 0; slot < Vec<T>::N; slot++) {
      int j = col + threadIdx.x % 32 + 32 * slot;
      int image = j / plane;
      int at = j % plane;
      if (image < z.n) {
        anchors.place(slot, (image * z.c + group * z.c_per_group()) * z.h * z.w, z.w,
                      at / width * z.stride - z.pad, at % width * z.stride - z.pad);
      } else {
        anchors.leave_out(slot);
      }
    }
  }

  __device__ Term term(int q) const {
    int c = taps.quotient(q);
    int tap = taps.remainder(q, c);
    int tap_row = tap_columns.quotient(tap);
    int row = tap_row * z.dil;
    int column = tap_columns.remainder(tap, tap_row) * z.dil;
    return {row, column, (c * z.h + row) * z.w + column};
  }

  __device__ T element(int slot, const Term& t) const {
    return anchors.element(x, slot, t.row, t.column, z.h, z.w, t.move);
  }
};

struct ForwardPlace {
  Conv z;
  int group, row, col;

  __device__ int rows() const { return z.k_per_group() - row; }
  __device__ int row_step() const { return z.p() * z.q(); }
  __device__ int column(int j) const {
    int plane = z.p() * z.q();
    int image = (col + j) / plane;
    int channel = group * z.k_per_group() + row;
    return image < z.n ? (image * z.k + channel) * plane + (col + j) % plane : -1;
  }
};

template <typename T, int ROW_VECS>
__device__ void conv2d_forward_tiles(ProductMemory<T>& memory, const T* x, const T* w, T* y,
                                     const Conv& z) {
  typedef Tile<T, ROW_VECS> Size;
  int terms = z.c_per_group() * z.r * z.s;
  int rows = z.k_per_group();
  int cols = z.n * z.p() * z.q();
  int panels = panel_count(terms);
  for (long long i = block_index(); i < ConvTile::count<Size>(rows, cols, z.group, 1);
       i += gridDim.x) {
    ConvTile tile = ConvTile::at<Size>(i, rows, cols, z.group);
    const T* weights = w + static_cast<long long>(tile.group * rows + tile.row) * terms;
    MatrixLoader<T, T, Size::ROWS> a = {weights, terms, rows - tile.row, true};
    GatherLoader<T, Size::COLS, ForwardData<T>> b = {ForwardData<T>(x, z, tile.group, tile.col)};
    ConvResult<T, ForwardPlace> result = {y, {z, tile.group, tile.row, tile.col}, panels - 1};
    panel_product<T, ROW_VECS>(memory, a, b, Panels{terms}, 0, panels, result);
  }
}

#define CONV2D_FORWARD_CANONICAL(T, dtype)                                               \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)      \
      conv2d_forward_canonical_##dtype(const T* x, const T* weights, T* y, CONV_SIZES) { \
    __shared__ ProductMemory<T> memory;                                                  \
    if (Tile<T, 1>::ROWS >= k / group) {                                                 \
      conv2d_forward_tiles<T, 1>(memory, x, weights, y, CONV_OF_SIZES);                  \
    } else {                                                                             \
      conv2d_forward_tiles<T, 2>(memory, x, weights, y, CONV_OF_SIZES);                  \
    }                                                                                    \
  }
FOR_F32_AND_F64(CONV2D_FORWARD_CANONICAL)
