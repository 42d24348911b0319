package dev.samebits.metric;

import dev.samebits.kernel.DType;
import java.util.Arrays;

/**
 * A sum of f64 numbers and of products of two, without any rounding: a superaccumulator, a
 * fixed-point integer that covers the whole exponent range of a product of two f64 numbers (2^-2148
 * to 2^2048) with room above for carries. Kulisch and Miranker, "The arithmetic of the digital
 * computer: a new approach", SIAM Review 28, 1986 (doi:10.1137/1028001). The order of the additions
 * does not matter. A few ns an addition; faster kernels collect most of a sum elsewhere and hand it
 * over by {@link #addScaled}.
 */
public final class ExactSum {
  /** The exponent of the lowest bit: that of the square of the smallest subnormal. */
  private static final int LOWEST = 2 * (Double.MIN_EXPONENT - 52);

  private static final int DIGIT_BITS = 32;
  private static final long DIGIT_MASK = 0xFFFFFFFFL;
  private static final int DIGITS = (2048 - LOWEST) / DIGIT_BITS + 3;

  /** Each addition changes a digit by less than 2^32, so a signed long holds 2^30 of them. */
  private static final int MAX_PENDING = 1 << 30;

  private final int maxPending;

  /** Base 2^32, lowest first; signed and not carried until {@link #carry}. */
  private final long[] digits = new long[DIGITS];

  /** The digits of the magnitude, while a negative sum is rounded. */
  private final long[] negated = new long[DIGITS];

  private int pending;

  /** The sum of the addends that are not finite: 0, an infinity or NaN. */
  private double special;

  /** An empty sum. */
  public ExactSum() {
    this(MAX_PENDING);
  }

  /** An empty sum that carries after so many additions: for tests. */
  ExactSum(int maxPending) {
    this.maxPending = maxPending;
  }

  /** Makes it empty again. */
  public void clear() {
    Arrays.fill(digits, 0);
    pending = 0;
    special = 0;
  }

  /** Adds a number. */
  public void add(double x) {
    if (!Double.isFinite(x)) {
      special += x;
      return;
    }
    addBits(significand(x), 0, exponent(x) - LOWEST, x < 0);
  }

  /**
   * Adds {@code significand * 2^exponent}.
   *
   * @param exponent -2148 to 1984, so that every bit has a place
   */
  public void addScaled(long significand, int exponent) {
    addBits(Math.abs(significand), 0, exponent - LOWEST, significand < 0);
  }

  /** Adds another sum. */
  public void add(ExactSum other) {
    other.carry();
    for (int i = 0; i < DIGITS; i++) {
      digits[i] += other.digits[i];
    }
    special += other.special;
    countAddition();
  }

