package dev.samebits.backend.jvm;

import dev.samebits.metric.ExactSum;

/**
 * The exact sum of one worker. Every addend becomes f64 numbers without loss (f32 numbers and their
 * products as they are, products of f64 numbers as a rounded product and its error), and these go
 * to a {@link NarrowSum} as long as it takes them, else to an {@link ExponentTable}. Which of them
 * took what is a matter of speed: both are exact.
 */
final class ExactAccumulator {
  /** Elements converted at a time; two arrays of them fit the first cache. */
  private static final int BLOCK = 1024;

  /** Elements that go to the table after one that was declined, before the next attempt. */
  private static final int SHORTEST_WAIT = 1024;

  private static final int LONGEST_WAIT = 64 * SHORTEST_WAIT;

  private final ExactSum total = new ExactSum();
  private final ExponentTable table = new ExponentTable(total);
  private final double[] high = new double[BLOCK];
  private final double[] low = new double[BLOCK];
  private final Stream highs;
  private final Stream lows;
  private final Wait products = new Wait();

  ExactAccumulator(NarrowSum.Factory narrow) {
    highs = new Stream(narrow.to(total));
    lows = new Stream(narrow.to(total));
  }

  /** How many elements take the slower way before the next attempt at the faster one. */
  private static final class Wait {
    private int left;
    private int next = SHORTEST_WAIT;

    /** After an attempt that took elements {@code from} to {@code end - 1} of those up to to. */
    void attempted(int from, int end, int to) {
      next = end > from ? SHORTEST_WAIT : Math.min(2 * next, LONGEST_WAIT);
      left = end < to ? next : 0;
    }
  }

  /** Numbers of one kind: errors of products are far smaller than products. */
  private final class Stream {
    private final NarrowSum narrow;
    private final Wait wait = new Wait();

    Stream(NarrowSum narrow) {
      this.narrow = narrow;
    }

    void add(double[] x, int from, int to) {
      for (int i = from; i < to; ) {
        if (wait.left == 0) {
          int end = narrow.add(x, i, to);
          wait.attempted(i, end, to);
          i = end;
        }
        int end = i + Math.min(wait.left, to - i);
        table.add(x, i, end);
        wait.left -= end - i;
        i = end;
      }
    }
  }

  /**
   * Adds elements {@code from} to {@code to - 1} of x, or products with those of y if there is y.
   */
  void add(RealArray x, RealArray y, int from, int to) {
    if (y == null && x instanceof F64Array a) {
      highs.add(a.values(), from, to);
      return;
    }
    if (x instanceof F64Array a) {
      addProducts(a.values(), ((F64Array) y).values(), from, to);
      return;
    }
    for (int i = from; i < to; i += BLOCK) {
      int n = Math.min(BLOCK, to - i);
      widen(((F32Array) x).values(), y == null ? null : ((F32Array) y).values(), i, n);
      highs.add(high, 0, n);
    }
  }

  private void widen(float[] x, float[] y, int from, int n) {
    double[] to = high;
    if (y == null) {
      for (int i = 0; i < n; i++) {
        to[i] = x[from + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        to[i] = (double) x[from + i] * y[from + i];
      }
    }
  }

  private void addProducts(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; ) {
      if (products.left == 0) {
        int end = highs.narrow.addProducts(x, y, i, to);
        products.attempted(i, end, to);
        i = end;
      }
      int n = Math.min(BLOCK, Math.min(products.left, to - i));
      addSplit(x, y, i, n);
      products.left -= n;
      i += n;
    }
  }

  private void addSplit(double[] x, double[] y, int from, int n) {
    if (!highs.narrow.split(x, y, from, n, high, low)) {
      splitEach(x, y, from, n);
    }
    highs.add(high, 0, n);
    lows.add(low, 0, n);
  }

  /** {@link NarrowSum#split} that adds a product out of range on its own. */
  private void splitEach(double[] x, double[] y, int from, int n) {
    for (int i = 0; i < n; i++) {
      double a = x[from + i];
      double b = y[from + i];
      double product = a * b;
      double magnitude = Math.abs(product);
      if (magnitude >= NarrowSum.SMALLEST_SPLIT && magnitude <= NarrowSum.LARGEST_SPLIT) {
        high[i] = product;
        low[i] = Math.fma(a, b, -product);
      } else {
        high[i] = 0;
        low[i] = 0;
        total.addProduct(a, b);
      }
    }
  }

  /** The sum of all that was added; it is up to the caller to clear it. */
  ExactSum finish() {
    highs.narrow.flush();
    lows.narrow.flush();
    table.flush();
    return total;
  }
}
