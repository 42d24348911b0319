// exp, log, tanh and sigmoid of the canonical order: the source of dev.samebits.backend.jvm.F32Math
// in CUDA, operation by operation, with the hex constants of ConstantsF32 and ConstantsF64. A test
// compares the constants, and others the bits of every function.
#pragma once

#include "common/real.cuh"

template <typename T>
struct Constants;

template <>
struct Constants<float> {
  typedef int Bits;
  static constexpr float ROUNDER = 0x1.8p23f;
  static constexpr float LOG2_E = 0x1.715476p0f;
  static constexpr float LN2_HI = 0x1.62e4p-1f;
  static constexpr float LN2_LO = 0x1.7f7d1cp-20f;
  static constexpr float SQRT_2 = 0x1.6a09e6p0f;
  static constexpr float EXP_HIGHEST = 89;
  static constexpr float EXP_LOWEST = -104;
  static constexpr float TANH_LOWEST = -80;
  static constexpr float SUBNORMAL_SCALE = 0x1p24f;
  static constexpr int SUBNORMAL_SHIFT = 24;
  static constexpr int FRACTION = 23;
  static constexpr int BIAS = 127;
  static constexpr float SMALLEST_NORMAL = 0x1p-126f;

  __device__ static float from_bits(int bits) { return __int_as_float(bits); }
  __device__ static int to_bits(float x) { return __float_as_int(x); }

  // Horner's scheme over 1/8!, ..., 1/2!.
  __device__ static float exp_series(float r) {
    float q = 0x1.a01a02p-16f;
    q = fma_rn(q, r, 0x1.a01a02p-13f);
    q = fma_rn(q, r, 0x1.6c16c2p-10f);
    q = fma_rn(q, r, 0x1.111112p-7f);
    q = fma_rn(q, r, 0x1.555556p-5f);
    q = fma_rn(q, r, 0x1.555556p-3f);
    return fma_rn(q, r, 0x1p-1f);
  }

  // Horner's scheme over 2/11, ..., 2/3.
  __device__ static float log_series(float z) {
    float q = 0x1.745d18p-3f;
    q = fma_rn(q, z, 0x1.c71c72p-3f);
    q = fma_rn(q, z, 0x1.24924ap-2f);
    q = fma_rn(q, z, 0x1.99999ap-2f);
    return fma_rn(q, z, 0x1.555556p-1f);
  }
};

template <>
struct Constants<double> {
  typedef long long Bits;
  static constexpr double ROUNDER = 0x1.8p52;
  static constexpr double LOG2_E = 0x1.71547652b82fep0;
  static constexpr double LN2_HI = 0x1.62e42fefa38p-1;
  static constexpr double LN2_LO = 0x1.ef35793c7673p-45;
  static constexpr double SQRT_2 = 0x1.6a09e667f3bcdp0;
  static constexpr double EXP_HIGHEST = 710;
  static constexpr double EXP_LOWEST = -746;
  static constexpr double TANH_LOWEST = -80;
  static constexpr double SUBNORMAL_SCALE = 0x1p54;
  static constexpr int SUBNORMAL_SHIFT = 54;
  static constexpr int FRACTION = 52;
  static constexpr int BIAS = 1023;
  static constexpr double SMALLEST_NORMAL = 0x1p-1022;

  __device__ static double from_bits(long long bits) { return __longlong_as_double(bits); }
  __device__ static long long to_bits(double x) { return __double_as_longlong(x); }

