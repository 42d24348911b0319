package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;

/**
 * One operand of a {@link PanelProduct}, laid out for the registers on demand. An item is a row of
 * A or a column of B. Items come in strips as wide as the register tile; a strip holds the first
 * term of its items side by side, then the second term, and so on:
 *
 * <pre>strips[at + ((i / width) * (termTo - termFrom) + (q - termFrom)) * width + i % width]</pre>
 *
 * for item {@code from + i} and term q, width being {@link Tiles#rows} for A and {@link
 * Tiles#columns} for B.
 */
interface Packer {
  /**
   * Writes whole strips; what stands past the last item in the last one may be any finite number.
   * Called by several threads at once, each with strips of its own.
   *
   * @param part which of the products
   * @param termFrom first term
   * @param termTo the term after the last
   * @param from first item, a multiple of the width
   * @param to the item after the last
   * @param strips where to write, from {@code at}
   */
  void pack(int part, int termFrom, int termTo, int from, int to, RealArray strips, int at);
}
