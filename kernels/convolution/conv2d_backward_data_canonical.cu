// Computes:    dx, the gradient of conv2d_forward by its data, from dy and w
// Order:       canonical: terms (k R + r) S + s ascending, k within the group; panels of 2048
//              terms, each a chain of fma from +0, added in order; a position outside dy is +0 and
//              takes part; a tap that stride does not map to an output is no term but counts
// Guarantee:   EVERYWHERE
// Contraction: every product is an fma, __fmaf_rn
// Launch:      one pass, block of 256, any grid. Data positions with the same remainders of row
//              and column by stride have the same taps: an implicit matrix product of c/group x n
//              ceil(h / stride) ceil(w / stride) for each of stride^2 classes and each group,
//              tiles as in matmul_canonical. One tile a block: grid = stride^2 group ceil(c/group
//              / (c/group <= 64 ? 64 : 128)) ceil(n ceil(h / stride) ceil(w / stride) / 128), f64
//              half of each size
// Twin:        none
// Source:      src/site/markdown/determinism.md, conv2d_backward_data
#include "common/conv.cuh"

// The taps of one direction that reach the positions of a class: first, first + step, ...
struct ClassTaps {
  int remainder;  // of the class
  int first, step, count;
  int first_shift, shift_step;
  int stride;

  __device__ ClassTaps(int remainder, int taps, const Conv& z)
      : remainder(remainder), first(0), step(1), stride(z.stride) {
    while (first < taps && (remainder + z.pad - first * z.dil) % stride != 0) {
      first++;
    }
    while (step * z.dil % stride != 0) {
      step++;
    }
    count = below(taps);
    first_shift = (remainder + z.pad - first * z.dil) / stride;
    shift_step = step * z.dil / stride;
  }

  // How many lie below a tap.
  __device__ int below(int tap) const { return tap > first ? (tap - first - 1) / step + 1 : 0; }
  __device__ bool has(int tap) const { return tap >= first && (tap - first) % step == 0; }

  // What tap number i adds to the position's number in its class: the output's row or column.
  __device__ int shift(int i) const { return first_shift - i * shift_step; }
  __device__ int tap(int i) const { return first + i * step; }

  // Positions of the class in a row or column of data.
  __device__ int positions(int size) const {
    return remainder < size ? (size - remainder - 1) / stride + 1 : 0;
  }
};

// Channel, and numbers of the taps among those of the class.
struct ClassTerm {
  int channel, row, column;
};

struct DataClass {
  Conv z;
  ClassTaps r, s;
  Divisor taps, tap_columns;

  __device__ DataClass(const Conv& z, int number)
      : z(z),
        r(number / z.stride, z.r, z),
        s(number % z.stride, z.s, z),
        taps(max(1, r.count * s.count)),
        tap_columns(max(1, s.count)) {}

  __device__ ClassTerm term(int q) const {
    int channel = taps.quotient(q);
    int tap = taps.remainder(q, channel);
    int row = tap_columns.quotient(tap);
    return {channel, row, tap_columns.remainder(tap, row)};
  }

  // The panels are cut by the number of a term among all taps, so a panel has fewer terms here.
  __device__ int begin(int p) const {
    long long q =
        min(static_cast<long long>(z.k_per_group()) * z.r * z.s, static_cast<long long>(p) * PANEL);
    int tap = static_cast<int>(q % (z.r * z.s));
    int row = tap / z.s;
    int channel = static_cast<int>(q / (z.r * z.s));
    return (channel * r.count + r.below(row)) * s.count + (r.has(row) ? s.below(tap % z.s) : 0);
  }
};

// w for the channels of a tile, and dy for its positions. A term of a class: channel, then taps.
template <typename T>
struct BackwardWeights {
  const T* w;
  const DataClass& of;
  int limit;  // channels from this thread's first one

  __device__ int term(int q) const {
    ClassTerm t = of.term(q);
    return (t.channel * of.z.c_per_group() * of.z.r + of.r.tap(t.row)) * of.z.s +
           of.s.tap(t.column);
  }

  __device__ T element(int slot, int at) const {
    return 32 * slot < limit ? w[static_cast<long long>(32 * slot) * of.z.r * of.z.s + at] : T(0);
  }
};

template <typename T>
struct BackwardGradient {
  const T* dy;
  const DataClass& of;
  Anchors<T> anchors;

