// Arithmetic that carries bits, spelled: each function is one IEEE 754 operation, rounded to
// nearest even, subnormals kept, whatever flags the compiler is given (but --use_fast_math, which
// flushes even here and is banned). A plain a * b + c would become an fma under nvcc's defaults.
#pragma once

__device__ __forceinline__ float fma_rn(float a, float b, float c) { return __fmaf_rn(a, b, c); }
__device__ __forceinline__ double fma_rn(double a, double b, double c) { return __fma_rn(a, b, c); }
__device__ __forceinline__ float add_rn(float a, float b) { return __fadd_rn(a, b); }
__device__ __forceinline__ double add_rn(double a, double b) { return __dadd_rn(a, b); }
__device__ __forceinline__ float sub_rn(float a, float b) { return __fsub_rn(a, b); }
__device__ __forceinline__ double sub_rn(double a, double b) { return __dsub_rn(a, b); }
__device__ __forceinline__ float mul_rn(float a, float b) { return __fmul_rn(a, b); }
__device__ __forceinline__ double mul_rn(double a, double b) { return __dmul_rn(a, b); }
__device__ __forceinline__ float div_rn(float a, float b) { return __fdiv_rn(a, b); }
__device__ __forceinline__ double div_rn(double a, double b) { return __ddiv_rn(a, b); }
__device__ __forceinline__ float sqrt_rn(float a) { return __fsqrt_rn(a); }
__device__ __forceinline__ double sqrt_rn(double a) { return __dsqrt_rn(a); }

// A count in the type of a call.
template <typename T>
__device__ __forceinline__ T rounded(long long n);
template <>
__device__ __forceinline__ float rounded<float>(long long n) {
  return __ll2float_rn(n);
}
template <>
__device__ __forceinline__ double rounded<double>(long long n) {
  return __ll2double_rn(n);
}

// The NaN that canonical kernels write: 7fc00000, 7ff8000000000000. Payloads differ between
// machines, so every NaN is replaced when it is stored.
template <typename T>
__device__ __forceinline__ T not_a_number();
template <>
__device__ __forceinline__ float not_a_number<float>() {
  return __int_as_float(0x7fc00000);
}
template <>
__device__ __forceinline__ double not_a_number<double>() {
  return __longlong_as_double(0x7ff8000000000000LL);
}
template <typename T>
__device__ __forceinline__ T stored(T x) {
  return x == x ? x : not_a_number<T>();
}

// 16 bytes, the widest load: VEC elements.
template <typename T>
struct Vec;
template <>
struct Vec<float> {
  typedef float4 Type;
  static const int N = 4;
};
template <>
struct Vec<double> {
  typedef double2 Type;
  static const int N = 2;
};

__device__ __forceinline__ void split(float4 v, float (&x)[4]) {
  x[0] = v.x;
  x[1] = v.y;
  x[2] = v.z;
  x[3] = v.w;
}
__device__ __forceinline__ void split(double2 v, double (&x)[2]) {
  x[0] = v.x;
  x[1] = v.y;
}
__device__ __forceinline__ float4 joined(const float (&x)[4]) {
  return make_float4(x[0], x[1], x[2], x[3]);
}
__device__ __forceinline__ double2 joined(const double (&x)[2]) { return make_double2(x[0], x[1]); }

// Whether a vector may be loaded from or stored to this address.
template <typename V>
__device__ __forceinline__ bool aligned(const void* at) {
  return reinterpret_cast<unsigned long long>(at) % sizeof(V) == 0;
}

// Expands a definition for both element types: define(type, name in symbols).
#define FOR_F32_AND_F64(define) define(float, f32) define(double, f64)
