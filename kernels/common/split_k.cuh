// K in 32 parts, as in the jvm backend: part p of one tile of a product.
#pragma once

#include "common/matmul.cuh"

const int SPLITS = 32;

// Result must have: Sink sink(p), called with (index of the output among batch m n, value).
template <typename Sink>
struct SplitResult {
  const Sink& sink;
  int z, row, col, m, n;

  struct Part {
    const SplitResult& to;
    int p;

    template <typename T, int N>
    __device__ void operator()(int i, int j, const T (&run)[N]) const {
#pragma unroll
      for (int e = 0; e < N; e++) {
        if (to.row + i < to.m && to.col + j + e < to.n) {
          to.sink(p, (static_cast<long long>(to.z) * to.m + to.row + i) * to.n + to.col + j + e,
                  run[e]);
        }
      }
    }
  };

  __device__ Part panel(int p) const { return {*this, p}; }
};

template <typename T, typename In, typename Sink>
__device__ void split_k(const Matmul<T, In>& product, const Sink& sink) {
  typedef MatmulTile<T, In, 2> TileOf;
  __shared__ ProductMemory<T> memory;
  Parts parts = {product.k, SPLITS};
  long long tiles = product.batch * TileOf::rows(product) * TileOf::cols(product);
  for (long long i = block_index(); i < tiles * SPLITS; i += gridDim.x) {
    TileOf tile(product, i / SPLITS);
    int p = static_cast<int>(i % SPLITS);
    SplitResult<Sink> result = {sink, tile.z, tile.row, tile.col, product.m, product.n};
    panel_product<T, 2>(memory, tile.loader_of_a(product), tile.loader_of_b(product), parts, p,
                        p + 1, result);
  }
}

// The last step for output i of batch m n.
template <typename T, typename In>
__device__ void split_k_store(const Matmul<T, In>& p, long long i, T sum) {
  long long row = i / p.n;
  p.store(row * p.ldc + i % p.n, sum);
}
