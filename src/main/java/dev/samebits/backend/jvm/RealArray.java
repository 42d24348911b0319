package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import java.util.function.DoubleUnaryOperator;

/**
 * An array of f32 or f64 and the innermost loops over it, so that every kernel is written once for
 * both types. A scalar travels as a double, which holds every value of either type exactly; each
 * operation rounds to the array's own type, to nearest even. Arrays given to one call all have the
 * same type.
 */
public abstract class RealArray implements Memory {
  /** Lanes of the canonical sum. */
  public static final int LANES = 128;

  /** An array of a floating-point type, filled with +0. */
  public static RealArray of(DType dtype, int length) {
    return switch (dtype) {
      case F32 -> new F32Array(length);
      case F64 -> new F64Array(length);
      default -> throw new IllegalArgumentException("nothing is computed in " + dtype.id());
    };
  }

  /** A new array of the same type, filled with +0. */
  public abstract RealArray like(int length);

  /** Number of elements. */
  public abstract int length();

  /** One element. */
  public abstract double get(int i);

  /** Replaces one element by {@code value} rounded to this type. */
  public abstract void set(int i, double value);

  /** Replaces elements {@code from} to {@code to - 1}. */
  public abstract void fill(int from, int to, double value);

  /** {@code value} rounded to this type. */
  public abstract double round(double value);

  /** a + b in this type. */
  public abstract double add(double a, double b);

  /** a b in this type. */
  public abstract double multiply(double a, double b);

  /** {@link CanonicalMath}'s exp in this type. */
  public abstract double exp(double a);

  /** a / b in this type. */
  public abstract double divide(double a, double b);

  /** fma(a, b, c) in this type. */
  public abstract double fma(double a, double b, double c);

  /** {@code this[at+i] = f(b[at+i])} for i &lt; n. */
  public abstract void apply(DoubleUnaryOperator f, RealArray b, int at, int n);

  /** {@code this[at+i] = b[bAt+i]} for i &lt; n. */
  public abstract void copyRow(int at, RealArray b, int bAt, int n);

  /** {@code this[at+i] = this[at+i] + b[bAt+i]} for i &lt; n. */
  public abstract void addRow(int at, RealArray b, int bAt, int n);

  /**
   * {@code this[at[i]] = this[at[i]] + b[i]} for ascending i from {@code from} to {@code to - 1}.
   */
  public abstract void addAt(int[] at, RealArray b, int from, int to);

  /** {@code this[at+i] = fma(a, b[bAt+i], this[at+i])} for i &lt; n. */
  public abstract void fmaRow(int at, double a, RealArray b, int bAt, int n);

  /** {@code this[at+i step] = fma(a, b[bAt+i bStep], this[at+i step])} for i &lt; n. */
  public abstract void fmaRow(int at, int step, double a, RealArray b, int bAt, int bStep, int n);

  /** {@code this[i] = b[bAt+offsets[i]]} for every offset. */
  public abstract void gather(RealArray b, int bAt, int[] offsets);

  /** Replaces every NaN among n elements by the canonical one, 7fc00000 or 7ff8000000000000. */
  public abstract void canonicalizeNaN(int at, int n);

  /** Adds {@code value} to one element by compare-and-set, as other threads may do too. */
  public abstract void atomicAdd(int i, double value);

  /** {@code acc = fma(this[at+i], y[yAt+i], acc)} for ascending i &lt; n. */
  public abstract double fmaChain(double acc, int at, RealArray y, int yAt, int n);

  /** {@code acc = acc + this[at+i step] * y[yAt+i yStep]} for ascending i &lt; n, no fma. */
  public abstract double dotChain(
      double acc, int at, int step, RealArray y, int yAt, int yStep, int n);

  /** {@code acc = acc + this[i]} for ascending i from {@code from} to {@code to - 1}. */
  public abstract double sumChain(double acc, int from, int to);

  /**
   * One block of the canonical sum: 128 lanes from -0 over an interval, joined by halving.
   *
   * @param lanes memory for the lanes
   */
  public abstract double sumLanes(RealArray lanes, int from, int to);

  /** One block of the canonical inner product with {@code y}. */
  public abstract double dotLanes(RealArray lanes, RealArray y, int from, int to);

  /** Kahan's compensated sum of all elements. */
  public abstract double kahanSum();

  /** Kahan's compensated sum of the rounded products with {@code y}. */
  public abstract double kahanDot(RealArray y);

  @Override
  public final long elements() {
    return length();
  }

  @Override
  public final void close() {}
}
