package dev.samebits.backend.jvm;

/** The constants of {@link CanonicalMath} in f64; {@link ConstantsF32} says what they are. */
public final class ConstantsF64 {
  /** Number of coefficients of the exponential's tail. */
  public static final int EXP_TERMS = 13;

  /** Number of coefficients of the logarithm's series. */
  public static final int LOG_TERMS = 11;

  /** Added and subtracted again, it rounds to an integer, which it leaves in the low bits. */
  public static final double ROUNDER = 0x1.8p52;

  /** {@link #ROUNDER} with the exponent of the smallest normal number in its low bits. */
  public static final double LOWEST_ROUNDED = ROUNDER - 1022;

  /** 1 / ln 2. */
  public static final double LOG2_E = 0x1.71547652b82fep0;

  /** The leading 42 bits of ln 2: its product with an exponent is exact. */
  public static final double LN2_HI = 0x1.62e42fefa38p-1;

  /** ln 2 minus {@link #LN2_HI}. */
  public static final double LN2_LO = 0x1.ef35793c7673p-45;

  /** Square root of 2. */
  public static final double SQRT_2 = 0x1.6a09e667f3bcdp0;

  /** Above it exp overflows. */
  public static final double EXP_HIGHEST = 710;

  /** Below it exp is under half of the smallest subnormal. */
  public static final double EXP_LOWEST = -746;

  /** Below it 1 - exp and 1 + exp round to 1, with room to spare. */
  public static final double TANH_LOWEST = -80;

  /** Makes every subnormal number normal. */
  public static final double SUBNORMAL_SCALE = 0x1p54;

  /** The exponent of {@link #SUBNORMAL_SCALE}. */
  public static final int SUBNORMAL_SHIFT = 54;

  /** Bits of a fraction. */
  public static final int FRACTION = 52;

  /** What is added to an exponent when it is stored. */
  public static final long BIAS = 1023;

  /** The bits of -0. */
  public static final long SIGN = 0x8000000000000000L;

  /** The bits of 1. */
  public static final long ONE = 0x3ff0000000000000L;

  /** The bits of a number that are its fraction. */
  public static final long FRACTION_MASK = 0x000fffffffffffffL;

  /** The bits of half the number above {@link #SQRT_2}. */
  public static final long HALF_SQRT_2 = 0x3fe6a09e667f3bceL;

  /** The bits of 2^52: with a small integer in the low bits, the number 2^52 + that integer. */
  public static final long INTEGER = 0x4330000000000000L;

  /** 2^52 plus the bias: the {@link #INTEGER} of a stored exponent minus this is the exponent. */
  public static final double EXPONENT_0 = 0x1p52 + BIAS;

  // 1/14!, ..., 1/2!.
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
  // 2/23, 2/21, ..., 2/3.
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

  private ConstantsF64() {}

  /** 1 / (EXP_TERMS + 1 - i)!, the coefficients in Horner's order. */
  public static double exp(int i) {
    return EXP[i];
  }

  /** 2 / (2 (LOG_TERMS - i) + 1), the coefficients in Horner's order. */
  public static double log(int i) {
    return LOG[i];
  }
}
