package dev.samebits.backend.jvm;

import dev.samebits.metric.ExactSum;

/**
 * A faster way to exact sums for numbers whose exponents lie close together, as they do in most
 * arrays. It may decline at any time; what it takes it adds exactly.
 */
public interface NarrowSum {
  /**
   * A product of at least this magnitude and at most {@link #LARGEST_SPLIT} is the sum of the
   * rounded product and its rounding error, which is a multiple of 2^-1074: the product of two
   * significands has 106 bits at most.
   */
  double SMALLEST_SPLIT = 0x1p-960;

  /** The largest magnitude of a product that is split. */
  double LARGEST_SPLIT = 0x1p1020;

  /** Declines everything. */
  NarrowSum NONE =
      new NarrowSum() {
        @Override
        public int add(double[] x, int from, int to) {
          return from;
        }

        @Override
        public int addProducts(double[] x, double[] y, int from, int to) {
          return from;
        }

        @Override
        public boolean split(double[] x, double[] y, int from, int n, double[] high, double[] low) {
          return false;
        }

        @Override
        public void flush() {}
      };

  /** Makes one that hands its sums over to a given one. */
  interface Factory {
    /** A new one. */
    NarrowSum to(ExactSum total);
  }

  /** Adds from {@code x[from]} on and returns the index of the first element not added. */
  int add(double[] x, int from, int to);

  /**
   * Adds products from {@code x[from] * y[from]} on and returns the index of the first not added.
   */
  int addProducts(double[] x, double[] y, int from, int to);

  /**
   * Splits n products {@code x[from + i] * y[from + i]} exactly into {@code high[i] + low[i]},
   * unless one of them is out of the range in which that is possible, {@link #SMALLEST_SPLIT} to
   * {@link #LARGEST_SPLIT}: then false, and the contents of {@code high} and {@code low} do not
   * count.
   */
  boolean split(double[] x, double[] y, int from, int n, double[] high, double[] low);

  /** Hands everything over and is empty. */
  void flush();
}
