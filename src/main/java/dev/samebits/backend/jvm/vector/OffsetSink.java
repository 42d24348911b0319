package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;

/** Stores element (row, column) of a part at {@code part partStep + row rowStep + at[column]}. */
final class OffsetSink implements TileSink {
  private final RealArray out;
  private final Tiles tiles;
  private final Moves moves;
  private final int partStep;
  private final int rowStep;
  private final int[] at;

  OffsetSink(RealArray out, Tiles tiles, int partStep, int rowStep, int[] at) {
    this.out = out;
    this.tiles = tiles;
    this.moves = Moves.of(out.dtype());
    this.partStep = partStep;
    this.rowStep = rowStep;
    this.at = at;
  }

  @Override
  public void store(
      int part, int row, int rows, int column, int columns, RealArray tile, int tileAt) {
    int to = part * partStep + row * rowStep;
    int end = column + columns;
    if (at[end - 1] - at[column] == columns - 1) {
      tiles.store(tile, tileAt, rows, columns, out, to + at[column], rowStep, 1, 0);
    } else {
      moves.scatter(tile, tileAt, tiles.columns(), rows, out, to, rowStep, at, column, end);
    }
  }
}
