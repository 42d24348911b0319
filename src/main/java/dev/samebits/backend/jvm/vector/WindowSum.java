package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.NarrowSum;
import dev.samebits.metric.ExactSum;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exact sums of numbers within a window of exponents, four additions an element and no branch.
 *
 * <p>An accumulator that starts at sigma = 1.5 * 2^M and stays between 2^M and 2^(M+1) is a
 * multiple of its unit 2^(M-52), so adding x to it rounds x to that unit, and the rest is exact:
 * {@code t = acc + x; rest = x - (t - acc)} (S. M. Rump, T. Ogita and S. Oishi, "Accurate
 * floating-point summation part I", SIAM J. Sci. Comput. 31, 2008, doi:10.1137/050645671; bins of
 * fixed exponent as in J. Demmel and H. D. Nguyen, "Parallel reproducible summation", IEEE Trans.
 * Computers 64, 2015, doi:10.1109/TC.2014.2345391). The rests go to a second accumulator from 1.5 *
 * 2^(M-46) whose unit, 2^(M-98), they are multiples of: so that second addition is exact, and
 * nothing is left over. Every block then becomes two integers a lane: how many units each
 * accumulator has moved.
 *
 * <p>This holds if every x is 0 or between 2^(M-46) and 2^(M-7) in magnitude, which is looked at
 * while the sum is made. A block that fails is summed again in the window that its largest element
 * asks for, and declined if it fails there too.
 */
final class WindowSum implements NarrowSum {
  private static final int LANES = Width.F64.length();

  /** Elements of one step: two independent accumulators. */
  private static final int STEP = 2 * LANES;

  /** Steps in a block: the accumulators hold 64 numbers of up to 2^(M-7). */
  private static final int STEPS = 64;

  /** Blocks whose integers, up to 2^52 a block, are added up before they are handed over. */
  private static final int BLOCKS = 256;

  private static final int TOP_SHIFT = 7;
  private static final int SECOND_SHIFT = 46;
  private static final int UNIT_SHIFT = 52;

  /** Lowest window: its second unit is 2^-1074, of which every number is a multiple. */
  private static final int LOWEST = Double.MIN_EXPONENT + SECOND_SHIFT;

  private static final int HIGHEST = Double.MAX_EXPONENT - 1;

  private static final long MAGNITUDE = Long.MAX_VALUE;

  private static final long SMALLEST_BITS = Double.doubleToRawLongBits(SMALLEST_SPLIT);
  private static final long LARGEST_BITS = Double.doubleToRawLongBits(LARGEST_SPLIT);

  private final ExactSum total;
  private final WindowDot products;
  private final long[] firstUnits = new long[LANES];
  private final long[] secondUnits = new long[LANES];
  private int blocks;

  /** The window's M; what follows from it is kept beside it. */
  private int window;

  private double firstStart;
  private double secondStart;
  private long largest;
  private long smallest;

  /** The largest magnitude in the last block that failed, as bits. */
  private long seen;

  WindowSum(ExactSum total) {
    this.total = total;
    products = new WindowDot(total);
    setWindow(0);
  }

  private void setWindow(int m) {
    handOver();
    window = m;
    firstStart = Math.scalb(1.5, m);
    secondStart = Math.scalb(1.5, m - SECOND_SHIFT);
    largest = Double.doubleToRawLongBits(Math.scalb(1.0, m - TOP_SHIFT));
    long bits = Double.doubleToRawLongBits(Math.scalb(1.0, m - SECOND_SHIFT));
    smallest = m == LOWEST ? Long.MIN_VALUE : bits + MAGNITUDE;
  }

  @Override
  public int add(double[] x, int from, int to) {
    int whole = to - (to - from) % STEP;
    int failed = -1;
    int i = from;
    while (i < whole) {
      i = addBlocks(x, i, whole);
      if (blocks == BLOCKS) {
        handOver();
      } else if (i < whole) {
        int fitting = fitting(seen);
        if (i == failed || fitting == window || fitting > HIGHEST) {
          return i;
        }
        failed = i;
        setWindow(fitting);
      }
    }
    for (; i < to; i++) {
      total.add(x[i]);
    }
    return to;
  }

  /** The window for magnitudes up to this one, with a factor of 2 to spare. */
  private static int fitting(long magnitude) {
    int exponent = Math.getExponent(Double.longBitsToDouble(magnitude));
    return Math.max(LOWEST, exponent + TOP_SHIFT + 2);
  }

