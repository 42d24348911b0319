package dev.samebits.backend.jvm.vector;

/**
 * How a {@link PanelProduct} is cut to fit the caches. It decides speed only, never bits.
 *
 * @param rows rows of a block of outputs, at most
 * @param columns columns of a block of outputs, at most
 * @param terms terms packed at a time, at most {@link Tiles#ROW_STEP}
 */
record Blocking(int rows, int columns, int terms) {
  /** Sizes below 1 make no block. */
  Blocking {
    if (rows < 1 || columns < 1 || terms < 1 || terms > Tiles.ROW_STEP) {
      throw new IllegalArgumentException(
          "a block of " + rows + " x " + columns + " outputs and " + terms + " terms");
    }
  }

  /**
   * 512 terms of 8 rows of A and of a strip of B are 48 to 96 KiB, which the second cache holds; a
   * block of B is read from the third.
   */
  static final Blocking DEFAULT = new Blocking(1024, 1024, 512);
}
