package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;

/**
 * One operand of a {@link PanelProduct}, laid out for the registers on demand. An item is a row of
 * A or a column of B. With item {@code from + i} and term {@code termFrom + q}, the place in the
 * strips is
 *
 * <pre>
 * A: at + i * Tiles.ROW_STEP + q
 * B: at + ((i / W) * (termTo - termFrom) + q) * W + i % W,   W = Tiles.columns()
 * </pre>
 *
 * A row of A has its terms side by side. Columns of B come in strips as wide as the register tile:
 * the first term of each, then the second term of each, and so on. {@link Tiles#packRows} and
 * {@link Tiles#packColumns} do this for matrices in memory.
 */
interface Packer {
  /**
   * Writes the items. The places of those that the last strip lacks may hold anything: what is
   * computed from them is not stored. Called by several threads at once, each with its own strips.
   *
   * @param part which of the products
   * @param termFrom first term
   * @param termTo the term after the last, at most {@link Tiles#ROW_STEP} further
   * @param from first item, a multiple of the tile's rows or columns
   * @param to the item after the last
   * @param strips where to write, from {@code at}
   */
  void pack(int part, int termFrom, int termTo, int from, int to, RealArray strips, int at);
}
