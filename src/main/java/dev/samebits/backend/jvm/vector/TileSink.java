package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;

/** Takes the finished tiles of a {@link PanelProduct}. */
interface TileSink {
  /**
   * Stores rows {@code row} to {@code row + rows - 1} and columns {@code column} to {@code column +
   * columns - 1} of a product. Called by several threads at once, once for every output.
   *
   * @param part which of the products
   * @param tile holds element (i, j) at {@code at + i Tiles.columns() + j}; NaN not yet replaced
   */
  void store(int part, int row, int rows, int column, int columns, RealArray tile, int at);
}
