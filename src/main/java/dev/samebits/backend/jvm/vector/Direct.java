package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;
import dev.samebits.kernel.DType;

/**
 * Products of matrices that are read where they are, for shapes to which packing costs more than it
 * gains. One element type.
 */
interface Direct {
  /**
   * Continues the chains of some columns of one row: {@code sums[at+j] = fma(a[q], b[q,j],
   * sums[at+j])} for q ascending and {@code from} &lt;= j &lt; {@code to}.
   *
   * @param termStep distance of the terms a[q]
   * @param ldb distance of B's rows
   */
  void rowTerms(
      int terms,
      RealArray a,
      int aAt,
      int termStep,
      RealArray b,
      int bAt,
      int ldb,
      RealArray sums,
      int at,
      int from,
      int to);

  /**
   * {@code sums[at+i]} = the fma chain from +0 over {@code a[i,q] x[q]}, q ascending.
   *
   * @param rowStep distance of A's rows; terms stand side by side in A and x
   */
  void columnTerms(
      int rows,
      int terms,
      RealArray a,
      int aAt,
      int rowStep,
      RealArray x,
      int xAt,
      RealArray sums,
      int at);

  /** {@code total[at+i] = total[at+i] + sums[sumsAt+i]} for i &lt; n. */
  void add(int n, RealArray total, int at, RealArray sums, int sumsAt);

  /** Stores a row of n sums in C as {@link Tiles#store} does. */
  void store(int n, RealArray sums, int at, RealArray c, int cAt, double alpha, double beta);

  /** For an element type. */
  static Direct of(DType dtype) {
    return switch (dtype) {
      case F32 -> new F32Direct();
      case F64 -> new F64Direct();
      default -> throw new IllegalArgumentException("no products of " + dtype.id());
    };
  }
}
