package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;
import dev.samebits.kernel.DType;

/** The copying that the convolutions need, for one element type. Nothing is computed here. */
interface Moves {
  /** The most elements in a piece of {@link #packPieces}: a vector. */
  int piece();

  /**
   * Copies lines whose elements lie side by side in pieces. Element i of a piece r of a line is at
   * {@code at + lines[line] + pieceFrom[r] + i} of the source and goes to {@code to + (line -
   * lineFrom) lineStep + pieceTo[r] + i - from}. More than a piece may be read and written: what is
   * written too much is replaced by later pieces or lines, or lies between two lines.
   *
   * @param lines where the lines begin
   * @param lineFrom the first line
   * @param lineTo the line after the last
   * @param lineStep their distance in the target, at least {@code to - from}
   * @param pieceTo the first element of each piece, ascending
   * @param pieceFrom where the pieces begin, relative to their line
   * @param from the first element to copy of every line
   * @param end the element after the last
   */
  void packPieces(
      RealArray source,
      int at,
      int[] lines,
      int lineFrom,
      int lineTo,
      int lineStep,
      int[] pieceTo,
      int[] pieceFrom,
      int from,
      int end,
      RealArray target,
      int to);

  /**
   * Copies elements one by one: {@code target[to + (i - iFrom) iStep + (j - jFrom) jStep] =
   * source[at + is[i] + js[j]]}.
   */
  void packEach(
      RealArray source,
      int at,
      int[] is,
      int iFrom,
      int iTo,
      int iStep,
      int[] js,
      int jFrom,
      int jTo,
      int jStep,
      RealArray target,
      int to);

  /** {@code target[to + i] = source[at + i step]} for i &lt; n. */
  void copyEach(RealArray source, int at, int step, RealArray target, int to, int n);

  /**
   * {@code target[to + i ld + columns[first + j]] = tile[at + i tileStep + j]}, a NaN replaced by
   * the canonical one.
   */
  void scatter(
      RealArray tile,
      int at,
      int tileStep,
      int rows,
      RealArray target,
      int to,
      int ld,
      int[] columns,
      int first,
      int end);

  /** The moves of an element type. */
  static Moves of(DType dtype) {
    return switch (dtype) {
      case F32 -> new F32Moves();
      case F64 -> new F64Moves();
      default -> throw new IllegalArgumentException("no convolutions of " + dtype.id());
    };
  }
}
