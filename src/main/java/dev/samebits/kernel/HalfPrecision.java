package dev.samebits.kernel;

/**
 * Conversions between f32 and the two types of 16 bits. To f32 they are exact; from f32 they round
 * to nearest, ties to even, subnormals kept, and to infinity where IEEE 754 does. A NaN stays a
 * NaN; its payload may change. (The JDK has them for binary16 alone, from release 20 on.)
 */
public final class HalfPrecision {
  /** The bits of f32's infinity. */
  private static final int INFINITY = 0x7f800000;

  /** 65520, the middle between the largest binary16 number and the next power of two. */
  private static final int F16_OVERFLOW = 0x477ff000;

  /** 2^-14, the smallest normal binary16 number. */
  private static final int F16_NORMAL = 0x38800000;

  private HalfPrecision() {}

  /** The value of a binary16 number. */
  public static float fromF16(short x) {
    int sign = (x & 0x8000) << 16;
    int magnitude = x & 0x7fff;
    if (magnitude < 0x400) { // subnormal, or 0
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * 0x1p-24f));
    }
    // Both fractions begin at the top; the exponent's bias is 127 for 15, and all ones stay so.
    int bits = (magnitude << 13) + (magnitude < 0x7c00 ? 112 << 23 : 224 << 23);
    return Float.intBitsToFloat(sign | bits);
  }

  /** The nearest binary16 number: 1 bit sign, 5 exponent, 10 fraction. */
  public static short toF16(float x) {
    int bits = Float.floatToRawIntBits(x);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & Integer.MAX_VALUE;
    if (magnitude > INFINITY) {
      return (short) (sign | 0x7e00 | magnitude >>> 13 & 0x3ff);
    } else if (magnitude >= F16_OVERFLOW) {
      return (short) (sign | 0x7c00);
    } else if (magnitude < F16_NORMAL) {
      return (short) (sign | (int) Math.rint(Math.abs((double) x) * 0x1p24));
    }
    return (short) (sign | (magnitude - (112 << 23) + 0xfff + (magnitude >>> 13 & 1)) >>> 13);
  }

  /** The value of a bfloat16 number. */
  public static float fromBf16(short x) {
    return Float.intBitsToFloat(x << 16);
  }

  /** The nearest bfloat16 number: the upper half of an f32 number. */
  public static short toBf16(float x) {
    int bits = Float.floatToRawIntBits(x);
    return (short)
        ((bits & Integer.MAX_VALUE) > INFINITY
            ? bits >>> 16 | 0x40
            : bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
