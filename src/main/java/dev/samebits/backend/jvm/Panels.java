package dev.samebits.backend.jvm;

/**
 * The canonical chain of matmul, gemv and the convolutions: terms in ascending order, cut into
 * panels of {@value #LENGTH}. A panel starts at +0; the first panel's result is the sum so far, and
 * each further one is added to it in order.
 */
public final class Panels {
  /** Terms in a panel. */
  public static final int LENGTH = 2048;

  private Panels() {}

  /** Adds term {@code q} to each of a row of accumulators, by fma. */
  interface Term {
    void add(RealArray accumulators, int q);
  }

  /**
   * Computes the first {@code n} elements of {@code total}, each a chain of {@code terms} terms.
   *
   * @param panel scratch of at least n elements
   */
  static void chain(int terms, RealArray total, RealArray panel, int n, Term term) {
    total.fill(0, n, 0);
    for (int start = 0; start < terms; start += LENGTH) {
      RealArray accumulators = start == 0 ? total : panel;
      accumulators.fill(0, n, 0);
      int end = Math.min(terms, start + LENGTH);
      for (int q = start; q < end; q++) {
        term.add(accumulators, q);
      }
      if (start > 0) {
        total.addRow(0, panel, 0, n);
      }
    }
  }
}