  /** Adds blocks until one fails or the integers may overflow; returns where it stopped. */
  private int addBlocks(double[] x, int from, int to) {
    LongVector magnitude = LongVector.broadcast(Width.F64_BITS, MAGNITUDE);
    DoubleVector start1 = DoubleVector.broadcast(Width.F64, firstStart);
    DoubleVector start2 = DoubleVector.broadcast(Width.F64, secondStart);
    LongVector units1 = LongVector.fromArray(Width.F64_BITS, firstUnits, 0);
    LongVector units2 = LongVector.fromArray(Width.F64_BITS, secondUnits, 0);
    int i = from;
    for (; i < to && blocks < BLOCKS; blocks++) {
      DoubleVector a1 = start1;
      DoubleVector b1 = start1;
      DoubleVector a2 = start2;
      DoubleVector b2 = start2;
      LongVector max = LongVector.zero(Width.F64_BITS);
      LongVector min = magnitude;
      int end = Math.min(to, i + STEPS * STEP);
      for (int k = i; k < end; k += STEP) {
        DoubleVector x1 = DoubleVector.fromArray(Width.F64, x, k);
        DoubleVector x2 = DoubleVector.fromArray(Width.F64, x, k + LANES);
        LongVector m1 = x1.reinterpretAsLongs().and(magnitude);
        LongVector m2 = x2.reinterpretAsLongs().and(magnitude);
        max = max.max(m1).max(m2);
        // Wraps around for all but 0, so that 0 counts as largest.
        min = min.min(m1.add(magnitude)).min(m2.add(magnitude));
        DoubleVector t1 = a1.add(x1);
        DoubleVector t2 = b1.add(x2);
        a2 = a2.add(x1.sub(t1.sub(a1)));
        b2 = b2.add(x2.sub(t2.sub(b1)));
        a1 = t1;
        b1 = t2;
      }
      if (max.compare(VectorOperators.GT, largest).anyTrue()
          || min.compare(VectorOperators.LT, smallest).anyTrue()) {
        seen = max.reduceLanes(VectorOperators.MAX);
        break;
      }
      // Between powers of two the bits of a number count its units.
      units1 = units1.add(a1.reinterpretAsLongs()).add(b1.reinterpretAsLongs());
      units1 = units1.sub(start1.reinterpretAsLongs()).sub(start1.reinterpretAsLongs());
      units2 = units2.add(a2.reinterpretAsLongs()).add(b2.reinterpretAsLongs());
      units2 = units2.sub(start2.reinterpretAsLongs()).sub(start2.reinterpretAsLongs());
      i = end;
    }
    units1.intoArray(firstUnits, 0);
    units2.intoArray(secondUnits, 0);
    return i;
  }

  @Override
  public int addProducts(double[] x, double[] y, int from, int to) {
    return products.add(x, y, from, to);
  }

  @Override
  public boolean split(double[] x, double[] y, int from, int n, double[] high, double[] low) {
    if (n % LANES != 0) {
      return false;
    }
    LongVector bad = LongVector.zero(Width.F64_BITS);
    for (int i = 0; i < n; i += LANES) {
      DoubleVector a = DoubleVector.fromArray(Width.F64, x, from + i);
      DoubleVector b = DoubleVector.fromArray(Width.F64, y, from + i);
      DoubleVector product = a.mul(b);
      product.intoArray(high, i);
      a.fma(b, product.neg()).intoArray(low, i);
      LongVector size = product.reinterpretAsLongs().and(MAGNITUDE);
      // Negative where a factor is 0: such a product is 0, and no underflow.
      LongVector zero = a.reinterpretAsLongs().and(MAGNITUDE).sub(1);
      zero = zero.or(b.reinterpretAsLongs().and(MAGNITUDE).sub(1));
      LongVector tooSmall = size.sub(SMALLEST_BITS).and(zero.not());
      LongVector tooLarge = LongVector.broadcast(Width.F64_BITS, LARGEST_BITS).sub(size);
      bad = bad.or(tooSmall).or(tooLarge);
    }
    return !bad.compare(VectorOperators.LT, 0).anyTrue();
  }

  @Override
  public void flush() {
    handOver();
    products.flush();
  }

  private void handOver() {
    for (int lane = 0; blocks > 0 && lane < LANES; lane++) {
      total.addScaled(firstUnits[lane], window - UNIT_SHIFT);
      total.addScaled(secondUnits[lane], window - SECOND_SHIFT - UNIT_SHIFT);
      firstUnits[lane] = 0;
      secondUnits[lane] = 0;
    }
    blocks = 0;
  }
}
