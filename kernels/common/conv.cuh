// The convolutions as matrix products that are never written out: what is gathered where.
// NCHW data, KCRS weights, P x Q outputs; a product for each group.
#pragma once

#include "common/panel_product.cuh"

struct Conv {
  int n, c, h, w, k, r, s, pad, stride, dil, group;

  __device__ int p() const { return (h + 2 * pad - dil * (r - 1) - 1) / stride + 1; }
  __device__ int q() const { return (w + 2 * pad - dil * (s - 1) - 1) / stride + 1; }
  __device__ int c_per_group() const { return c / group; }
  __device__ int k_per_group() const { return k / group; }
};

// One tile of one group's product; also a part of the terms, or a class of positions.
struct ConvTile {
  int row, col, group, part;

  // The tiles of rows x cols outputs, groups and parts, columns first.
  template <typename Size>
  __device__ static long long count(int rows, int cols, int groups, int parts) {
    return static_cast<long long>((rows + Size::ROWS - 1) / Size::ROWS) *
           ((cols + Size::COLS - 1) / Size::COLS) * groups * parts;
  }

  template <typename Size>
  __device__ static ConvTile at(long long i, int rows, int cols, int groups) {
    int across = (cols + Size::COLS - 1) / Size::COLS;
    int down = (rows + Size::ROWS - 1) / Size::ROWS;
    ConvTile t;
    t.col = static_cast<int>(i % across) * Size::COLS;
    t.row = static_cast<int>(i / across % down) * Size::ROWS;
    t.group = static_cast<int>(i / across / down % groups);
    t.part = static_cast<int>(i / across / down / groups);
    return t;
  }
};

// Brings SIDE x DEPTH elements, each warp those of one term: element(i, term) for side index i.
// Gather must have: Term term(q); T element(slot, term), slot the number of the thread's side index
// lane + 32 slot.
template <typename T, int SIDE, typename Gather>
struct GatherLoader {
  Gather gather;

  __device__ void load(T (&v)[Vec<T>::N], int first, int terms) const {
    int q = first + threadIdx.x / 32;
    if (q < terms) {
      auto decoded = gather.term(q);
#pragma unroll
      for (int slot = 0; slot < SIDE / 32; slot++) {
        v[slot] = gather.element(slot, decoded);
      }
    }
  }

  template <typename V, int P>
  __device__ void store(V (&tile)[DEPTH][P], const T (&v)[Vec<T>::N]) const {
#pragma unroll
    for (int slot = 0; slot < SIDE / 32; slot++) {
      reinterpret_cast<T*>(tile[threadIdx.x / 32])[threadIdx.x % 32 + 32 * slot] = v[slot];
    }
  }
};

// The elements of a plane that a thread's slots are anchored at: slot i reads
// (row[i] + term.row, column[i] + term.column), +0 outside.
template <typename T>
struct Anchors {
  static const int SLOTS = Vec<T>::N;
  int row[SLOTS];
  int column[SLOTS];
  int offset[SLOTS];  // of the anchor from the operand's start, without the term's part

  __device__ void place(int slot, int plane, int width, int r, int c) {
    row[slot] = r;
    column[slot] = c;
    offset[slot] = plane + r * width + c;
  }

  // A slot behind the last side index: it reads +0.
  __device__ void leave_out(int slot) {
    row[slot] = -0x40000000;
    column[slot] = 0;
    offset[slot] = 0;
  }

  // `move` is what the term adds to the offset.
  __device__ T element(const T* operand, int slot, int r, int c, int height, int width,
                       int move) const {
    bool inside = static_cast<unsigned>(row[slot] + r) < static_cast<unsigned>(height) &&
                  static_cast<unsigned>(column[slot] + c) < static_cast<unsigned>(width);
    return inside ? operand[offset[slot] + move] : T(0);
  }
};

// Adds panels in order where the result belongs. Place must have, for the outputs of a tile:
// column(j), the element of `out` for column j of the tile's first row, or -1 if there is none;
// rows(); row_step(), elements from a row to the next.
template <typename T, typename Place>
struct ConvResult {
  static const int VEC = Vec<T>::N;
  T* out;
  Place place;
  int last;

  // A thread is always given the same columns.
  struct Panel {
    const ConvResult& to;
    int p;
    int column[VEC];

    __device__ Panel(const ConvResult& to, int p) : to(to), p(p) {
#pragma unroll
      for (int e = 0; e < VEC; e++) {
        column[e] = to.place.column(threadIdx.x % 32 * VEC + e);
      }
    }

    __device__ T value(const T* at, T sum) const {
      sum = p == 0 ? sum : add_rn(*at, sum);
      return p == to.last ? stored(sum) : sum;
    }

    __device__ void operator()(int i, int j, const T (&run)[VEC]) const {
      if (i >= to.place.rows()) {
        return;
      }
      T* row = to.out + static_cast<long long>(i) * to.place.row_step();
      T* at = row + column[0];
      bool adjacent = column[0] >= 0 && column[VEC - 1] == column[0] + VEC - 1;
      if (adjacent && aligned<typename Vec<T>::Type>(at)) {
        T values[VEC];
#pragma unroll
        for (int e = 0; e < VEC; e++) {
          values[e] = value(at + e, run[e]);
        }
        *reinterpret_cast<typename Vec<T>::Type*>(at) = joined(values);
        return;
      }
#pragma unroll
      for (int e = 0; e < VEC; e++) {
        if (column[e] >= 0) {
          row[column[e]] = value(row + column[e], run[e]);
        }
      }
    }
  };

  __device__ Panel panel(int p) const { return Panel(*this, p); }
};

// Division of numbers below 2^31 by one divisor: a multiplication and a shift (T. Granlund,
// P. Montgomery, PLDI 1994, doi:10.1145/178243.178249).
struct Divisor {
  unsigned d, factor;
  int shift;  // -1 for 1

  __device__ explicit Divisor(int divisor) : d(divisor), factor(0), shift(-1) {
    while (d > 1u << (shift + 1)) {
      shift++;
    }
    if (shift >= 0) {
      factor = static_cast<unsigned>((1ull << (32 + shift)) / d + 1);
    }
  }

  __device__ int quotient(int n) const {
    return shift < 0 ? n : static_cast<int>(__umulhi(n, factor) >> shift);
  }
  __device__ int remainder(int n, int quotient) const { return n - quotient * static_cast<int>(d); }
};

#define CONV_SIZES \
  int n, int c, int h, int w, int k, int r, int s, int pad, int stride, int dil, int group
#define CONV_OF_SIZES \
  Conv { n, c, h, w, k, r, s, pad, stride, dil, group }
