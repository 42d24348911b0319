package dev.samebits.backend.jvm;

import dev.samebits.metric.ExactSum;
import java.util.Arrays;

/**
 * An exact sum of f64 numbers at one integer addition an element: the significands of all numbers
 * with the same sign and exponent are added up as 64-bit integers, in a table with one cell for
 * each of the 4096 combinations. This is the large superaccumulator of R. M. Neal, "Fast exact
 * summation using small and large superaccumulators", 2015 (arXiv:1505.05571), but for the count of
 * additions to each cell: here a cell that reaches 2^63 is emptied, which its sign bit shows.
 */
final class ExponentTable {
  private static final int CELLS = 4096;
  private static final int FRACTION_BITS = 52;
  private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
  private static final long FRACTION = HIDDEN_BIT - 1;

  /** The sign bit of a cell's index; the rest is the biased exponent. */
  private static final int NEGATIVE = 2048;

  /** The biased exponent of infinities and NaN; that of zeros and subnormal numbers is 0. */
  private static final int NOT_FINITE = 2047;

  /** The exponent of a significand's lowest bit is this much below the biased exponent. */
  private static final int BIAS = 1023 + FRACTION_BITS;

  /** So few numbers are added faster one by one than by reading the whole table at the end. */
  private static final int FEW = 1024;

  /** Indexed by the high 12 bits of the numbers; unsigned, below 2^63 between additions. */
  private final long[] cells = new long[CELLS];

  private final ExactSum total;
  private boolean used;

  /** A table that hands its contents over to {@code total}. */
  ExponentTable(ExactSum total) {
    this.total = total;
  }

  /** Adds {@code x[from]} to {@code x[to - 1]}. */
  void add(double[] x, int from, int to) {
    if (!used && to - from < FEW) {
      for (int i = from; i < to; i++) {
        total.add(x[i]);
      }
      return;
    }
    used = true;
    deposit(x, from, to);
    if ((cells[0] | cells[NEGATIVE] | cells[NOT_FINITE] | cells[NEGATIVE | NOT_FINITE]) != 0) {
      correct(x, from, to);
    }
  }

  /** Treats every number as a normal one. */
  private void deposit(double[] x, int from, int to) {
    long[] table = cells;
    for (int i = from; i < to; i++) {
      long bits = Double.doubleToRawLongBits(x[i]);
      // The length is a power of two: the JIT sees that such an index needs no check.
      int cell = (int) (bits >>> FRACTION_BITS) & (table.length - 1);
      long sum = table[cell] + (bits & FRACTION | HIDDEN_BIT);
      table[cell] = sum < 0 ? emptied(cell, sum) : sum;
    }
  }

  /** Hands over a cell, and what to leave in it. */
  private long emptied(int cell, long sum) {
    if (isNormal(cell)) {
      handOver(cell, sum >>> 1, 1);
      handOver(cell, sum & 1, 0);
      return 0;
    }
    return HIDDEN_BIT; // only whether it is 0 counts
  }

  private void handOver(int cell, long sum, int scale) {
    int exponent = (cell & NOT_FINITE) - BIAS + scale;
    total.addScaled((cell & NEGATIVE) == 0 ? sum : -sum, exponent);
  }

  private static boolean isNormal(int cell) {
    int exponent = cell & NOT_FINITE;
    return exponent != 0 && exponent != NOT_FINITE;
  }

  /** Adds the numbers without a hidden bit one by one, and forgets their cells. */
  private void correct(double[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      long bits = Double.doubleToRawLongBits(x[i]);
      if (x[i] != 0 && !isNormal((int) (bits >>> FRACTION_BITS))) {
        total.add(x[i]);
      }
    }
    cells[0] = 0;
    cells[NEGATIVE] = 0;
    cells[NOT_FINITE] = 0;
    cells[NEGATIVE | NOT_FINITE] = 0;
  }

  /** Hands everything over and is empty. */
  void flush() {
    if (!used) {
      return;
    }
    for (int cell = 1; cell < NOT_FINITE; cell++) {
      long difference = cells[cell] - cells[NEGATIVE | cell];
      if (difference != 0) {
        handOver(cell, difference, 0);
      }
    }
    Arrays.fill(cells, 0);
    used = false;
  }
}
