// Computes:    out = +0; out[index[i]] = out[index[i]] + src[i] for n sources and t targets; an
//              index outside 0 to t - 1 adds to no target
// Order:       canonical: i ascending for each target
// Guarantee:   EVERYWHERE
// Contraction: none, __fadd_rn only
// Launch:      one pass, block of 256, any grid; one block for 256 targets: grid = ceil(t / 256)
// Twin:        scatter_add_atomic
// Source:      src/site/markdown/determinism.md, scatter_add
#include "common/launch.cuh"
#include "common/real.cuh"

const int SCATTER_THREADS = 256;

// A block has 256 targets, one a thread. It reads all indices, 256 at a time, keeps the sources of
// its targets in their order (a stable partition by ballots), and each thread adds its own.
template <typename T>
struct ScatterList {
  int warp_counts[SCATTER_THREADS / 32];
  int target[SCATTER_THREADS];
  T value[SCATTER_THREADS];

  // Lists the 256 sources from `from` whose target lies in first .. first + 255; their number.
  __device__ int fill(const T* src, const int* index, long long n, int t, long long first,
                      long long from) {
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    long long i = from + threadIdx.x;
    long long own = i < n ? index[i] - first : -1;
    bool listed = own >= 0 && own < SCATTER_THREADS && own + first < t;
    unsigned ballot = __ballot_sync(0xffffffffu, listed);
    if (lane == 0) {
      warp_counts[warp] = __popc(ballot);
    }
    __syncthreads();
    int before = __popc(ballot & ((1u << lane) - 1));
    int count = 0;
#pragma unroll
    for (int w = 0; w < SCATTER_THREADS / 32; w++) {
      before += w < warp ? warp_counts[w] : 0;
      count += warp_counts[w];
    }
    if (listed) {
      target[before] = static_cast<int>(own);
      value[before] = src[i];
    }
    __syncthreads();
    return count;
  }
};

template <typename T>
__device__ void scatter_add_canonical(const T* src, const int* index, T* out, long long n, int t) {
  __shared__ ScatterList<T> list;
  for (long long first = static_cast<long long>(block_index()) * SCATTER_THREADS; first < t;
       first += static_cast<long long>(gridDim.x) * SCATTER_THREADS) {
    T sum = T(0);
    for (long long from = 0; from < n; from += SCATTER_THREADS) {
      int count = list.fill(src, index, n, t, first, from);
      for (int i = 0; i < count; i++) {
        sum = list.target[i] == threadIdx.x ? add_rn(sum, list.value[i]) : sum;
      }
      __syncthreads();
    }
    if (first + threadIdx.x < t) {
      out[first + threadIdx.x] = stored(sum);
    }
  }
}

#define SCATTER_ADD_CANONICAL(T, dtype)                                                           \
  extern "C" __global__ void __launch_bounds__(SCATTER_THREADS)                                   \
      scatter_add_canonical_##dtype(const T* src, const int* index, T* out, long long n, int t) { \
    scatter_add_canonical(src, index, out, n, t);                                                 \
  }
FOR_F32_AND_F64(SCATTER_ADD_CANONICAL)