  struct Term {
    int row, column, move;
  };

  __device__ BackwardGradient(const T* dy, const DataClass& of, int group, int col)
      : dy(dy), of(of) {
    const Conv& z = of.z;
    int width = of.s.positions(z.w);
    int plane = of.r.positions(z.h) * width;
    for (int slot = 0; slot < Vec<T>::N; slot++) {
      int j = col + threadIdx.x % 32 + 32 * slot;
      if (j < z.n * plane) {
        anchors.place(slot, (j / plane * z.k + group * z.k_per_group()) * z.p() * z.q(), z.q(),
                      j % plane / width, j % plane % width);
      } else {
        anchors.leave_out(slot);
      }
    }
  }

  __device__ Term term(int q) const {
    ClassTerm t = of.term(q);
    int row = of.r.shift(t.row);
    int column = of.s.shift(t.column);
    return {row, column, (t.channel * of.z.p() + row) * of.z.q() + column};
  }

  __device__ T element(int slot, const Term& t) const {
    return anchors.element(dy, slot, t.row, t.column, of.z.p(), of.z.q(), t.move);
  }
};

struct BackwardDataPlace {
  const DataClass& of;
  int group, row, col;

  __device__ int rows() const { return of.z.c_per_group() - row; }
  __device__ int row_step() const { return of.z.h * of.z.w; }
  __device__ int column(int j) const {
    const Conv& z = of.z;
    int width = of.s.positions(z.w);
    int plane = of.r.positions(z.h) * width;
    int image = (col + j) / plane;
    int at = (col + j) % plane;
    int h = of.r.remainder + at / width * z.stride;
    int w = of.s.remainder + at % width * z.stride;
    int channel = group * z.c_per_group() + row;
    return image < z.n ? ((image * z.c + channel) * z.h + h) * z.w + w : -1;
  }
};

template <typename T, int ROW_VECS>
__device__ void conv2d_backward_data_tiles(ProductMemory<T>& memory, const T* dy, const T* w, T* dx,
                                           const Conv& z) {
  typedef Tile<T, ROW_VECS> Size;
  int rows = z.c_per_group();
  int cols = z.n * ((z.h + z.stride - 1) / z.stride) *
             ((z.w + z.stride - 1) / z.stride);  // of the largest class
  int classes = z.stride * z.stride;
  int panels = panel_count(static_cast<long long>(z.k_per_group()) * z.r * z.s);
  for (long long i = block_index(); i < ConvTile::count<Size>(rows, cols, z.group, classes);
       i += gridDim.x) {
    ConvTile tile = ConvTile::at<Size>(i, rows, cols, z.group);
    DataClass of(z, tile.part);
    if (tile.col >= z.n * of.r.positions(z.h) * of.s.positions(z.w)) {
      continue;
    }
    int channel = tile.row + threadIdx.x % 32;
    const T* weights =
        w + (static_cast<long long>(tile.group * z.k_per_group()) * rows + channel) * z.r * z.s;
    GatherLoader<T, Size::ROWS, BackwardWeights<T>> a = {{weights, of, rows - channel}};
    GatherLoader<T, Size::COLS, BackwardGradient<T>> b = {
        BackwardGradient<T>(dy, of, tile.group, tile.col)};
    ConvResult<T, BackwardDataPlace> result = {
        dx, {of, tile.group, tile.row, tile.col}, panels - 1};
    panel_product<T, ROW_VECS>(memory, a, b, of, 0, panels, result);
  }
}

#define CONV2D_BACKWARD_DATA_CANONICAL(T, dtype)                                                 \
  extern "C" __global__ void __launch_bounds__(PRODUCT_THREADS, 16 / sizeof(T) / 2)              \
      conv2d_backward_data_canonical_##dtype(const T* dy, const T* weights, T* dx, CONV_SIZES) { \
    __shared__ ProductMemory<T> memory;                                                          \
    if (Tile<T, 1>::ROWS >= c / group) {                                                         \
      conv2d_backward_data_tiles<T, 1>(memory, dy, weights, dx, CONV_OF_SIZES);                  \
    } else {                                                                                     \
      conv2d_backward_data_tiles<T, 2>(memory, dy, weights, dx, CONV_OF_SIZES);                  \
    }                                                                                            \
  }
FOR_F32_AND_F64(CONV2D_BACKWARD_DATA_CANONICAL)
