// Computes:    out[t] = the sum of all src[i] with index[i] = t, rounded once, to nearest even,
//              for n sources and t targets; zeros, infinities and NaN as in sum_exact; an index
//              outside 0 to t - 1 adds to no target
// Order:       none: integers are added, by atomics
// Guarantee:   EVERYWHERE, and over permutation
// Contraction: none, no floating-point addition
// Launch:      three passes, any block, any grid. clear: one word of the scratch a thread, grid =
//              ceil(10 t / block) (f64 68 t); add: one source a thread, grid = ceil(n / block);
//              round: one target a thread, grid = ceil(t / block). Scratch: 10 t (f64 68 t)
//              unsigned long long
// Twin:        scatter_add_atomic
// Source:      U. Kulisch, W. Miranker, SIAM Review 28, 1986, doi:10.1137/1028001
#include "common/exact.cuh"

// Cells of 32 bits of a target, t apart, and behind them what was met and whether anything was.
template <typename T>
struct ScatterCells;
template <>
struct ScatterCells<float> {
  static const int COUNT = 9;
};
template <>
struct ScatterCells<double> {
  static const int COUNT = 67;
};

const int MET_ANYTHING = 16;

template <typename T>
__device__ void scatter_add_exact(const T* src, const int* index, unsigned long long* cells,
                                  long long n, int t) {
  for (long long i = first_element(); i < n; i += element_stride()) {
    if (index[i] < 0 || index[i] >= t) {
      continue;
    }
    T value = src[i];
    Scientific<T> s(value);
    unsigned long long* of_target = cells + index[i];
    bool minus_zero = s.significand == 0 && s.negative;
    int flags =
        MET_ANYTHING | (minus_zero ? 0 : MET_OTHER_THAN_MINUS_ZERO) | (s.finite ? 0 : met(value));
    atomicOr(of_target + static_cast<long long>(ScatterCells<T>::COUNT) * t,
             static_cast<unsigned long long>(flags));
    if (!s.finite || s.significand == 0) {
      continue;
    }
    unsigned long long low = static_cast<unsigned long long>(s.significand) << s.position % 32;
    unsigned long long high =
        s.position % 32 == 0
            ? 0
            : static_cast<unsigned long long>(s.significand) >> (64 - s.position % 32);
    unsigned long long digits[3] = {low & 0xffffffffu, low >> 32, high};
#pragma unroll
    for (int d = 0; d < 3; d++) {
      if (digits[d] != 0) {
        atomicAdd(of_target + static_cast<long long>(s.position / 32 + d) * t,
                  s.negative ? 0 - digits[d] : digits[d]);
      }
    }
  }
}

template <typename T>
__device__ void scatter_add_exact_round(T* out, unsigned long long* cells, int t) {
  const int COUNT = ScatterCells<T>::COUNT;
  for (long long i = first_element(); i < t; i += element_stride()) {
    int flags = static_cast<int>(cells[static_cast<long long>(COUNT) * t + i]);
    T sum =
        rounded_sum<T, 32>(reinterpret_cast<long long*>(cells + i), t, COUNT, Binary<T>::SMALLEST);
    out[i] = exact_result(sum, flags, (flags & MET_ANYTHING) != 0);
  }
}

#define SCATTER_ADD_EXACT(T, dtype)                                                            \
  extern "C" __global__ void scatter_add_exact_##dtype##_clear(                                \
      const T* src, const int* index, T* out, unsigned long long* cells, long long n, int t) { \
    for (long long i = first_element(); i < (ScatterCells<T>::COUNT + 1LL) * t;                \
         i += element_stride()) {                                                              \
      cells[i] = 0;                                                                            \
    }                                                                                          \
  }                                                                                            \
  extern "C" __global__ void scatter_add_exact_##dtype##_add(                                  \
      const T* src, const int* index, T* out, unsigned long long* cells, long long n, int t) { \
    scatter_add_exact(src, index, cells, n, t);                                                \
  }                                                                                            \
  extern "C" __global__ void scatter_add_exact_##dtype##_round(                                \
      const T* src, const int* index, T* out, unsigned long long* cells, long long n, int t) { \
    scatter_add_exact_round(out, cells, t);                                                    \
  }
FOR_F32_AND_F64(SCATTER_ADD_EXACT)
