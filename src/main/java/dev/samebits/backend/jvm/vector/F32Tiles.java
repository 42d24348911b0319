package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Tiles} of f32: two vectors wide, so that a broadcast element of A is used twice, and as
 * high as {@link Width#TILE_ROWS}.
 */
@SuppressWarnings("cast") // In the text of f64 a cast has nothing to do.
final class F32Tiles implements Tiles {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int LANES = V.length();
  private static final int ROWS = Width.TILE_ROWS;
  private static final int COLUMNS = 2 * LANES;
  private static final float[] ZEROS = new float[ROWS * COLUMNS];

  private static float[] of(RealArray array) {
    return ((F32Array) array).values();
  }

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public void multiply(
      int terms,
      RealArray a,
      int aAt,
      RealArray b,
      int bAt,
      RealArray sums,
      int at,
      boolean carry) {
    float[] start = carry ? of(sums) : ZEROS;
    int startAt = carry ? at : 0;
    switch (ROWS) {
      case 8 ->
          F32RegisterTile.multiply8(terms, of(a), aAt, of(b), bAt, start, startAt, of(sums), at);
      case 6 ->
          F32RegisterTile.multiply6(terms, of(a), aAt, of(b), bAt, start, startAt, of(sums), at);
      default ->
          F32RegisterTile.multiply5(terms, of(a), aAt, of(b), bAt, start, startAt, of(sums), at);
    }
  }

  @Override
  public void add(RealArray total, int totalAt, RealArray sums, int at) {
    float[] to = of(total);
    float[] from = of(sums);
    for (int i = 0; i < ROWS * COLUMNS; i += LANES) {
      FloatVector old = FloatVector.fromArray(V, to, totalAt + i);
      old.add(FloatVector.fromArray(V, from, at + i)).intoArray(to, totalAt + i);
    }
  }

  @Override
  public void store(
      RealArray tile,
      int at,
      int rows,
      int columns,
      RealArray c,
      int cAt,
      int ld,
      double alpha,
      double beta) {
    float[] from = of(tile);
    float[] to = of(c);
    if (alpha == 1
        && beta == 0
        && columns == COLUMNS
        && copyUnlessNaN(from, at, rows, to, cAt, ld)) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      storeRow(from, at + i * COLUMNS, columns, to, cAt + i * ld, (float) alpha, (float) beta);
    }
  }

  /** Copies whole rows; returns whether they hold finite numbers only, as most do. */
  private static boolean copyUnlessNaN(
      float[] from, int at, int rows, float[] to, int cAt, int ld) {
    FloatVector zero = FloatVector.zero(V);
    FloatVector checkX = zero;
    FloatVector checkY = zero;
    for (int i = 0; i < rows; i++) {
      int begin = at + i * COLUMNS;
      FloatVector x = FloatVector.fromArray(V, from, begin);
      FloatVector y = FloatVector.fromArray(V, from, begin + LANES);
      checkX = x.fma(zero, checkX);
      checkY = y.fma(zero, checkY);
      x.intoArray(to, cAt + i * ld);
      y.intoArray(to, cAt + i * ld + LANES);
    }
    return !checkX.add(checkY).compare(VectorOperators.NE, zero).anyTrue();
  }

  /** Stores a row of sums in C: see {@link Tiles#store}. */
  static void storeRow(
      float[] from, int begin, int columns, float[] to, int target, float alpha, float beta) {
    for (int j = 0; j < columns; j++) {
      float t = alpha == 1 ? from[begin + j] : alpha * from[begin + j];
      float value = beta == 0 ? t : Math.fma(beta, to[target + j], t);
      to[target + j] = value == value ? value : Float.NaN;
    }
  }

  @Override
  public void packRows(
      RealArray source,
      int at,
      int rowStep,
      int termStep,
      int rows,
      int terms,
      RealArray strips,
      int to) {
    float[] x = of(source);
    float[] y = of(strips);
    int i = 0;
    if (termStep == 1) {
      for (; i < rows; i++) {
        System.arraycopy(x, at + i * rowStep, y, to + i * ROW_STEP, terms);
      }
    }
    for (; i + 4 <= rows; i += 4) {
      int from = at + i * rowStep;
      int row = to + i * ROW_STEP;
      for (int q = 0; q < terms; q++) {
        y[row + q] = x[from + q * termStep];
        y[row + ROW_STEP + q] = x[from + rowStep + q * termStep];
        y[row + 2 * ROW_STEP + q] = x[from + 2 * rowStep + q * termStep];
        y[row + 3 * ROW_STEP + q] = x[from + 3 * rowStep + q * termStep];
      }
    }
    for (; i < rows; i++) {
      for (int q = 0; q < terms; q++) {
        y[to + i * ROW_STEP + q] = x[at + i * rowStep + q * termStep];
      }
    }
  }

  @Override
  public void packColumns(
      RealArray source,
      int at,
      int columnStep,
      int termStep,
      int columns,
      int terms,
      RealArray strips,
      int to) {
    float[] x = of(source);
    float[] y = of(strips);
    int j = 0;
    if (columnStep == 1) {
      for (; j + 4 * COLUMNS <= columns; j += 4 * COLUMNS) {
        copyFourStrips(x, at + j, termStep, terms, y, to + j * terms);
      }
    }
    for (; j < columns; j += COLUMNS) {
      int some = Math.min(COLUMNS, columns - j);
      int from = at + j * columnStep;
      int strip = to + j * terms;
      if (columnStep == 1) {
        for (int q = 0; q < terms; q++) {
          System.arraycopy(x, from + q * termStep, y, strip + q * COLUMNS, some);
        }
      } else {
        transpose(x, from, columnStep, termStep, some, terms, y, strip);
      }
    }
  }

  /** Four strips at once, as a row of one strip alone is short for the memory. */
  private static void copyFourStrips(
      float[] x, int from, int termStep, int terms, float[] y, int to) {
    int step = terms * COLUMNS;
    for (int q = 0; q < terms; q++) {
      int source = from + q * termStep;
      int target = to + q * COLUMNS;
      for (int s = 0; s < 4; s++) {
        int i = source + s * COLUMNS;
        int k = target + s * step;
        FloatVector.fromArray(V, x, i).intoArray(y, k);
        FloatVector.fromArray(V, x, i + LANES).intoArray(y, k + LANES);
      }
    }
  }

  /** A strip of B whose columns are apart, four at a time. */
  private static void transpose(
      float[] x,
      int from,
      int columnStep,
      int termStep,
      int columns,
      int terms,
      float[] y,
      int strip) {
    int j = 0;
    for (; j + 4 <= columns; j += 4) {
      int column = from + j * columnStep;
      for (int q = 0; q < terms; q++) {
        int target = strip + q * COLUMNS + j;
        int source = column + q * termStep;
        y[target] = x[source];
        y[target + 1] = x[source + columnStep];
        y[target + 2] = x[source + 2 * columnStep];
        y[target + 3] = x[source + 3 * columnStep];
      }
    }
    for (; j < columns; j++) {
      for (int q = 0; q < terms; q++) {
        y[strip + q * COLUMNS + j] = x[from + j * columnStep + q * termStep];
      }
    }
  }
}
