package dev.samebits.backend.jvm;

/** A copy of a stack of planes with a margin of +0 around each, so that borders need no branch. */
final class PaddedPlanes {
  private final RealArray source;
  private final RealArray values;
  private final int planes;
  private final int height;
  private final int width;
  private final int top;
  private final int left;
  private final int paddedHeight;
  private final int paddedWidth;

  /** Margins are the numbers of zeros before and after each column and each row. */
  PaddedPlanes(RealArray source, int planes, int height, int width, Margin rows, Margin columns) {
    this.source = source;
    this.planes = planes;
    this.height = height;
    this.width = width;
    top = rows.before;
    left = columns.before;
    paddedHeight = Math.addExact(height, rows.before + rows.after);
    paddedWidth = Math.addExact(width, columns.before + columns.after);
    values = source.like(Math.multiplyExact(planes, Math.multiplyExact(paddedHeight, paddedWidth)));
  }

  /** Zeros at both ends of an axis. */
  record Margin(int before, int after) {}

  /** Copies the source again; planes go to the threads. */
  void refresh(ThreadTeam team) {
    team.forRanges(
        planes,
        (worker, from, to) -> {
          for (int plane = from; plane < to; plane++) {
            for (int row = 0; row < height; row++) {
              values.copyRow(at(plane, row, 0), source, (plane * height + row) * width, width);
            }
          }
        });
  }

  /** The padded elements. */
  RealArray values() {
    return values;
  }

  /** Where an element lies in {@link #values}; row and column may reach into the margin. */
  int at(int plane, int row, int column) {
    return (plane * paddedHeight + top + row) * paddedWidth + left + column;
  }
}
