package dev.samebits.backend.jvm;

/**
 * exp and log of the canonical order. This source is the definition: it uses only addition,
 * subtraction, multiplication, division and fma, each rounded to nearest even, so its bits are the
 * same wherever those five are IEEE 754; other backends copy the constants.
 *
 * <p>Error below 1 ULP over the whole range, subnormals included; the largest seen over all
 * 2<sup>32</sup> arguments of f32 and a dense random sample of f64 stands in {@code
 * src/site/markdown/determinism.md}. {@code exp(-inf) = +0}, {@code exp(+-0) = 1}, {@code log(1) =
 * +0}, {@code log(+-0) = -inf}, {@code log(x < 0) = NaN}; every NaN returned is the canonical one.
 *
 * <p><b>exp.</b> x = k ln 2 + r with k the integer nearest to x / ln 2, so |r| &lt; 0.347. ln 2 is
 * split in two (Cody and Waite): the high part has so few bits that k times it is exact, and c
 * keeps what r loses in rounding. The polynomial is Taylor's, its coefficients the correctly
 * rounded 1/n!: the first term left out is below 2<sup>-31</sup> of the result in f32
 * (r<sup>9</sup>/9!) and 2<sup>-62</sup> in f64 (r<sup>15</sup>/15!). 1 + r is added without loss
 * (Fast2Sum) and 2<sup>k</sup> multiplied in two exact steps; only a subnormal result is rounded
 * again.
 *
 * <p><b>log.</b> x = 2<sup>e</sup> (1 + f) with 1 + f in [sqrt 1/2, sqrt 2) and s = f / (2 + f).
 * Then log(1 + f) = 2 artanh s = f - f<sup>2</sup>/2 + s (f<sup>2</sup>/2 + R) with R = 2
 * s<sup>2</sup>/3 + 2 s<sup>4</sup>/5 + ..., the form of fdlibm's e_log.c (Sun Microsystems, 1993);
 * here R has the correctly rounded coefficients of the series itself, cut where s<sup>2</sup> &lt;
 * 0.0295 makes the next term smaller than 2<sup>-30</sup> (f32) or 2<sup>-60</sup> (f64) of the
 * result. e ln 2 is added in two parts.
 */
public final class CanonicalMath {
  // 1/n!, from n = 14 (f64) and n = 8 (f32) down to n = 2.
  private static final double[] EXP = {
    0x1.93974a8c07c9dp-37,
    0x1.6124613a86d09p-33,
    0x1.1eed8eff8d898p-29,
    0x1.ae64567f544e4p-26,
    0x1.27e4fb7789f5cp-22,
    0x1.71de3a556c734p-19,
    0x1.a01a01a01a01ap-16,
    0x1.a01a01a01a01ap-13,
    0x1.6c16c16c16c17p-10,
    0x1.1111111111111p-7,
    0x1.5555555555555p-5,
    0x1.5555555555555p-3,
    0x1p-1
  };
  private static final float[] EXP_F32 = {
    0x1.a01a02p-16f,
    0x1.a01a02p-13f,
    0x1.6c16c2p-10f,
    0x1.111112p-7f,
    0x1.555556p-5f,
    0x1.555556p-3f,
    0x1p-1f
  };
  // 2/(2n+1), from n = 11 (f64) and n = 5 (f32) down to n = 1.
  private static final double[] LOG = {
    0x1.642c8590b2164p-4,
    0x1.8618618618618p-4,
    0x1.af286bca1af28p-4,
    0x1.e1e1e1e1e1e1ep-4,
    0x1.1111111111111p-3,
    0x1.3b13b13b13b14p-3,
    0x1.745d1745d1746p-3,
    0x1.c71c71c71c71cp-3,
    0x1.2492492492492p-2,
    0x1.999999999999ap-2,
    0x1.5555555555555p-1
  };
  private static final float[] LOG_F32 = {
    0x1.745d18p-3f, 0x1.c71c72p-3f, 0x1.24924ap-2f, 0x1.99999ap-2f, 0x1.555556p-1f
  };
  // Added and subtracted again, these round to an integer: 1.5 times 2^52 and 2^23.
  private static final double ROUNDER = 0x1.8p52;
  private static final float ROUNDER_F32 = 0x1.8p23f;
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final float LOG2_E_F32 = 0x1.715476p0f;
  // The leading 42 and 15 bits of ln 2, and the rest.
  private static final double LN2_HI = 0x1.62e42fefa38p-1;
  private static final double LN2_LO = 0x1.ef35793c7673p-45;
  private static final float LN2_HI_F32 = 0x1.62e4p-1f;
  private static final float LN2_LO_F32 = 0x1.7f7d1cp-20f;
  private static final double SQRT_2 = 0x1.6a09e667f3bcdp0;
  private static final float SQRT_2_F32 = 0x1.6a09e6p0f;

