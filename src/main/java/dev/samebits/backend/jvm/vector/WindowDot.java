package dev.samebits.backend.jvm.vector;

import dev.samebits.metric.ExactSum;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exact sums of products that lie within a window of exponents, in one loop: a product is split
 * into the rounded product p and its rounding error e = fma(x, y, -p) (T. Ogita, S. M. Rump and S.
 * Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26, 2005, doi:10.1137/030601818), and
 * each goes to two accumulators as in {@link WindowSum}.
 *
 * <p>Only p is looked at. If it lies between 2^(M-46) and 2^(M-7), then e is at most 2^(M-60), half
 * a unit of the largest p, and a multiple of 2^(M-151), as x and y are integers below 2^53 times
 * powers of two. So the window N = M - 53 takes e: up to 2^(N-7), multiples of 2^(N-98).
 */
final class WindowDot {
  private static final int LANES = Width.F64.length();

  /** Elements of one step: two independent accumulators of each kind. */
  private static final int STEP = 2 * LANES;

  /** Steps in a block, and blocks between two flushes, as in {@link WindowSum}. */
  private static final int STEPS = 64;

  private static final int BLOCKS = 256;

  private static final int TOP_SHIFT = 7;
  private static final int SECOND_SHIFT = 46;
  private static final int ERROR_SHIFT = 53;
  private static final int UNIT_SHIFT = 52;

  /** Lowest window: the last unit is 2^-1074, so e does not underflow. */
  private static final int LOWEST = Double.MIN_EXPONENT + SECOND_SHIFT + ERROR_SHIFT;

  private static final int HIGHEST = Double.MAX_EXPONENT - 1;

  private static final long MAGNITUDE = Long.MAX_VALUE;

  /** The four accumulators' exponents below the window's. */
  private static final int[] SHIFTS = {0, SECOND_SHIFT, ERROR_SHIFT, ERROR_SHIFT + SECOND_SHIFT};

  private final ExactSum total;

  /** Units that each accumulator has moved, in each lane. */
  private final long[][] units = new long[SHIFTS.length][LANES];

  /** Where each accumulator starts. */
  private final double[] starts = new double[SHIFTS.length];

  private int blocks;
  private int window;
  private long largest;
  private long smallest;

  /** The largest magnitude of a product in the last block that failed, as bits. */
  private long seen;

  WindowDot(ExactSum total) {
    this.total = total;
    setWindow(0);
  }

  private void setWindow(int m) {
    flush();
    window = m;
    for (int a = 0; a < SHIFTS.length; a++) {
      starts[a] = Math.scalb(1.5, m - SHIFTS[a]);
    }
    largest = Double.doubleToRawLongBits(Math.scalb(1.0, m - TOP_SHIFT));
    smallest = Double.doubleToRawLongBits(Math.scalb(1.0, m - SECOND_SHIFT));
  }

  /** Adds products from element {@code from} on; returns the first one not added. */
  int add(double[] x, double[] y, int from, int to) {
    int whole = to - (to - from) % STEP;
    int failed = -1;
    int i = from;
    while (i < whole) {
      i = addBlocks(x, y, i, whole);
      if (blocks == BLOCKS) {
        flush();
      } else if (i < whole) {
        int exponent = Math.getExponent(Double.longBitsToDouble(seen));
        int fitting = Math.max(LOWEST, exponent + TOP_SHIFT + 2);
        if (i == failed || fitting == window || fitting > HIGHEST) {
          return i;
        }
        failed = i;
        setWindow(fitting);
      }
    }
    for (; i < to; i++) {
      total.addProduct(x[i], y[i]);
    }
    return to;
  }

