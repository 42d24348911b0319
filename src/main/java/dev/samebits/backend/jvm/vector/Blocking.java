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
   * A block of A of 512 KiB and a strip of B that stay in the second cache; the elements' size is
   * halved away by the vectors' lanes.
   */
  static final Blocking DEFAULT = new Blocking(256, 768, 512);
}
