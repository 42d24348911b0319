// What a .cu file of kernels/ needs to be compiled by g++ and run on the CPU, unchanged:
//   g++ -x c++ -include cuda_shim.h -I kernels -std=c++17 -O2 -mfma -ffp-contract=off ...
//
// The threads of a block are fibers of one thread of the operating system, and blocks run one after
// another, so an atomic operation is a plain one. The order of the blocks, and of the threads
// between two barriers, comes from the seed of a launch: what depends on an order that CUDA leaves
// open shows as other bits under another seed. Seed 0 is ascending order.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

// noinline marks the kernels for build.sh, which collects their names.
#define __global__ __attribute__((noinline))
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __restrict__ __restrict
#define __launch_bounds__(...)
#define __align__(n) alignas(n)
// One variable for all translation units.
#define __constant__ __attribute__((weak))
// thread_local makes a variable in a function static, and may follow extern: what __shared__ does.
#define __shared__ thread_local

struct uint3 {
  unsigned x, y, z;
};
struct dim3 : uint3 {};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(16) double2 {
  double x, y;
};
struct alignas(8) ushort4 {
  unsigned short x, y, z, w;
};

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;

namespace shim {

/// Waits for all threads of the block.
void block_barrier();

/// Gives `value` to the other lanes named by `mask`, waits for theirs, and returns all 32.
const uint64_t* exchange(unsigned mask, uint64_t value);

/// The lane of the running thread in its warp.
int lane();

template <typename T>
uint64_t to_bits(T value) {
  static_assert(sizeof(T) <= 8, "a lane exchanges at most 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename T>
T from_bits(uint64_t bits) {
  T value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// One kernel: its symbol, the sizes of its parameters, and how to call it.
struct Kernel {
  const char* symbol;
  int count;
  const int* sizes;
  void (*call)(void (*function)(), void** params);
  void (*function)();
  Kernel* next;
};

void add(Kernel* kernel);

template <typename F>
struct Signature;

template <typename... A>
struct Signature<void (*)(A...)> {
  static constexpr int count = sizeof...(A);
  static constexpr int sizes[] = {sizeof(A)..., 0};

  template <int... I>
  struct Indices {};
  template <int N, int... I>
  struct Make : Make<N - 1, N - 1, I...> {};
  template <int... I>
  struct Make<0, I...> {
    using type = Indices<I...>;
  };

  template <int... I>
  static void spread(void (*f)(A...), void** params, Indices<I...>) {
    f(*static_cast<A*>(params[I])...);
  }

  static void call(void (*f)(), void** params) {
    spread(reinterpret_cast<void (*)(A...)>(f), params, typename Make<count>::type());
  }
};

/// Registers a kernel when the library is loaded.
template <typename F>
struct Registered {
  Kernel kernel;
  Registered(const char* symbol, F f)
      : kernel{symbol,
               Signature<F>::count,
               Signature<F>::sizes,
               Signature<F>::call,
               reinterpret_cast<void (*)()>(f),
               nullptr} {
    add(&kernel);
  }
};

}  // namespace shim

inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline double2 make_double2(double x, double y) { return {x, y}; }

inline void __syncthreads() { shim::block_barrier(); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { shim::exchange(mask, 0); }

template <typename T>
T __shfl_sync(unsigned mask, T value, int source) {
  return shim::from_bits<T>(shim::exchange(mask, shim::to_bits(value))[source & 31]);
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta) {
  int from = shim::lane() + static_cast<int>(delta);
  const uint64_t* all = shim::exchange(mask, shim::to_bits(value));
  return from < 32 ? shim::from_bits<T>(all[from]) : value;
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int bits) {
  return shim::from_bits<T>(shim::exchange(mask, shim::to_bits(value))[shim::lane() ^ bits]);
}
inline unsigned __ballot_sync(unsigned mask, int predicate) {
  const uint64_t* all = shim::exchange(mask, predicate != 0);
  unsigned ballot = 0;
  for (int i = 0; i < 32; i++) {
    ballot |= (mask >> i & 1) && all[i] ? 1u << i : 0;
  }
  return ballot;
}

inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
inline double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __dsqrt_rn(double a) { return __builtin_sqrt(a); }
inline float __ll2float_rn(long long a) { return static_cast<float>(a); }
inline double __ll2double_rn(long long a) { return static_cast<double>(a); }

inline int __float_as_int(float a) { return shim::from_bits<int>(shim::to_bits(a)); }
inline float __int_as_float(int a) { return shim::from_bits<float>(shim::to_bits(a)); }
inline long long __double_as_longlong(double a) {
  return shim::from_bits<long long>(shim::to_bits(a));
}
inline double __longlong_as_double(long long a) {
  return shim::from_bits<double>(shim::to_bits(a));
}
inline int __clzll(long long a) { return a == 0 ? 64 : __builtin_clzll(a); }
inline int __popc(unsigned a) { return __builtin_popcount(a); }
inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>(uint64_t(a) * b >> 32);
}
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return static_cast<unsigned long long>(static_cast<unsigned __int128>(a) * b >> 64);
}

template <typename T>
T min(T a, T b) {
  return b < a ? b : a;
}
template <typename T>
T max(T a, T b) {
  return a < b ? b : a;
}

template <typename T>
T atomicAdd(T* at, T value) {
  T old = *at;
  *at = old + value;
  return old;
}
template <typename T>
T atomicOr(T* at, T value) {
  T old = *at;
  *at = old | value;
  return old;
}
