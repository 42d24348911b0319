package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Moves} of f32. */
final class F32Moves implements Moves {
  private static final VectorSpecies<Float> V = Width.F32;

  private static final int LANES = V.length();

  private static float[] of(RealArray array) {
    return ((F32Array) array).values();
  }

  @Override
  public int piece() {
    return LANES;
  }

  @Override
  public void packPieces(
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
      int to) {
    float[] x = of(source);
    float[] y = of(target);
    if (from == end) {
      return;
    }
    int found = Arrays.binarySearch(pieceTo, from);
    int first = found < 0 ? -found - 2 : found;
    found = Arrays.binarySearch(pieceTo, end);
    int last = found < 0 ? -found - 1 : found;
    int cut = from - pieceTo[first];
    int reach = 0;
    for (int r = first; r < last; r++) {
      reach = Math.max(reach, pieceFrom[r]);
    }
    reach += cut + LANES;
    // Up to where a line may be read and written beyond its end.
    int whole = lineTo - 1;
    for (int line = lineFrom; line < lineTo; ) {
      int stop = line;
      while (stop < whole && at + lines[stop] + reach <= x.length) {
        stop++;
      }
      int row = to + (line - lineFrom) * lineStep - from;
      if (stop == line) {
        carefully(x, at + lines[line++], pieceTo, pieceFrom, first, from, end, y, row);
        continue;
      }
      // The first piece may begin before the first element.
      int begin = pieceFrom[first] + cut;
      if (last - first <= 4) {
        int r1 = Math.min(first + 1, last - 1);
        int r2 = Math.min(first + 2, last - 1);
        int r3 = last - 1;
        int last1 = r1 == first ? begin : pieceFrom[r1];
        int last2 = r2 == first ? begin : pieceFrom[r2];
        int last3 = r3 == first ? begin : pieceFrom[r3];
        int to1 = Math.max(pieceTo[r1], from);
        int to2 = Math.max(pieceTo[r2], from);
        int to3 = Math.max(pieceTo[r3], from);
        if (last - first <= 2) {
          two(x, at, lines, line, stop, lineStep, begin, last1, y, row, from, to1);
        } else {
          four(
              x, at, lines, line, stop, lineStep, begin, last1, last2, last3, y, row, from, to1,
              to2, to3);
        }
      } else {
        many(
            x, at, lines, line, stop, lineStep, begin, pieceFrom, pieceTo, first, last, y, row,
            from);
      }
      line = stop;
    }
  }

  /** Lines of two pieces, which may be the same: a loop over so few costs more than they do. */
  private static void two(
      float[] x,
      int at,
      int[] lines,
      int line,
      int stop,
      int step,
      int from0,
      int from1,
      float[] y,
      int row,
      int to0,
      int to1) {
    for (; line < stop; line++, row += step) {
      int base = at + lines[line];
      FloatVector.fromArray(V, x, base + from0).intoArray(y, row + to0);
      FloatVector.fromArray(V, x, base + from1).intoArray(y, row + to1);
    }
  }

  /** Lines of three or four pieces. */
  private static void four(
      float[] x,
      int at,
      int[] lines,
      int line,
      int stop,
      int step,
      int from0,
      int from1,
      int from2,
      int from3,
      float[] y,
      int row,
      int to0,
      int to1,
      int to2,
      int to3) {
    for (; line < stop; line++, row += step) {
      int base = at + lines[line];
      FloatVector.fromArray(V, x, base + from0).intoArray(y, row + to0);
      FloatVector.fromArray(V, x, base + from1).intoArray(y, row + to1);
      FloatVector.fromArray(V, x, base + from2).intoArray(y, row + to2);
      FloatVector.fromArray(V, x, base + from3).intoArray(y, row + to3);
    }
  }

  /** Lines of more pieces. */
  private static void many(
      float[] x,
      int at,
      int[] lines,
      int line,
      int stop,
      int step,
      int from0,
      int[] pieceFrom,
      int[] pieceTo,
      int first,
      int last,
      float[] y,
      int row,
      int to0) {
    for (; line < stop; line++, row += step) {
      int base = at + lines[line];
      FloatVector.fromArray(V, x, base + from0).intoArray(y, row + to0);
      for (int r = first + 1; r < last; r++) {
        FloatVector.fromArray(V, x, base + pieceFrom[r]).intoArray(y, row + pieceTo[r]);
      }
    }
  }

  /** The same near the end of an array. */
  private static void carefully(
      float[] x,
      int base,
      int[] pieceTo,
      int[] pieceFrom,
      int first,
      int from,
      int end,
      float[] y,
      int row) {
    int r = first;
    for (int i = from; i < end; r++) {
      int next = r + 1 < pieceTo.length ? Math.min(end, pieceTo[r + 1]) : end;
      int source = base + pieceFrom[r] + i - pieceTo[r];
      if (source + LANES <= x.length && row + i + LANES <= y.length) {
        FloatVector.fromArray(V, x, source).intoArray(y, row + i);
      } else {
        System.arraycopy(x, source, y, row + i, next - i);
      }
      i = next;
    }
  }

  @Override
  public void packEach(
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
      int to) {
    float[] x = of(source);
    float[] y = of(target);
    int i = iFrom;
    for (; i < iTo - 3; i += 4) {
      int a = at + is[i];
      int b = at + is[i + 1];
      int c = at + is[i + 2];
      int d = at + is[i + 3];
      int row = to + (i - iFrom) * iStep;
      for (int j = jFrom; j < jTo; j++) {
        int from = js[j];
        y[row] = x[a + from];
        y[row + iStep] = x[b + from];
        y[row + 2 * iStep] = x[c + from];
        y[row + 3 * iStep] = x[d + from];
        row += jStep;
      }
    }
    for (; i < iTo; i++) {
      int row = to + (i - iFrom) * iStep;
      for (int j = jFrom; j < jTo; j++) {
        y[row + (j - jFrom) * jStep] = x[at + is[i] + js[j]];
      }
    }
  }

  @Override
  public void copyEach(RealArray source, int at, int step, RealArray target, int to, int n) {
    float[] x = of(source);
    float[] y = of(target);
    for (int i = 0; i < n; i++) {
      y[to + i] = x[at + i * step];
    }
  }

  @Override
  public void scatter(
      RealArray tile,
      int at,
      int tileStep,
      int rows,
      RealArray target,
      int to,
      int ld,
      int[] columns,
      int first,
      int end) {
    float[] x = of(tile);
    float[] y = of(target);
    for (int j = first; j < end; j++) {
      int from = at + j - first;
      int column = to + columns[j];
      for (int i = 0; i < rows; i++) {
        float v = x[from + i * tileStep];
        y[column + i * ld] = v == v ? v : Float.NaN;
      }
    }
  }
}
