package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;
import dev.samebits.kernel.DType;

/**
 * The innermost arithmetic of {@link PanelProduct} for one element type: a tile of {@link #rows} x
 * {@link #columns} sums that fits the registers, every sum one fma chain. A tile in memory has its
 * rows one after another, {@code rows * columns} elements in all.
 */
interface Tiles {
  /**
   * Distance of the rows of a packed strip of A, and so the largest number of terms that may be
   * packed at a time. A constant, so that a tile's rows are reached from one index; no power of
   * two, so that they do not compete for the same lines of the cache.
   */
  int ROW_STEP = 528;

  /** Rows of a tile: the width of a strip of A. */
  int rows();

  /** Columns of a tile: the width of a strip of B. */
  int columns();

  /**
   * Continues the chains of one tile: {@code sums[i,j] = fma(a[i], b[j], sums[i,j])} for one term
   * after another.
   *
   * @param terms how many
   * @param a a strip: row i's term q at {@code aAt + i ROW_STEP + q}
   * @param b a strip: column j's term q at {@code bAt + q columns + j}
   * @param carry whether to continue the tile in memory; else the chains start at +0
   */
  void multiply(
      int terms, RealArray a, int aAt, RealArray b, int bAt, RealArray sums, int at, boolean carry);

  /** {@code total = total + sums} for each element of a tile. */
  void add(RealArray total, int totalAt, RealArray sums, int at);

  /**
   * Stores the first {@code rows} x {@code columns} of a tile in C: {@code t = alpha sum} (the sum
   * itself for alpha = 1), {@code c = t} for beta = 0, which does not read C, else {@code fma(beta,
   * c, t)}; every NaN becomes the canonical one. Scalars are of the element type already.
   *
   * @param ld distance of C's rows
   */
  void store(
      RealArray tile,
      int at,
      int rows,
      int columns,
      RealArray c,
      int cAt,
      int ld,
      double alpha,
      double beta);

  /**
   * Packs rows of A: row i's term q, at {@code at + i rowStep + q termStep} of the source, goes to
   * {@code to + i ROW_STEP + q}.
   */
  void packRows(
      RealArray source,
      int at,
      int rowStep,
      int termStep,
      int rows,
      int terms,
      RealArray strips,
      int to);

  /**
   * Packs columns of B: column j's term q, at {@code at + j columnStep + q termStep} of the source,
   * goes to {@code to + ((j / columns()) terms + q) columns() + j mod columns()}.
   */
  void packColumns(
      RealArray source,
      int at,
      int columnStep,
      int termStep,
      int columns,
      int terms,
      RealArray strips,
      int to);

  /** The tiles of an element type. */
  static Tiles of(DType dtype) {
    return switch (dtype) {
      case F32 -> new F32Tiles();
      case F64 -> new F64Tiles();
      default -> throw new IllegalArgumentException("no products of " + dtype.id());
    };
  }
}
