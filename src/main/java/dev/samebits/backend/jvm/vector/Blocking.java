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
   * The first for tiles of 8 rows, the second for those of 5 or 6. Of every term a tile reads two
   * vectors of B; the less it does with them, the nearer they have to be: 512 terms of B's columns
   * are read from the third cache, 256 terms of 512 columns stay in the second.
   */
  static final Blocking DEFAULT =
      Width.REGISTERS >= 32 ? new Blocking(1024, 1024, 512) : new Blocking(1024, 512, 256);
}
