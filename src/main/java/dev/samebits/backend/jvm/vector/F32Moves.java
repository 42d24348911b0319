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
    for (int line = lineFrom; line < lineTo; line++) {
      int base = at + lines[line];
      int row = to + (line - lineFrom) * lineStep - from;
      if (line == lineTo - 1 || base + reach > x.length) {
        exactly(x, base, pieceTo, pieceFrom, first, from, end, y, row);
        continue;
      }
      // The first piece may begin before the first element.
      int source0 = base + pieceFrom[first] + cut;
      FloatVector.fromArray(V, x, source0).intoArray(y, row + from);
      for (int r = first + 1; r < last; r++) {
        FloatVector.fromArray(V, x, base + pieceFrom[r]).intoArray(y, row + pieceTo[r]);
      }
    }
  }

  /** Reads and writes no element too many. */
  private static void exactly(
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
    for (int i = from; i < end; i++) {
      r += r + 1 < pieceTo.length && pieceTo[r + 1] == i ? 1 : 0;
      y[row + i] = x[base + pieceFrom[r] + i - pieceTo[r]];
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
    for (int i = 0; i < rows; i++) {
      int from = at + i * tileStep - first;
      int row = to + i * ld;
      for (int j = first; j < end; j++) {
        float v = x[from + j];
        y[row + columns[j]] = v == v ? v : Float.NaN;
      }
    }
  }
}