  // Horner's scheme over 1/14!, ..., 1/2!.
  __device__ static double exp_series(double r) {
    double q = 0x1.93974a8c07c9dp-37;
    q = fma_rn(q, r, 0x1.6124613a86d09p-33);
    q = fma_rn(q, r, 0x1.1eed8eff8d898p-29);
    q = fma_rn(q, r, 0x1.ae64567f544e4p-26);
    q = fma_rn(q, r, 0x1.27e4fb7789f5cp-22);
    q = fma_rn(q, r, 0x1.71de3a556c734p-19);
    q = fma_rn(q, r, 0x1.a01a01a01a01ap-16);
    q = fma_rn(q, r, 0x1.a01a01a01a01ap-13);
    q = fma_rn(q, r, 0x1.6c16c16c16c17p-10);
    q = fma_rn(q, r, 0x1.1111111111111p-7);
    q = fma_rn(q, r, 0x1.5555555555555p-5);
    q = fma_rn(q, r, 0x1.5555555555555p-3);
    return fma_rn(q, r, 0x1p-1);
  }

  // Horner's scheme over 2/23, ..., 2/3.
  __device__ static double log_series(double z) {
    double q = 0x1.642c8590b2164p-4;
    q = fma_rn(q, z, 0x1.8618618618618p-4);
    q = fma_rn(q, z, 0x1.af286bca1af28p-4);
    q = fma_rn(q, z, 0x1.e1e1e1e1e1e1ep-4);
    q = fma_rn(q, z, 0x1.1111111111111p-3);
    q = fma_rn(q, z, 0x1.3b13b13b13b14p-3);
    q = fma_rn(q, z, 0x1.745d1745d1746p-3);
    q = fma_rn(q, z, 0x1.c71c71c71c71cp-3);
    q = fma_rn(q, z, 0x1.2492492492492p-2);
    q = fma_rn(q, z, 0x1.999999999999ap-2);
    return fma_rn(q, z, 0x1.5555555555555p-1);
  }
};

template <typename T>
__device__ __forceinline__ T infinity() {
  typedef Constants<T> C;
  return C::from_bits(static_cast<typename C::Bits>(2 * C::BIAS + 1) << C::FRACTION);
}

template <typename T>
__device__ __forceinline__ T magnitude(T x) {
  return x < T(0) ? -x : x == T(0) ? T(0) : x;
}

// 2 to the power e, exact, for a normal result.
template <typename T>
__device__ __forceinline__ T power_of_two(int e) {
  typedef Constants<T> C;
  return C::from_bits(static_cast<typename C::Bits>(C::BIAS + e) << C::FRACTION);
}

// y times 2 to the power k, the first of two steps exact.
template <typename T>
__device__ __forceinline__ T scaled(T y, int k) {
  int half = k >> 1;
  return mul_rn(mul_rn(y, power_of_two<T>(half)), power_of_two<T>(k - half));
}

// The integer nearest to x / ln 2.
template <typename T>
__device__ __forceinline__ T nearest(T x) {
  return sub_rn(fma_rn(x, T(Constants<T>::LOG2_E), T(Constants<T>::ROUNDER)),
                T(Constants<T>::ROUNDER));
}

// exp(x) = (one + rest) 2^k.
template <typename T>
struct ExpParts {
  T k, one, rest;

  __device__ explicit ExpParts(T x) {
    typedef Constants<T> C;
    k = nearest(x);
    T high = fma_rn(-k, T(C::LN2_HI), x);
    T low = mul_rn(k, T(C::LN2_LO));
    T r = sub_rn(high, low);
    T lost = sub_rn(sub_rn(high, r), low);
    T tail = fma_rn(mul_rn(r, r), C::exp_series(r), lost);
    one = add_rn(T(1), r);
    rest = add_rn(add_rn(sub_rn(T(1), one), r), tail);
  }
};

// (n + nl) / (d + dl), each low part about an ULP of its high part.
template <typename T>
__device__ __forceinline__ T quotient(T n, T nl, T d, T dl) {
  T inverse = div_rn(T(1), d);
  T q = mul_rn(n, inverse);
  T error = add_rn(fma_rn(-q, d, n), fma_rn(-q, dl, nl));
  return fma_rn(error, inverse, q);
}

