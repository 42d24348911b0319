// The register-blocked matrix product that matmul and the convolutions share: a block of 256
// threads computes a tile of outputs, each output one fma chain over the terms of a panel. Chains
// are never split, so neither tiles nor buffers can be seen in the bits.
//
// A tile of the two operands, DEPTH terms deep, lies in shared memory while the next one is on its
// way from global memory to registers; each thread keeps (ROW_VECS x VEC) x (2 x VEC) accumulators,
// 8 x 8 in f32, and reads 16 floats for 64 fma.
#pragma once

#include "common/launch.cuh"
#include "common/real.cuh"

const int PANEL = 2048;  // terms of a canonical panel
const int DEPTH = 8;     // terms of a tile; divides PANEL
const int PRODUCT_THREADS = 256;

// Tiles of 64 rows waste less than tiles of 128 where there are no more rows than that (f64: half).
template <typename T, int ROW_VECS>
struct Tile {
  static const int VEC = Vec<T>::N;
  static const int ROWS = 16 * VEC * ROW_VECS;  // 2 warps of 8 threads of ROW_VECS vectors
  static const int COLS = 32 * VEC;             // 4 warps of 4 threads of 2 vectors
};

// Rows of the tiles are a vector longer than they need to be: transposing stores then meet no bank
// twice. `out` has one row of outputs of each thread.
template <typename T>
struct ProductMemory {
  typedef typename Vec<T>::Type V;
  V a[2][DEPTH][33];
  V b[2][DEPTH][33];
  V out[16][32];
};

// The panels of a canonical chain of `terms` terms.
struct Panels {
  int terms;
  __device__ int begin(int p) const {
    return static_cast<int>(min(static_cast<long long>(terms), static_cast<long long>(p) * PANEL));
  }
};

// Chains that are cut into a number of parts.
struct Parts {
  int terms;
  int parts;
  __device__ int begin(int p) const { return static_cast<int>(part(terms, p, parts)); }
};

__device__ __forceinline__ int panel_count(long long terms) {
  return terms == 0 ? 1 : static_cast<int>((terms + PANEL - 1) / PANEL);
}

// Element types of operands; what they are computed in. f16 and bf16 are widened exactly.
struct F16 {
  unsigned short bits;
};
struct Bf16 {
  unsigned short bits;
};
__device__ __forceinline__ float widened(float x) { return x; }
__device__ __forceinline__ double widened(double x) { return x; }
__device__ __forceinline__ float widened(Bf16 x) {
  return __int_as_float(static_cast<int>(x.bits) << 16);
}
__device__ __forceinline__ float widened(F16 x) {
  int magnitude = (x.bits & 0x7fff) << 13;
  int sign = (x.bits & 0x8000) << 16;
  // Half's exponent is off by 112: an exact product, subnormal halves included.
  float value = mul_rn(__int_as_float(magnitude), 0x1p112f);
  int bits = magnitude >= 0x0f800000 ? magnitude | 0x7f800000 : __float_as_int(value);
  return __int_as_float(bits | sign);
}

// VEC elements from `at`, all of them or, at an edge, the first `count`; the rest is +0 and is
// never stored nor, if it is a term, multiplied.
template <typename T, typename In>
__device__ __forceinline__ void load_run(T (&v)[Vec<T>::N], const In* at, int count) {
#pragma unroll
  for (int i = 0; i < Vec<T>::N; i++) {
    v[i] = i < count ? T(widened(at[i])) : T(0);
  }
}
__device__ __forceinline__ void load_run(float (&v)[4], const float* at, int count) {
  if (count >= 4 && aligned<float4>(at)) {
    split(*reinterpret_cast<const float4*>(at), v);
  } else {
    load_run<float, float>(v, at, count);
  }
}
__device__ __forceinline__ void load_run(double (&v)[2], const double* at, int count) {
  if (count >= 2 && aligned<double2>(at)) {
    split(*reinterpret_cast<const double2*>(at), v);
  } else {
    load_run<double, double>(v, at, count);
  }
}
template <typename H>
__device__ __forceinline__ void load_halves(float (&v)[4], const H* at, int count) {
  if (count >= 4 && aligned<ushort4>(at)) {
    ushort4 h = *reinterpret_cast<const ushort4*>(at);
    v[0] = widened(H{h.x});
    v[1] = widened(H{h.y});
    v[2] = widened(H{h.z});
    v[3] = widened(H{h.w});
  } else {
    load_run<float, H>(v, at, count);
  }
}
__device__ __forceinline__ void load_run(float (&v)[4], const F16* at, int count) {
  load_halves(v, at, count);
}
__device__ __forceinline__ void load_run(float (&v)[4], const Bf16* at, int count) {
  load_halves(v, at, count);
}

// An operand in memory: side index i (row of A, column of B) and term q, one of which is
// contiguous. A thread brings one vector of each tile of SIDE x DEPTH elements.
template <typename T, typename In, int SIDE>
struct MatrixLoader {
  static const int VEC = Vec<T>::N;
  static const int ALONG_TERMS = DEPTH / VEC;  // vectors of the tile in its contiguous direction
  static const int ALONG_SIDE = SIDE / VEC;

  bool along_terms;  // whether terms are contiguous
  int term;          // of this thread's vector in a tile
  int room;          // its elements on this side of the edge, if the side is contiguous
  long long step;    // elements from a term to the next
  const In* mine;    // this thread's vector of the tile of term 0