  /** Adds blocks until one fails or the integers may overflow; returns where it stopped. */
  private int addBlocks(double[] x, double[] y, int from, int to) {
    DoubleVector start1 = DoubleVector.broadcast(Width.F64, starts[0]);
    DoubleVector start2 = DoubleVector.broadcast(Width.F64, starts[1]);
    DoubleVector start3 = DoubleVector.broadcast(Width.F64, starts[2]);
    DoubleVector start4 = DoubleVector.broadcast(Width.F64, starts[3]);
    int i = from;
    for (; i < to && blocks < BLOCKS; blocks++) {
      DoubleVector a1 = start1, b1 = start1, a2 = start2, b2 = start2;
      DoubleVector a3 = start3, b3 = start3, a4 = start4, b4 = start4;
      LongVector max = LongVector.zero(Width.F64_BITS);
      LongVector min = LongVector.broadcast(Width.F64_BITS, MAGNITUDE);
      int end = Math.min(to, i + STEPS * STEP);
      for (int k = i; k < end; k += STEP) {
        DoubleVector x1 = DoubleVector.fromArray(Width.F64, x, k);
        DoubleVector y1 = DoubleVector.fromArray(Width.F64, y, k);
        DoubleVector x2 = DoubleVector.fromArray(Width.F64, x, k + LANES);
        DoubleVector y2 = DoubleVector.fromArray(Width.F64, y, k + LANES);
        DoubleVector p1 = x1.mul(y1);
        DoubleVector p2 = x2.mul(y2);
        DoubleVector e1 = x1.fma(y1, p1.neg());
        DoubleVector e2 = x2.fma(y2, p2.neg());
        LongVector m1 = p1.reinterpretAsLongs().and(MAGNITUDE);
        LongVector m2 = p2.reinterpretAsLongs().and(MAGNITUDE);
        max = max.max(m1).max(m2);
        min = min.min(m1).min(m2);
        DoubleVector t1 = a1.add(p1);
        DoubleVector t2 = b1.add(p2);
        a2 = a2.add(p1.sub(t1.sub(a1)));
        b2 = b2.add(p2.sub(t2.sub(b1)));
        a1 = t1;
        b1 = t2;
        t1 = a3.add(e1);
        t2 = b3.add(e2);
        a4 = a4.add(e1.sub(t1.sub(a3)));
        b4 = b4.add(e2.sub(t2.sub(b3)));
        a3 = t1;
        b3 = t2;
      }
      if (max.compare(VectorOperators.GT, largest).anyTrue()
          || min.compare(VectorOperators.LT, smallest).anyTrue() && !smallAreZero(x, y, i, end)) {
        seen = max.reduceLanes(VectorOperators.MAX);
        break;
      }
      // Between powers of two the bits of a number count its units.
      LongVector moved1 = a1.reinterpretAsLongs().add(b1.reinterpretAsLongs());
      LongVector moved2 = a2.reinterpretAsLongs().add(b2.reinterpretAsLongs());
      LongVector moved3 = a3.reinterpretAsLongs().add(b3.reinterpretAsLongs());
      LongVector moved4 = a4.reinterpretAsLongs().add(b4.reinterpretAsLongs());
      moved1 = moved1.sub(start1.reinterpretAsLongs()).sub(start1.reinterpretAsLongs());
      LongVector.fromArray(Width.F64_BITS, units[0], 0).add(moved1).intoArray(units[0], 0);
      moved2 = moved2.sub(start2.reinterpretAsLongs()).sub(start2.reinterpretAsLongs());
      LongVector.fromArray(Width.F64_BITS, units[1], 0).add(moved2).intoArray(units[1], 0);
      moved3 = moved3.sub(start3.reinterpretAsLongs()).sub(start3.reinterpretAsLongs());
      LongVector.fromArray(Width.F64_BITS, units[2], 0).add(moved3).intoArray(units[2], 0);
      moved4 = moved4.sub(start4.reinterpretAsLongs()).sub(start4.reinterpretAsLongs());
      LongVector.fromArray(Width.F64_BITS, units[3], 0).add(moved4).intoArray(units[3], 0);
      i = end;
    }
    return i;
  }

  /** Whether all products below the window are zero for a factor that is, not by underflow. */
  private boolean smallAreZero(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(Width.F64, x, i);
      DoubleVector b = DoubleVector.fromArray(Width.F64, y, i);
      LongVector size = a.mul(b).reinterpretAsLongs().and(MAGNITUDE);
      // Negative where a factor is 0.
      LongVector zero = a.reinterpretAsLongs().and(MAGNITUDE).sub(1);
      zero = zero.or(b.reinterpretAsLongs().and(MAGNITUDE).sub(1));
      LongVector bad = size.sub(smallest).and(zero.not());
      if (bad.compare(VectorOperators.LT, 0).anyTrue()) {
        return false;
      }
    }
    return true;
  }

  /** Hands everything over and is empty. */
  void flush() {
    for (int a = 0; blocks > 0 && a < SHIFTS.length; a++) {
      for (int lane = 0; lane < LANES; lane++) {
        total.addScaled(units[a][lane], window - SHIFTS[a] - UNIT_SHIFT);
        units[a][lane] = 0;
      }
    }
    blocks = 0;
  }
}
