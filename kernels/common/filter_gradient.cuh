// What the filter gradients share: one tile of the product of dy and shifted x, over a part of the
// terms q = (n P + p) Q + q'.
#pragma once

#include "common/conv.cuh"

// dy for the channels of a tile; the terms of an image are contiguous.
template <typename T, int SIDE>
struct FilterGradient {
  const T* dy;  // first channel of the tile in image 0
  int limit;    // channels
  int k;
  Divisor plane;  // P Q

  __device__ static bool idle() {
    return SIDE * DEPTH / Vec<T>::N < PRODUCT_THREADS && threadIdx.x >= SIDE * DEPTH / Vec<T>::N;
  }

  __device__ void load(T (&v)[Vec<T>::N], int first, int terms) const {
    const int VEC = Vec<T>::N;
    int i = threadIdx.x / (DEPTH / VEC);
    int q = first + threadIdx.x % (DEPTH / VEC) * VEC;
    if (idle()) {
      return;
    }
    int size = static_cast<int>(plane.d);
    int image = plane.quotient(q);
    const T* at = dy + (static_cast<long long>(image) * k + i) * size;
    int position = plane.remainder(q, image);
    if (i >= limit || position + VEC <= size) {
      load_run(v, at + position, i < limit ? terms - q : 0);
      return;
    }
#pragma unroll
    for (int e = 0; e < VEC; e++) {  // goes on in the next image
      v[e] = q + e < terms ? at[position] : T(0);
      position++;
      if (position == size) {
        position = 0;
        at += static_cast<long long>(k) * size;
      }
    }
  }

  template <typename V, int P>
  __device__ void store(V (&tile)[DEPTH][P], const T (&v)[Vec<T>::N]) const {
    const int VEC = Vec<T>::N;
    if (!idle()) {
#pragma unroll
      for (int e = 0; e < VEC; e++) {
        reinterpret_cast<T*>(
            tile[threadIdx.x % (DEPTH / VEC) * VEC + e])[threadIdx.x / (DEPTH / VEC)] = v[e];
      }
    }
  }
};

// x for the taps (c, r, s) of a tile.
template <typename T>
struct FilterData {
  const T* x;
  Conv z;
  Divisor plane, width;  // of the outputs
  Anchors<T> anchors;

  struct Term {
    int row, column, move;
  };

  __device__ FilterData(const T* x, const Conv& z, int group, int col)
      : x(x), z(z), plane(max(1, z.p() * z.q())), width(max(1, z.q())) {
    for (int slot = 0; slot < Vec<T>::N; slot++) {
      int j = col + threadIdx.x % 32 + 32 * slot;
      int c = j / (z.r * z.s);
      int tap = j % (z.r * z.s);
      if (c < z.c_per_group()) {
        anchors.place(slot, (group * z.c_per_group() + c) * z.h * z.w, z.w,
                      tap / z.s * z.dil - z.pad, tap % z.s * z.dil - z.pad);
      } else {
        anchors.leave_out(slot);
      }
    }
  }

  __device__ Term term(int q) const {
    int image = plane.quotient(q);
    int position = plane.remainder(q, image);
    int p = width.quotient(position);
    int row = p * z.stride;
    int column = width.remainder(position, p) * z.stride;
    return {row, column, (image * z.c * z.h + row) * z.w + column};
  }

  __device__ T element(int slot, const Term& t) const {
    return anchors.element(x, slot, t.row, t.column, z.h, z.w, t.move);
  }
};

// Hands each part of each output to sink(part, element of dw, value).
template <typename T, typename Sink>
struct FilterResult {
  const Sink& sink;
  Conv z;
  ConvTile tile;

  struct Part {
    const FilterResult& to;
    int p;

    __device__ void operator()(int i, int j, const T (&run)[Vec<T>::N]) const {
      int rows = to.z.k_per_group();
      int cols = to.z.c_per_group() * to.z.r * to.z.s;
      int row = to.tile.row + i;
      int col = to.tile.col + j;
#pragma unroll
      for (int e = 0; e < Vec<T>::N; e++) {
        if (row < rows && col + e < cols) {
          to.sink(p, static_cast<long long>(to.tile.group * rows + row) * cols + col + e, run[e]);
        }
      }
    }
  };

  __device__ Part panel(int p) const { return {*this, p}; }
};

template <typename T, int ROW_VECS, typename Chain, typename Sink>
__device__ void filter_gradient_tiles(ProductMemory<T>& memory, const T* x, const T* dy,
                                      const Conv& z, const Chain& chain, int parts,
                                      const Sink& sink) {
  typedef Tile<T, ROW_VECS> Size;
  int rows = z.k_per_group();
  int cols = z.c_per_group() * z.r * z.s;
  int plane = z.p() * z.q();
  for (long long i = block_index(); i < ConvTile::count<Size>(rows, cols, z.group, parts);
       i += gridDim.x) {
    ConvTile tile = ConvTile::at<Size>(i, rows, cols, z.group);
    const T* gradient = dy + static_cast<long long>(tile.group * rows + tile.row) * plane;
    FilterGradient<T, Size::ROWS> a = {gradient, rows - tile.row, z.k, Divisor(max(1, plane))};
    GatherLoader<T, Size::COLS, FilterData<T>> b = {FilterData<T>(x, z, tile.group, tile.col)};
    FilterResult<T, Sink> result = {sink, z, tile};
    panel_product<T, ROW_VECS>(memory, a, b, chain, tile.part, tile.part + 1, result);
  }
}

__device__ __forceinline__ int filter_terms(const Conv& z) { return z.n * z.p() * z.q(); }
__device__ __forceinline__ long long filter_size(const Conv& z) {
  return static_cast<long long>(z.k) * z.c_per_group() * z.r * z.s;
}

// The canonical panels.
template <typename T, typename Sink>
__device__ void filter_gradient_panels(const T* x, const T* dy, const Conv& z, const Sink& sink) {
  __shared__ ProductMemory<T> memory;
  int terms = filter_terms(z);
  if (Tile<T, 1>::ROWS >= z.k_per_group()) {
    filter_gradient_tiles<T, 1>(memory, x, dy, z, Panels{terms}, panel_count(terms), sink);
  } else {
    filter_gradient_tiles<T, 2>(memory, x, dy, z, Panels{terms}, panel_count(terms), sink);
  }
}

const int FILTER_PARTS = 64;  // as in the jvm backend

template <typename T, typename Sink>
__device__ void filter_gradient_parts(const T* x, const T* dy, const Conv& z, const Sink& sink) {
  __shared__ ProductMemory<T> memory;
  filter_gradient_tiles<T, 2>(memory, x, dy, z, Parts{filter_terms(z), FILTER_PARTS}, FILTER_PARTS,
                              sink);
}

// Keeps each part of the gradient.
template <typename T>
struct FilterParts {
  T* tiles;
  long long size;
  __device__ void operator()(int p, long long i, T value) const { tiles[p * size + i] = value; }
};