  // `base` is element (0, 0) of the tile's side, `pitch` the distance of neighbours in the
  // direction that is not contiguous, `limit` how many of SIDE there are.
  __device__ MatrixLoader(const In* base, long long pitch, int limit, bool along_terms)
      : along_terms(along_terms) {
    int thread = threadIdx.x;
    int i = along_terms ? thread / ALONG_TERMS : thread % ALONG_SIDE * VEC;
    term = along_terms ? thread % ALONG_TERMS * VEC : thread / ALONG_SIDE;
    room = idle() ? 0 : limit - i;
    step = along_terms ? 1 : pitch;
    mine = base + (along_terms ? i * pitch : i) + term * step;
  }

  // Whether the running thread has a vector of the tile at all.
  __device__ static bool idle() {
    return SIDE * DEPTH / VEC < PRODUCT_THREADS && threadIdx.x >= SIDE * DEPTH / VEC;
  }

  __device__ void load(T (&v)[VEC], int first, int terms) const {
    int left = terms - first - term;
    int count = along_terms ? (room > 0 ? left : 0) : (left > 0 ? room : 0);
    load_run(v, mine + first * step, count);
  }

  template <typename V, int P>
  __device__ void store(V (&tile)[DEPTH][P], const T (&v)[VEC]) const {
    int thread = threadIdx.x;
    if (idle()) {
      return;
    }
    if (along_terms) {
#pragma unroll
      for (int e = 0; e < VEC; e++) {
        reinterpret_cast<T*>(tile[term + e])[thread / ALONG_TERMS] = v[e];
      }
    } else {
      tile[term][thread % ALONG_SIDE] = joined(v);
    }
  }
};

// What a thread accumulates, and where in the tile that lies.
template <typename T, int ROW_VECS>
struct Accumulators {
  static const int VEC = Vec<T>::N;
  T at[ROW_VECS * VEC][2 * VEC];

  __device__ static int row_vec(int v) {
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    return (warp % 2 * ROW_VECS + v) * 8 + lane / 4;
  }
  __device__ static int col_vec(int v) {
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    return (warp / 2 * 2 + v) * 4 + lane % 4;
  }

  __device__ void clear() {
#pragma unroll
    for (int i = 0; i < ROW_VECS * VEC; i++) {
#pragma unroll
      for (int j = 0; j < 2 * VEC; j++) {
        at[i][j] = T(0);
      }
    }
  }

  // Adds one term.
  __device__ __forceinline__ void add(const typename Vec<T>::Type* a,
                                      const typename Vec<T>::Type* b) {
    T x[ROW_VECS][VEC];
    T y[2][VEC];
#pragma unroll
    for (int v = 0; v < ROW_VECS; v++) {
      split(a[row_vec(v)], x[v]);
    }
#pragma unroll
    for (int v = 0; v < 2; v++) {
      split(b[col_vec(v)], y[v]);
    }
#pragma unroll
    for (int i = 0; i < ROW_VECS * VEC; i++) {
#pragma unroll
      for (int j = 0; j < 2 * VEC; j++) {
        at[i][j] = fma_rn(x[i / VEC][i % VEC], y[j / VEC][j % VEC], at[i][j]);
      }
    }
  }

  // Hands over runs of VEC outputs, result(row, first column, values): one row of each thread at a
  // time goes through shared memory, so that a warp has a whole row of the tile, side by side.
  template <typename Result>
  __device__ void hand_over(typename Vec<T>::Type (&out)[16][32], const Result& result) const {
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
#pragma unroll 1
    for (int own = 0; own < ROW_VECS * VEC; own++) {
#pragma unroll
      for (int i = 0; i < ROW_VECS * VEC; i++) {
#pragma unroll
        for (int v = 0; v < 2 && i == own; v++) {
          T run[VEC];
#pragma unroll
          for (int j = 0; j < VEC; j++) {
            run[j] = at[i][v * VEC + j];
          }
          out[warp % 2 * 8 + lane / 4][col_vec(v)] = joined(run);
        }
      }
      __syncthreads();
      for (int i = warp; i < 16; i += 8) {
        T run[VEC];
        split(out[i][lane], run);
        result(((i / 8 * ROW_VECS + own / VEC) * 8 + i % 8) * VEC + own % VEC, lane * VEC, run);
      }
      __syncthreads();
    }
  }
};

// Computes panels first <= p < last of one tile and hands each to result.panel(p)(row, col, run).
template <typename T, int ROW_VECS, typename A, typename B, typename Chain, typename Result>
__device__ void panel_product(ProductMemory<T>& memory, const A& a, const B& b, const Chain& chain,
                              int first, int last, const Result& result) {
  Accumulators<T, ROW_VECS> sums;
  T next_a[Vec<T>::N];
  T next_b[Vec<T>::N];
  int term = chain.begin(first);
  int end = chain.begin(last);
  int buffer = 0;
  if (term < end) {
    a.load(next_a, term, end);
    b.load(next_b, term, end);
    a.store(memory.a[0], next_a);
    b.store(memory.b[0], next_b);
  }
  __syncthreads();
#pragma unroll 1
  for (int p = first; p < last; p++) {
    int stop = chain.begin(p + 1);
    sums.clear();
#pragma unroll 1
    while (term < stop) {
      int count = min(DEPTH, stop - term);
      bool more = term + count < end;
      if (more) {
        a.load(next_a, term + count, end);
        b.load(next_b, term + count, end);
      }
      if (count == DEPTH) {
#pragma unroll
        for (int q = 0; q < DEPTH; q++) {
          sums.add(memory.a[buffer][q], memory.b[buffer][q]);
        }
      } else {
#pragma unroll 1
        for (int q = 0; q < count; q++) {
          sums.add(memory.a[buffer][q], memory.b[buffer][q]);
        }
      }
      if (more) {
        a.store(memory.a[1 - buffer], next_a);
        b.store(memory.b[1 - buffer], next_b);
      }
      __syncthreads();
      buffer = 1 - buffer;
      term += count;
    }
    sums.hand_over(memory.out, result.panel(p));
  }
}
