package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;

/**
 * A stack of planes with a margin of +0 around each, so that borders need no branch; without a
 * margin it is the source itself, not a copy.
 *
 * <p>The columns of a row may be sorted by their remainder modulo a number of phases: with a stride
 * of the convolution as that number, neighbouring outputs read neighbouring elements.
 */
final class Planes {
  /** A vector may be read from the last element on. */
  private static final int SLACK = 64;

  /** Elements that are worth a second thread. */
  private static final int SHARED = 1 << 15;

  private final RealArray source;
  private final RealArray values;
  private final Moves moves;
  private final int count;
  private final int height;
  private final int width;
  private final int top;
  private final int left;
  private final int phases;
  private final int phaseWidth;
  private final int rowStep;
  private final int planeStep;

  /**
   * Allocates the copy, if one is needed.
   *
   * @param count planes in the source
   * @param rows zeros above and below
   * @param columns zeros on the left and on the right
   */
  Planes(
      RealArray source, int count, int height, int width, Margin rows, Margin columns, int phases) {
    this.source = source;
    this.moves = Moves.of(source.dtype());
    this.count = count;
    this.height = height;
    this.width = width;
    this.phases = phases;
    top = rows.before;
    left = columns.before;
    int paddedWidth = Math.addExact(width, columns.before + columns.after);
    phaseWidth = (paddedWidth + phases - 1) / phases;
    rowStep = Math.multiplyExact(phaseWidth, phases);
    planeStep = Math.multiplyExact(Math.addExact(height, rows.before + rows.after), rowStep);
    boolean same = planeStep == height * width && phases == 1;
    values =
        same ? source : source.like(Math.addExact(Math.multiplyExact(count, planeStep), SLACK));
  }

  /** Zeros at both ends of an axis. */
  record Margin(int before, int after) {}

  /** Copies the source again, if there is a copy. */
  void refresh(ThreadTeam team) {
    if (values == source) {
      return;
    }
    if (source.length() < SHARED) {
      copy(0, count);
    } else {
      team.forRanges(count, (worker, from, to) -> copy(from, to));
    }
  }

  private void copy(int from, int to) {
    for (int plane = from; plane < to; plane++) {
      for (int row = 0; row < height; row++) {
        copyRow(plane, row);
      }
    }
  }

  private void copyRow(int plane, int row) {
    int from = (plane * height + row) * width;
    int to = plane * planeStep;
    if (phases == 1) {
      values.copyRow(to + at(row, 0), source, from, width);
      return;
    }
    for (int column = 0; column < Math.min(phases, width); column++) {
      int n = (width - column + phases - 1) / phases;
      moves.copyEach(source, from + column, phases, values, to + at(row, column), n);
    }
  }

  /** The elements. */
  RealArray values() {
    return values;
  }

  /** Distance of planes in {@link #values}. */
  int planeStep() {
    return planeStep;
  }

  /** Where an element of the first plane lies; row and column may reach into the margin. */
  int at(int row, int column) {
    int c = left + column;
    return (top + row) * rowStep + c % phases * phaseWidth + c / phases;
  }
}
