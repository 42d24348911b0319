package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Direct} of f32. */
@SuppressWarnings("cast") // In the text of f64 a cast has nothing to do.
final class F32Direct implements Direct {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int LANES = V.length();
  private static final int ROWS = 8;

  private static float[] of(RealArray array) {
    return ((F32Array) array).values();
  }

  @Override
  public void rowTerms(
      int terms,
      RealArray a,
      int aAt,
      int termStep,
      RealArray b,
      int bAt,
      int ldb,
      RealArray sums,
      int at,
      int from,
      int to) {
    float[] x = of(a);
    float[] y = of(b);
    float[] z = of(sums);
    int q = 0;
    for (; q + 8 <= terms; q += 8) {
      eightTerms(x, aAt + q * termStep, termStep, y, bAt + q * ldb, ldb, z, at, from, to);
    }
    for (; q < terms; q++) {
      float factor = x[aAt + q * termStep];
      int row = bAt + q * ldb;
      int j = from;
      for (; j + LANES <= to; j += LANES) {
        FloatVector sum = FloatVector.fromArray(V, z, at + j);
        FloatVector.fromArray(V, y, row + j)
            .fma(FloatVector.broadcast(V, factor), sum)
            .intoArray(z, at + j);
      }
      for (; j < to; j++) {
        z[at + j] = Math.fma(factor, y[row + j], z[at + j]);
      }
    }
  }

  /** Eight terms of the chains of columns {@code from} to {@code to - 1}. */
  private static void eightTerms(
      float[] a,
      int aAt,
      int termStep,
      float[] b,
      int bAt,
      int ldb,
      float[] sums,
      int at,
      int from,
      int to) {
    float a0 = a[aAt];
    float a1 = a[aAt + termStep];
    float a2 = a[aAt + 2 * termStep];
    float a3 = a[aAt + 3 * termStep];
    float a4 = a[aAt + 4 * termStep];
    float a5 = a[aAt + 5 * termStep];
    float a6 = a[aAt + 6 * termStep];
    float a7 = a[aAt + 7 * termStep];
    int j = from;
    for (; j + LANES <= to; j += LANES) {
      FloatVector sum = FloatVector.fromArray(V, sums, at + j);
      sum = FloatVector.fromArray(V, b, bAt + j).fma(FloatVector.broadcast(V, a0), sum);
      sum = FloatVector.fromArray(V, b, bAt + ldb + j).fma(FloatVector.broadcast(V, a1), sum);
      sum = FloatVector.fromArray(V, b, bAt + 2 * ldb + j).fma(FloatVector.broadcast(V, a2), sum);
      sum = FloatVector.fromArray(V, b, bAt + 3 * ldb + j).fma(FloatVector.broadcast(V, a3), sum);
      sum = FloatVector.fromArray(V, b, bAt + 4 * ldb + j).fma(FloatVector.broadcast(V, a4), sum);
      sum = FloatVector.fromArray(V, b, bAt + 5 * ldb + j).fma(FloatVector.broadcast(V, a5), sum);
      sum = FloatVector.fromArray(V, b, bAt + 6 * ldb + j).fma(FloatVector.broadcast(V, a6), sum);
      sum = FloatVector.fromArray(V, b, bAt + 7 * ldb + j).fma(FloatVector.broadcast(V, a7), sum);
      sum.intoArray(sums, at + j);
    }
    for (; j < to; j++) {
      float sum = sums[at + j];
      sum = Math.fma(a0, b[bAt + j], sum);
      sum = Math.fma(a1, b[bAt + ldb + j], sum);
      sum = Math.fma(a2, b[bAt + 2 * ldb + j], sum);
      sum = Math.fma(a3, b[bAt + 3 * ldb + j], sum);
      sum = Math.fma(a4, b[bAt + 4 * ldb + j], sum);
      sum = Math.fma(a5, b[bAt + 5 * ldb + j], sum);
      sum = Math.fma(a6, b[bAt + 6 * ldb + j], sum);
      sum = Math.fma(a7, b[bAt + 7 * ldb + j], sum);
      sums[at + j] = sum;
    }
  }

  @Override
  public void columnTerms(
      int rows,
      int terms,
      RealArray a,
      int aAt,
      int rowStep,
      RealArray x,
      int xAt,
      RealArray sums,
      int at) {
    float[] y = of(a);
    float[] z = of(x);
    float[] s = of(sums);
    int i = 0;
    for (; i + ROWS <= rows; i += ROWS) {
      eightRows(terms, y, aAt + i * rowStep, rowStep, z, xAt, s, at + i);
    }
    for (; i < rows; i++) {
      float sum = 0;
      for (int q = 0; q < terms; q++) {
        sum = Math.fma(y[aAt + i * rowStep + q], z[xAt + q], sum);
      }
      s[at + i] = sum;
    }
  }

  /** Eight chains side by side: they are independent, so that one need not wait for another. */
  private static void eightRows(
      int terms, float[] a, int aAt, int rowStep, float[] x, int xAt, float[] sums, int at) {
    int r1 = aAt + rowStep;
    int r2 = aAt + 2 * rowStep;
    int r3 = aAt + 3 * rowStep;
    int r4 = aAt + 4 * rowStep;
    int r5 = aAt + 5 * rowStep;
    int r6 = aAt + 6 * rowStep;
    int r7 = aAt + 7 * rowStep;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int q = 0; q < terms; q++) {
      float t = x[xAt + q];
      s0 = Math.fma(a[aAt + q], t, s0);
      s1 = Math.fma(a[r1 + q], t, s1);
      s2 = Math.fma(a[r2 + q], t, s2);
      s3 = Math.fma(a[r3 + q], t, s3);
      s4 = Math.fma(a[r4 + q], t, s4);
      s5 = Math.fma(a[r5 + q], t, s5);
      s6 = Math.fma(a[r6 + q], t, s6);
      s7 = Math.fma(a[r7 + q], t, s7);
    }
    sums[at] = s0;
    sums[at + 1] = s1;
    sums[at + 2] = s2;
    sums[at + 3] = s3;
    sums[at + 4] = s4;
    sums[at + 5] = s5;
    sums[at + 6] = s6;
    sums[at + 7] = s7;
  }

  @Override
  public void add(int n, RealArray total, int at, RealArray sums, int sumsAt) {
    float[] x = of(total);
    float[] y = of(sums);
    for (int i = 0; i < n; i++) {
      x[at + i] += y[sumsAt + i];
    }
  }

  @Override
  public void store(
      int n, RealArray sums, int at, RealArray c, int cAt, double alpha, double beta) {
    F32Tiles.storeRow(of(sums), at, n, of(c), cAt, (float) alpha, (float) beta);
  }
}
