package dev.samebits.backend.jvm;

/**
 * The constants of {@link CanonicalMath} in f32. Each is the real number named in its comment,
 * rounded to nearest unless it says otherwise; a test computes them again from exact series. {@link
 * ConstantsF64} has the same names.
 */
public final class ConstantsF32 {
  /** Number of coefficients of the exponential's tail. */
  public static final int EXP_TERMS = 7;

  /** Number of coefficients of the logarithm's series. */
  public static final int LOG_TERMS = 5;

  /** Added and subtracted again, it rounds to an integer, which it leaves in the low bits. */
  public static final float ROUNDER = 0x1.8p23f;

  /** {@link #ROUNDER} with the exponent of the smallest normal number in its low bits. */
  public static final float LOWEST_ROUNDED = ROUNDER - 126;

  /** 1 / ln 2. */
  public static final float LOG2_E = 0x1.715476p0f;

  /** The leading 15 bits of ln 2: its product with an exponent is exact. */
  public static final float LN2_HI = 0x1.62e4p-1f;

  /** ln 2 minus {@link #LN2_HI}. */
  public static final float LN2_LO = 0x1.7f7d1cp-20f;

  /** Square root of 2. */
  public static final float SQRT_2 = 0x1.6a09e6p0f;

  /** Above it exp overflows. */
  public static final float EXP_HIGHEST = 89;

  /** Below it exp is under half of the smallest subnormal. */
  public static final float EXP_LOWEST = -104;

  /** Below it 1 - exp and 1 + exp round to 1, with room to spare. */
  public static final float TANH_LOWEST = -80;

  /** Makes every subnormal number normal. */
  public static final float SUBNORMAL_SCALE = 0x1p24f;

  /** The exponent of {@link #SUBNORMAL_SCALE}. */
  public static final int SUBNORMAL_SHIFT = 24;

  /** Bits of a fraction. */
  public static final int FRACTION = 23;

  /** What is added to an exponent when it is stored. */
  public static final int BIAS = 127;

  /** The bits of -0. */
  public static final int SIGN = 0x80000000;

  /** The bits of 1. */
  public static final int ONE = 0x3f800000;

  /** The bits of a number that are its fraction. */
  public static final int FRACTION_MASK = 0x007fffff;

  /** The bits of half the number above {@link #SQRT_2}. */
  public static final int HALF_SQRT_2 = 0x3f3504f4;

  /** The bits of 2^23: with a small integer in the low bits, the number 2^23 + that integer. */
  public static final int INTEGER = 0x4b000000;

  /** 2^23 plus the bias: the {@link #INTEGER} of a stored exponent minus this is the exponent. */
  public static final float EXPONENT_0 = 0x1p23f + BIAS;

  // 1/8!, ..., 1/2!.
  private static final float[] EXP = {
    0x1.a01a02p-16f,
    0x1.a01a02p-13f,
    0x1.6c16c2p-10f,
    0x1.111112p-7f,
    0x1.555556p-5f,
    0x1.555556p-3f,
    0x1p-1f
  };
  // 2/11, 2/9, ..., 2/3.
  private static final float[] LOG = {
    0x1.745d18p-3f, 0x1.c71c72p-3f, 0x1.24924ap-2f, 0x1.99999ap-2f, 0x1.555556p-1f
  };

  private ConstantsF32() {}

  /** 1 / (EXP_TERMS + 1 - i)!, the coefficients in Horner's order. */
  public static float exp(int i) {
    return EXP[i];
  }

  /** 2 / (2 (LOG_TERMS - i) + 1), the coefficients in Horner's order. */
  public static float log(int i) {
    return LOG[i];
  }
}
