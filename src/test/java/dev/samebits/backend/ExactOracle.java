package dev.samebits.backend;

import dev.samebits.kernel.DType;
import java.math.BigInteger;

/**
 * The exact sum of numbers and products in unbounded integers, in units of 2^-2148, and its
 * rounding to nearest even by remainder. Shares nothing with {@code dev.samebits.metric.ExactSum}.
 */
public final class ExactOracle {
  /** The exponent of the unit: that of the square of the smallest f64 number. */
  private static final int UNIT = -2148;

  private BigInteger sum = BigInteger.ZERO;
  private boolean positiveInfinity;
  private boolean negativeInfinity;
  private boolean invalid;
  private boolean onlyNegativeZero = true;
  private boolean empty = true;

  /** The correctly rounded sum of x. */
  public static double sum(DType dtype, double[] x) {
    ExactOracle oracle = new ExactOracle();
    for (double v : x) {
      oracle.add(v, 1);
    }
    return oracle.round(dtype);
  }

  /** The correctly rounded inner product of x and y. */
  public static double dot(DType dtype, double[] x, double[] y) {
    ExactOracle oracle = new ExactOracle();
    for (int i = 0; i < x.length; i++) {
      oracle.add(x[i], y[i]);
    }
    return oracle.round(dtype);
  }

  /** Adds a product. */
  public void add(double a, double b) {
    empty = false;
    double product = a * b;
    boolean zero = a == 0 || b == 0;
    onlyNegativeZero &= zero && Double.doubleToRawLongBits(product) == Long.MIN_VALUE;
    if (Double.isFinite(a) && Double.isFinite(b)) {
      BigInteger exact = integer(a).multiply(integer(b));
      sum = sum.add(exact.shiftLeft(exponent(a) + exponent(b) - UNIT));
    } else {
      invalid |= Double.isNaN(product);
      positiveInfinity |= product == Double.POSITIVE_INFINITY;
      negativeInfinity |= product == Double.NEGATIVE_INFINITY;
    }
  }

  private static int exponent(double x) {
    return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
  }

  /** x in units of 2^exponent(x). */
  private static BigInteger integer(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long fraction = bits & (1L << 52) - 1;
    long magnitude = Math.abs(x) < Double.MIN_NORMAL ? fraction : fraction | 1L << 52;
    return BigInteger.valueOf(bits < 0 ? -magnitude : magnitude);
  }

  /** The sum in the given type. */
  public double round(DType dtype) {
    if (invalid || positiveInfinity && negativeInfinity) {
      return Double.NaN;
    } else if (positiveInfinity || negativeInfinity) {
      return positiveInfinity ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    } else if (onlyNegativeZero && !empty) {
      return -0.0;
    }
    boolean single = dtype == DType.F32;
    BigInteger magnitude = sum.abs();
    int lowest = (single ? -149 : -1074) - UNIT;
    int drop = Math.max(magnitude.bitLength() - (single ? 24 : 53), lowest);
    BigInteger[] parts = magnitude.divideAndRemainder(BigInteger.ONE.shiftLeft(drop));
    int half = parts[1].shiftLeft(1).compareTo(BigInteger.ONE.shiftLeft(drop));
    boolean up = half > 0 || half == 0 && parts[0].testBit(0);
    BigInteger rounded = up ? parts[0].add(BigInteger.ONE) : parts[0];
    if (rounded.bitLength() + drop + UNIT > (single ? 128 : 1024)) {
      return sum.signum() * Double.POSITIVE_INFINITY;
    }
    double value = Math.scalb(rounded.doubleValue(), drop + UNIT);
    return sum.signum() < 0 && value != 0 ? -value : value;
  }
}
