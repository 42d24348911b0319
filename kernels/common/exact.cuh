// Sums without rounding: a superaccumulator, a fixed-point integer over the whole range of
// exponents in signed 64-bit cells of RADIX bits each (U. Kulisch, W. Miranker, SIAM Review 28,
// 1986, doi:10.1137/1028001). Additions of integers commute, so neither the order of the elements
// nor that of atomic operations can be seen in the result; it is rounded once, at the end.
#pragma once

#include "common/launch.cuh"
#include "common/real.cuh"

// What has been met among the addends.
const int MET_INFINITY = 1;
const int MET_MINUS_INFINITY = 2;
const int MET_NAN = 4;
const int MET_OTHER_THAN_MINUS_ZERO = 8;

// How numbers of a type are written, and what rounding to it needs.
template <typename T>
struct Binary;

template <>
struct Binary<float> {
  static const int PRECISION = 24;
  static const int NOT_FINITE = 255;
  static const int SMALLEST = -149;  // exponent of the smallest subnormal
  typedef unsigned Bits;
  __device__ static unsigned bits(float x) { return static_cast<unsigned>(__float_as_int(x)); }
  __device__ static float number(unsigned bits) { return __int_as_float(static_cast<int>(bits)); }
};

template <>
struct Binary<double> {
  static const int PRECISION = 53;
  static const int NOT_FINITE = 2047;
  static const int SMALLEST = -1074;
  typedef unsigned long long Bits;
  __device__ static unsigned long long bits(double x) {
    return static_cast<unsigned long long>(__double_as_longlong(x));
  }
  __device__ static double number(unsigned long long bits) {
    return __longlong_as_double(static_cast<long long>(bits));
  }
};

// |x| = significand 2^(position + SMALLEST).
template <typename T>
struct Scientific {
  typename Binary<T>::Bits significand;
  int position;
  bool negative;
  bool finite;

  __device__ explicit Scientific(T x) {
    typedef Binary<T> B;
    typename B::Bits bits = B::bits(x);
    int field = static_cast<int>(bits >> (B::PRECISION - 1)) & B::NOT_FINITE;
    typename B::Bits fraction =
        bits & ((static_cast<typename B::Bits>(1) << (B::PRECISION - 1)) - 1);
    negative = bits >> (8 * sizeof(T) - 1) != 0;
    finite = field != B::NOT_FINITE;
    significand = fraction | static_cast<typename B::Bits>(field != 0) << (B::PRECISION - 1);
    position = field - (field != 0);
  }
};

template <typename T>
__device__ __forceinline__ int met(T x) {
  return x != x ? MET_NAN : x > T(0) ? MET_INFINITY : MET_MINUS_INFINITY;
}

// Brings all cells but the last into 0 to 2^RADIX - 1; the last then bears the sign.
template <int RADIX>
__device__ void carry(long long* cells, long long stride, int count) {
  long long carried = 0;
  for (int i = 0; i < count - 1; i++) {
    long long sum = cells[i * stride] + carried;
    carried = sum >> RADIX;
    cells[i * stride] = sum & ((1LL << RADIX) - 1);
  }
  cells[(count - 1) * stride] += carried;
}

// The sum in `cells`, whose lowest bit is worth 2^lowest, rounded to nearest even; 0 for a sum that
// rounds to zero. Changes the cells.
template <typename T, int RADIX>
__device__ T rounded_sum(long long* cells, long long stride, int count, int lowest) {
  typedef Binary<T> B;
  carry<RADIX>(cells, stride, count);
  bool negative = cells[(count - 1) * stride] < 0;
  if (negative) {
    for (int i = 0; i < count; i++) {
      cells[i * stride] = -cells[i * stride];
    }
    carry<RADIX>(cells, stride, count);
  }
  int highest = count - 1;
  while (highest >= 0 && cells[highest * stride] == 0) {
    highest--;
  }
  if (highest < 0) {
    return T(0);
  }
  int top = highest * RADIX + 63 - __clzll(cells[highest * stride]);
  int last = max(top - B::PRECISION + 1, B::SMALLEST - lowest);
  // Bits of the last cell beyond RADIX are found by asking it for them.
  auto bit = [=](int position) {
    int cell = min(position / RADIX, count - 1);
    return static_cast<unsigned long long>(cells[cell * stride]) >> (position - cell * RADIX) & 1;
  };
  unsigned long long m = 0;
  for (int i = top; i >= last; i--) {
    m = m << 1 | bit(i);
  }
  if (last > 0 && last <= top + 1 && bit(last - 1) != 0) {
    bool sticky = false;
    for (int i = 0; i < last - 1 && !sticky; i++) {
      sticky = bit(i) != 0;
    }
    m += (m & 1) != 0 || sticky;
  }
  if (m >> B::PRECISION != 0) {
    m >>= 1;
    last++;
  }
  if (m == 0) {
    return T(0);
  }
  int field = (m >> (B::PRECISION - 1)) != 0 ? last + lowest - B::SMALLEST + 1 : 0;
  unsigned long long bits = static_cast<unsigned long long>(B::NOT_FINITE) << (B::PRECISION - 1);
  if (field < B::NOT_FINITE) {
    bits = static_cast<unsigned long long>(field) << (B::PRECISION - 1) |
           (m & ((1ULL << (B::PRECISION - 1)) - 1));
  }
  bits |= static_cast<unsigned long long>(negative) << (8 * sizeof(T) - 1);
  return B::number(static_cast<typename B::Bits>(bits));
}

// The result from the rounded finite part and what was met.
template <typename T>
__device__ T exact_result(T sum, int flags, bool any) {
  if ((flags & MET_NAN) != 0 || (flags & 3) == 3) {
    return not_a_number<T>();
  }
  if ((flags & 3) != 0) {
    T infinite = div_rn(T(1), T(0));
    return (flags & MET_INFINITY) != 0 ? infinite : -infinite;
  }
  return sum != T(0) ? sum : any && (flags & MET_OTHER_THAN_MINUS_ZERO) == 0 ? T(-0.0) : T(0);
}