  /** Adds the exact product of two numbers. */
  public void addProduct(double x, double y) {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      special += x * y;
      return;
    }
    long m = significand(x);
    long n = significand(y);
    addBits(m * n, Math.multiplyHigh(m, n), exponent(x) + exponent(y) - LOWEST, x < 0 != y < 0);
  }

  private static long significand(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long fraction = bits & (1L << 52) - 1;
    return (bits >>> 52 & 0x7FF) == 0 ? fraction : fraction | 1L << 52;
  }

  /** The exponent of the significand's lowest bit. */
  private static int exponent(double x) {
    return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
  }

  /** Adds a magnitude of up to 106 bits whose lowest bit has the given position. */
  private void addBits(long low, long high, int position, boolean negative) {
    int at = position / DIGIT_BITS;
    int shift = position % DIGIT_BITS;
    long sign = negative ? -1 : 1;
    long rest = shift == 0 ? 0 : low >>> (64 - shift);
    long middle = high << shift | rest;
    long top = shift == 0 ? 0 : high >>> (64 - shift);
    digits[at] += sign * (low << shift & DIGIT_MASK);
    digits[at + 1] += sign * (low << shift >>> DIGIT_BITS);
    digits[at + 2] += sign * (middle & DIGIT_MASK);
    digits[at + 3] += sign * (middle >>> DIGIT_BITS);
    digits[at + 4] += sign * top;
    countAddition();
  }

  private void countAddition() {
    if (++pending >= maxPending) {
      carry();
    }
  }

  /** Brings all digits but the top one into 0 to 2^32 - 1; the top one then bears the sign. */
  private void carry() {
    for (int i = 0; i < DIGITS - 1; i++) {
      digits[i + 1] += digits[i] >> DIGIT_BITS;
      digits[i] &= DIGIT_MASK;
    }
    pending = 0;
  }

  /** The sum, correctly rounded to nearest even in f32 or f64; a zero sum is +0. */
  public double round(DType dtype) {
    if (special != 0) {
      return special;
    }
    Scaled s = scaled(precision(dtype), minExponent(dtype));
    double value = Math.scalb((double) s.significand, s.exponent);
    // A significand of 24 bits is exact in f64, so the cast can only overflow, never round.
    return dtype == DType.F32 ? (float) value : value;
  }

  /**
   * How far a computed result is from this sum, in units in the last place: {@code |computed - sum|
   * / ulp}, where ulp is the distance of neighbours in the binade that holds the sum (the smallest
   * subnormal below the normal range). Infinity if only one of the two is finite after rounding or
   * both differ; 0 if both are NaN.
   */
  double ulpError(double computed, DType dtype) {
    double rounded = round(dtype);
    if (!Double.isFinite(computed) || !Double.isFinite(rounded)) {
      return Double.compare(computed, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    int ulpExponent = Math.max(topBit() - precision(dtype) + 1, minExponent(dtype));
    ExactSum difference = new ExactSum();
    System.arraycopy(digits, 0, difference.digits, 0, DIGITS);
    difference.add(-computed);
    Scaled s = difference.scaled(53, LOWEST);
    return Math.scalb((double) Math.abs(s.significand), s.exponent - ulpExponent);
  }

  private static int precision(DType dtype) {
    return dtype == DType.F32 ? 24 : 53;
  }

  private static int minExponent(DType dtype) {
    return dtype == DType.F32 ? Float.MIN_EXPONENT - 23 : Double.MIN_EXPONENT - 52;
  }

  /** A value significand * 2^exponent. */
  private record Scaled(long significand, int exponent) {}

  /** Rounded to nearest even, to at most {@code precision} bits and a multiple of 2^minExponent. */
  private Scaled scaled(int precision, int minExponent) {
    long[] magnitude = magnitude();
    int top = topBit(magnitude);
    if (top < 0) {
      return new Scaled(0, minExponent);
    }
    int last = Math.max(top - precision + 1, minExponent - LOWEST);
    long m = 0;
    for (int bit = top; bit >= last; bit--) {
      m = m << 1 | bit(magnitude, bit);
    }
    boolean up = last > 0 && bit(magnitude, last - 1) == 1;
    if (up && ((m & 1) == 1 || anyBelow(magnitude, last - 1))) {
      m++;
    }
    return new Scaled(digits[DIGITS - 1] < 0 ? -m : m, last + LOWEST);
  }

  /** The exponent of the highest bit of the sum's magnitude; very small for a zero sum. */
  private int topBit() {
    int top = topBit(magnitude());
    return top < 0 ? Integer.MIN_VALUE / 2 : top + LOWEST;
  }

  private long[] magnitude() {
    carry();
    if (digits[DIGITS - 1] >= 0) {
      return digits;
    }
    long carry = 0;
    for (int i = 0; i < DIGITS; i++) {
      long digit = carry - digits[i];
      negated[i] = i < DIGITS - 1 ? digit & DIGIT_MASK : digit;
      carry = digit >> DIGIT_BITS;
    }
    return negated;
  }

  private static int topBit(long[] magnitude) {
    for (int i = DIGITS - 1; i >= 0; i--) {
      if (magnitude[i] != 0) {
        return i * DIGIT_BITS + 63 - Long.numberOfLeadingZeros(magnitude[i]);
      }
    }
    return -1;
  }

  private static long bit(long[] magnitude, int position) {
    return magnitude[position / DIGIT_BITS] >>> position % DIGIT_BITS & 1;
  }

  private static boolean anyBelow(long[] magnitude, int position) {
    for (int i = 0; i < position / DIGIT_BITS; i++) {
      if (magnitude[i] != 0) {
        return true;
      }
    }
    return (magnitude[position / DIGIT_BITS] & (1L << position % DIGIT_BITS) - 1) != 0;
  }
}