  private CanonicalMath() {}

  /** e to the power x. */
  public static float exp(float x) {
    if (x != x) {
      return Float.NaN;
    } else if (x > 89) {
      return Float.POSITIVE_INFINITY;
    } else if (x < -104) {
      return 0;
    }
    float k = Math.fma(x, LOG2_E_F32, ROUNDER_F32) - ROUNDER_F32;
    float hi = Math.fma(-k, LN2_HI_F32, x);
    float lo = k * LN2_LO_F32;
    float r = hi - lo;
    float c = (hi - r) - lo;
    float q = EXP_F32[0];
    for (int i = 1; i < EXP_F32.length; i++) {
      q = Math.fma(q, r, EXP_F32[i]);
    }
    float tail = Math.fma(r * r, q, c);
    float one = 1 + r;
    float y = one + ((1 - one) + r + tail);
    int half = (int) k >> 1;
    return y * powerOfTwoF32(half) * powerOfTwoF32((int) k - half);
  }

  /** Natural logarithm of x. */
  public static float log(float x) {
    if (!(x > 0) || x == Float.POSITIVE_INFINITY) {
      return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
    }
    boolean subnormal = x < Float.MIN_NORMAL;
    float normal = subnormal ? x * 0x1p24f : x;
    int e = Math.getExponent(normal);
    float m = normal * powerOfTwoF32(-e / 2) * powerOfTwoF32(-e - -e / 2);
    e -= subnormal ? 24 : 0;
    if (m > SQRT_2_F32) {
      m = m * 0.5f;
      e++;
    }
    float f = m - 1;
    float s = f / (2 + f);
    float z = s * s;
    float series = LOG_F32[0];
    for (int i = 1; i < LOG_F32.length; i++) {
      series = Math.fma(series, z, LOG_F32[i]);
    }
    float square = 0.5f * f * f;
    float tail = Math.fma(s, Math.fma(series, z, square), e * LN2_LO_F32);
    float hi = Math.fma(e, LN2_HI_F32, f);
    float lo = Math.fma(e, LN2_HI_F32, -hi) + f;
    return hi + (lo - (square - tail));
  }

  /** e to the power x. */
  public static double exp(double x) {
    if (x != x) {
      return Double.NaN;
    } else if (x > 710) {
      return Double.POSITIVE_INFINITY;
    } else if (x < -746) {
      return 0;
    }
    double k = Math.fma(x, LOG2_E, ROUNDER) - ROUNDER;
    double hi = Math.fma(-k, LN2_HI, x);
    double lo = k * LN2_LO;
    double r = hi - lo;
    double c = (hi - r) - lo;
    double q = EXP[0];
    for (int i = 1; i < EXP.length; i++) {
      q = Math.fma(q, r, EXP[i]);
    }
    double tail = Math.fma(r * r, q, c);
    double one = 1 + r;
    double y = one + ((1 - one) + r + tail);
    int half = (int) k >> 1;
    return y * powerOfTwo(half) * powerOfTwo((int) k - half);
  }

  /** Natural logarithm of x. */
  public static double log(double x) {
    if (!(x > 0) || x == Double.POSITIVE_INFINITY) {
      return x == 0 ? Double.NEGATIVE_INFINITY : x > 0 ? x : Double.NaN;
    }
    boolean subnormal = x < Double.MIN_NORMAL;
    double normal = subnormal ? x * 0x1p54 : x;
    int e = Math.getExponent(normal);
    double m = normal * powerOfTwo(-e / 2) * powerOfTwo(-e - -e / 2);
    e -= subnormal ? 54 : 0;
    if (m > SQRT_2) {
      m = m * 0.5;
      e++;
    }
    double f = m - 1;
    double s = f / (2 + f);
    double z = s * s;
    double series = LOG[0];
    for (int i = 1; i < LOG.length; i++) {
      series = Math.fma(series, z, LOG[i]);
    }
    double square = 0.5 * f * f;
    double tail = Math.fma(s, Math.fma(series, z, square), e * LN2_LO);
    double hi = Math.fma(e, LN2_HI, f);
    double lo = Math.fma(e, LN2_HI, -hi) + f;
    return hi + (lo - (square - tail));
  }

  /** 2 to the power e, exact, for a normal result. */
  private static double powerOfTwo(int e) {
    return Double.longBitsToDouble((long) (e + 1023) << 52);
  }

  /** 2 to the power e, exact, for a normal result. */
  private static float powerOfTwoF32(int e) {
    return Float.intBitsToFloat((e + 127) << 23);
  }
}