template <typename T>
__device__ T canonical_exp(T x) {
  typedef Constants<T> C;
  if (x != x) {
    return stored(x);
  } else if (x > C::EXP_HIGHEST) {
    return infinity<T>();
  } else if (x < C::EXP_LOWEST) {
    return T(0);
  }
  ExpParts<T> e(x);
  return scaled(add_rn(e.one, e.rest), static_cast<int>(e.k));
}

template <typename T>
__device__ T canonical_tanh(T x) {
  typedef Constants<T> C;
  if (x != x) {
    return stored(x);
  }
  T z = mul_rn(T(-2), magnitude(x));
  ExpParts<T> parts(z > C::TANH_LOWEST ? z : T(C::TANH_LOWEST));
  T y = add_rn(parts.one, parts.rest);
  T scale = power_of_two<T>(static_cast<int>(parts.k));
  T e = mul_rn(y, scale);
  T e_low = mul_rn(add_rn(sub_rn(parts.one, y), parts.rest), scale);
  T above = add_rn(T(1), e);
  T above_low = add_rn(add_rn(sub_rn(T(1), above), e), e_low);
  T below = sub_rn(T(1), e);
  T below_low = sub_rn(sub_rn(sub_rn(T(1), below), e), e_low);
  // For a small x the high part is no longer than the low one: join and split them again.
  T n = add_rn(below, below_low);
  T n_low = add_rn(sub_rn(below, n), below_low);
  T result = magnitude(quotient(n, n_low, above, above_low));
  return C::to_bits(x) < 0 ? -result : result;
}

template <typename T>
__device__ T canonical_sigmoid(T x) {
  typedef Constants<T> C;
  if (x != x) {
    return stored(x);
  }
  T z = -magnitude(x);
  ExpParts<T> parts(z > C::EXP_LOWEST ? z : T(C::EXP_LOWEST));
  int k = static_cast<int>(parts.k);
  T y = add_rn(parts.one, parts.rest);
  T y_low = add_rn(sub_rn(parts.one, y), parts.rest);
  // In the denominator a smaller power of two makes no difference.
  T scale = power_of_two<T>(max(k, 1 - C::BIAS));
  T e = mul_rn(y, scale);
  T above = add_rn(T(1), e);
  T above_low = add_rn(add_rn(sub_rn(T(1), above), e), mul_rn(y_low, scale));
  return x < T(0) ? scaled(quotient(y, y_low, above, above_low), k)
                  : quotient(T(1), T(0), above, above_low);
}

template <typename T>
__device__ T canonical_log(T x) {
  typedef Constants<T> C;
  if (!(x > T(0)) || x == infinity<T>()) {
    return x == T(0) ? -infinity<T>() : x > T(0) ? x : not_a_number<T>();
  }
  bool subnormal = x < C::SMALLEST_NORMAL;
  T normal = subnormal ? mul_rn(x, T(C::SUBNORMAL_SCALE)) : x;
  int e = static_cast<int>(C::to_bits(normal) >> C::FRACTION) - C::BIAS;
  int half = -e / 2;
  T m = mul_rn(mul_rn(normal, power_of_two<T>(half)), power_of_two<T>(-e - half));
  e -= subnormal ? C::SUBNORMAL_SHIFT : 0;
  if (m > C::SQRT_2) {
    m = mul_rn(m, T(0.5));
    e++;
  }
  T f = sub_rn(m, T(1));
  T s = div_rn(f, add_rn(T(2), f));
  T z = mul_rn(s, s);
  T series = C::log_series(z);
  T square = mul_rn(mul_rn(T(0.5), f), f);
  T exponent = rounded<T>(e);
  T tail = fma_rn(s, fma_rn(series, z, square), mul_rn(exponent, T(C::LN2_LO)));
  T high = fma_rn(exponent, T(C::LN2_HI), f);
  T low = add_rn(fma_rn(exponent, T(C::LN2_HI), -high), f);
  return add_rn(high, sub_rn(low, sub_rn(square, tail)));
}
