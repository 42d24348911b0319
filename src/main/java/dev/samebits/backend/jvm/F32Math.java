package dev.samebits.backend.jvm;

/** {@link CanonicalMath} in f32. The text of f64's is made from this one. */
final class F32Math {
  private F32Math() {}

  static float exp(float x) {
    if (x != x) {
      return Float.NaN;
    } else if (x > ConstantsF32.EXP_HIGHEST) {
      return Float.POSITIVE_INFINITY;
    } else if (x < ConstantsF32.EXP_LOWEST) {
      return 0;
    }
    float k = nearest(x);
    float r = reduced(x, k);
    float one = 1 + r;
    return scaled(one + ((1 - one) + r + tail(x, k, r)), (int) k);
  }

  static float tanh(float x) {
    if (x != x) {
      return Float.NaN;
    }
    float z = Math.max(-2 * Math.abs(x), ConstantsF32.TANH_LOWEST);
    float k = nearest(z);
    float r = reduced(z, k);
    float one = 1 + r;
    float rest = (1 - one) + r + tail(z, k, r);
    float y = one + rest;
    float scale = powerOfTwo((int) k);
    float e = y * scale;
    float eLow = ((one - y) + rest) * scale;
    float above = 1 + e;
    float aboveLow = ((1 - above) + e) + eLow;
    float below = 1 - e;
    float belowLow = ((1 - below) - e) - eLow;
    // For a small x the high part is no longer than the low one: join and split them again.
    float n = below + belowLow;
    float nLow = (below - n) + belowLow;
    return Math.copySign(quotient(n, nLow, above, aboveLow), x);
  }

  static float sigmoid(float x) {
    if (x != x) {
      return Float.NaN;
    }
    float z = Math.max(-Math.abs(x), ConstantsF32.EXP_LOWEST);
    float k = nearest(z);
    float r = reduced(z, k);
    float one = 1 + r;
    float rest = (1 - one) + r + tail(z, k, r);
    float y = one + rest;
    float yLow = (one - y) + rest;
    // In the denominator a smaller power of two makes no difference.
    float scale = powerOfTwo((int) Math.max(k, 1 - ConstantsF32.BIAS));
    float e = y * scale;
    float above = 1 + e;
    float aboveLow = ((1 - above) + e) + yLow * scale;
    return x < 0
        ? scaled(quotient(y, yLow, above, aboveLow), (int) k)
        : quotient(1, 0, above, aboveLow);
  }

  static float log(float x) {
    if (!(x > 0) || x == Float.POSITIVE_INFINITY) {
      return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
    }
    boolean subnormal = x < Float.MIN_NORMAL;
    float normal = subnormal ? x * ConstantsF32.SUBNORMAL_SCALE : x;
    int e = Math.getExponent(normal);
    float m = normal * powerOfTwo(-e / 2) * powerOfTwo(-e - -e / 2);
    e -= subnormal ? ConstantsF32.SUBNORMAL_SHIFT : 0;
    if (m > ConstantsF32.SQRT_2) {
      m = m * 0.5f;
      e++;
    }
    float f = m - 1;
    float s = f / (2 + f);
    float z = s * s;
    float series = ConstantsF32.log(0);
    for (int i = 1; i < ConstantsF32.LOG_TERMS; i++) {
      series = Math.fma(series, z, ConstantsF32.log(i));
    }
    float square = 0.5f * f * f;
    float tail = Math.fma(s, Math.fma(series, z, square), e * ConstantsF32.LN2_LO);
    float hi = Math.fma(e, ConstantsF32.LN2_HI, f);
    float lo = Math.fma(e, ConstantsF32.LN2_HI, -hi) + f;
    return hi + (lo - (square - tail));
  }

  /** The integer nearest to x / ln 2. */
  private static float nearest(float x) {
    return Math.fma(x, ConstantsF32.LOG2_E, ConstantsF32.ROUNDER) - ConstantsF32.ROUNDER;
  }

  /** x - k ln 2, rounded. */
  private static float reduced(float x, float k) {
    return Math.fma(-k, ConstantsF32.LN2_HI, x) - k * ConstantsF32.LN2_LO;
  }

  /** exp(x - k ln 2) - 1 - r; what r lost in rounding is part of it. */
  private static float tail(float x, float k, float r) {
    float lost = Math.fma(-k, ConstantsF32.LN2_HI, x) - r - k * ConstantsF32.LN2_LO;
    float q = ConstantsF32.exp(0);
    for (int i = 1; i < ConstantsF32.EXP_TERMS; i++) {
      q = Math.fma(q, r, ConstantsF32.exp(i));
    }
    return Math.fma(r * r, q, lost);
  }

  /** (n + nLow) / (d + dLow), each low part about an ULP of its high part. */
  private static float quotient(float n, float nLow, float d, float dLow) {
    float inverse = 1 / d;
    float q = n * inverse;
    float error = Math.fma(-q, d, n) + Math.fma(-q, dLow, nLow);
    return Math.fma(error, inverse, q);
  }

  /** y times 2 to the power k, the first of two steps exact. */
  private static float scaled(float y, int k) {
    int half = k >> 1;
    return y * powerOfTwo(half) * powerOfTwo(k - half);
  }

  /** 2 to the power e, exact, for a normal result. */
  private static float powerOfTwo(int e) {
    return Float.intBitsToFloat((ConstantsF32.BIAS + e) << ConstantsF32.FRACTION);
  }
}
