package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register blocks of f32 for matrices read in place: every output is an fma chain from +0. If there
 * are fewer rows than a block has, the last one stands in for those that lack. The methods are long
 * because the JIT keeps a vector in a register only as a local variable of one method.
 */
final class F32InPlace {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int LANES = V.length();

  private F32InPlace() {}

  /** Four rows and four vectors of columns. */
  static void direct4x4(
      int terms,
      float[] a,
      int aAt,
      int rowStep,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int cAt,
      int ldc,
      int rows) {
    int r1 = aAt + Math.min(1, rows - 1) * rowStep;
    int r2 = aAt + Math.min(2, rows - 1) * rowStep;
    int r3 = aAt + Math.min(3, rows - 1) * rowStep;
    FloatVector c00 = FloatVector.zero(V);
    FloatVector c01 = FloatVector.zero(V);
    FloatVector c02 = FloatVector.zero(V);
    FloatVector c03 = FloatVector.zero(V);
    FloatVector c10 = FloatVector.zero(V);
    FloatVector c11 = FloatVector.zero(V);
    FloatVector c12 = FloatVector.zero(V);
    FloatVector c13 = FloatVector.zero(V);
    FloatVector c20 = FloatVector.zero(V);
    FloatVector c21 = FloatVector.zero(V);
    FloatVector c22 = FloatVector.zero(V);
    FloatVector c23 = FloatVector.zero(V);
    FloatVector c30 = FloatVector.zero(V);
    FloatVector c31 = FloatVector.zero(V);
    FloatVector c32 = FloatVector.zero(V);
    FloatVector c33 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector b0 = FloatVector.fromArray(V, b, row);
      FloatVector b1 = FloatVector.fromArray(V, b, row + LANES);
      FloatVector b2 = FloatVector.fromArray(V, b, row + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(V, b, row + 3 * LANES);
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      c02 = x.fma(b2, c02);
      c03 = x.fma(b3, c03);
      x = FloatVector.broadcast(V, a[r1 + q]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      c12 = x.fma(b2, c12);
      c13 = x.fma(b3, c13);
      x = FloatVector.broadcast(V, a[r2 + q]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      c22 = x.fma(b2, c22);
      c23 = x.fma(b3, c23);
      x = FloatVector.broadcast(V, a[r3 + q]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      c32 = x.fma(b2, c32);
      c33 = x.fma(b3, c33);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    c02.intoArray(c, cAt + 2 * LANES);
    c03.intoArray(c, cAt + 3 * LANES);
    int to1 = cAt + Math.min(1, rows - 1) * ldc;
    c10.intoArray(c, to1);
    c11.intoArray(c, to1 + LANES);
    c12.intoArray(c, to1 + 2 * LANES);
    c13.intoArray(c, to1 + 3 * LANES);
    int to2 = cAt + Math.min(2, rows - 1) * ldc;
    c20.intoArray(c, to2);
    c21.intoArray(c, to2 + LANES);
    c22.intoArray(c, to2 + 2 * LANES);
    c23.intoArray(c, to2 + 3 * LANES);
    int to3 = cAt + Math.min(3, rows - 1) * ldc;
    c30.intoArray(c, to3);
    c31.intoArray(c, to3 + LANES);
    c32.intoArray(c, to3 + 2 * LANES);
    c33.intoArray(c, to3 + 3 * LANES);
  }

  /** Four rows and two vectors of columns, the second one {@code second} elements on. */
  static void direct4x2(
      int terms,
      float[] a,
      int aAt,
      int rowStep,
      float[] b,
      int bAt,
      int ldb,
      int second,
      float[] c,
      int cAt,
      int ldc,
      int rows) {
    int r1 = aAt + Math.min(1, rows - 1) * rowStep;
    int r2 = aAt + Math.min(2, rows - 1) * rowStep;
    int r3 = aAt + Math.min(3, rows - 1) * rowStep;
    FloatVector c00 = FloatVector.zero(V);
    FloatVector c01 = FloatVector.zero(V);
    FloatVector c10 = FloatVector.zero(V);
    FloatVector c11 = FloatVector.zero(V);
    FloatVector c20 = FloatVector.zero(V);
    FloatVector c21 = FloatVector.zero(V);
    FloatVector c30 = FloatVector.zero(V);
    FloatVector c31 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector b0 = FloatVector.fromArray(V, b, row);
      FloatVector b1 = FloatVector.fromArray(V, b, row + second);
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(V, a[r1 + q]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(V, a[r2 + q]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(V, a[r3 + q]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + second);
    int to1 = cAt + Math.min(1, rows - 1) * ldc;
    c10.intoArray(c, to1);
    c11.intoArray(c, to1 + second);
    int to2 = cAt + Math.min(2, rows - 1) * ldc;
    c20.intoArray(c, to2);
    c21.intoArray(c, to2 + second);
    int to3 = cAt + Math.min(3, rows - 1) * ldc;
    c30.intoArray(c, to3);
    c31.intoArray(c, to3 + second);
  }

  /** Eight rows and one vector of columns. */
  static void direct8x1(
      int terms,
      float[] a,
      int aAt,
      int rowStep,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int cAt,
      int ldc,
      int rows) {
    int r1 = aAt + Math.min(1, rows - 1) * rowStep;
    int r2 = aAt + Math.min(2, rows - 1) * rowStep;
    int r3 = aAt + Math.min(3, rows - 1) * rowStep;
    int r4 = aAt + Math.min(4, rows - 1) * rowStep;
    int r5 = aAt + Math.min(5, rows - 1) * rowStep;
    int r6 = aAt + Math.min(6, rows - 1) * rowStep;
    int r7 = aAt + Math.min(7, rows - 1) * rowStep;
    FloatVector c00 = FloatVector.zero(V);
    FloatVector c10 = FloatVector.zero(V);
    FloatVector c20 = FloatVector.zero(V);
    FloatVector c30 = FloatVector.zero(V);
    FloatVector c40 = FloatVector.zero(V);
    FloatVector c50 = FloatVector.zero(V);
    FloatVector c60 = FloatVector.zero(V);
    FloatVector c70 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector b0 = FloatVector.fromArray(V, b, row);
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c00 = x.fma(b0, c00);
      x = FloatVector.broadcast(V, a[r1 + q]);
      c10 = x.fma(b0, c10);
      x = FloatVector.broadcast(V, a[r2 + q]);
      c20 = x.fma(b0, c20);
      x = FloatVector.broadcast(V, a[r3 + q]);
      c30 = x.fma(b0, c30);
      x = FloatVector.broadcast(V, a[r4 + q]);
      c40 = x.fma(b0, c40);
      x = FloatVector.broadcast(V, a[r5 + q]);
      c50 = x.fma(b0, c50);
      x = FloatVector.broadcast(V, a[r6 + q]);
      c60 = x.fma(b0, c60);
      x = FloatVector.broadcast(V, a[r7 + q]);
      c70 = x.fma(b0, c70);
    }
    c00.intoArray(c, cAt);
    int to1 = cAt + Math.min(1, rows - 1) * ldc;
    c10.intoArray(c, to1);
    int to2 = cAt + Math.min(2, rows - 1) * ldc;
    c20.intoArray(c, to2);
    int to3 = cAt + Math.min(3, rows - 1) * ldc;
    c30.intoArray(c, to3);
    int to4 = cAt + Math.min(4, rows - 1) * ldc;
    c40.intoArray(c, to4);
    int to5 = cAt + Math.min(5, rows - 1) * ldc;
    c50.intoArray(c, to5);
    int to6 = cAt + Math.min(6, rows - 1) * ldc;
    c60.intoArray(c, to6);
    int to7 = cAt + Math.min(7, rows - 1) * ldc;
    c70.intoArray(c, to7);
  }

  /** One row and sixteen vectors of columns. */
  static void direct1x16(
      int terms, float[] a, int aAt, float[] b, int bAt, int ldb, float[] c, int cAt) {
    FloatVector c0 = FloatVector.zero(V);
    FloatVector c1 = FloatVector.zero(V);
    FloatVector c2 = FloatVector.zero(V);
    FloatVector c3 = FloatVector.zero(V);
    FloatVector c4 = FloatVector.zero(V);
    FloatVector c5 = FloatVector.zero(V);
    FloatVector c6 = FloatVector.zero(V);
    FloatVector c7 = FloatVector.zero(V);
    FloatVector c8 = FloatVector.zero(V);
    FloatVector c9 = FloatVector.zero(V);
    FloatVector c10 = FloatVector.zero(V);
    FloatVector c11 = FloatVector.zero(V);
    FloatVector c12 = FloatVector.zero(V);
    FloatVector c13 = FloatVector.zero(V);
    FloatVector c14 = FloatVector.zero(V);
    FloatVector c15 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c0 = x.fma(FloatVector.fromArray(V, b, row), c0);
      c1 = x.fma(FloatVector.fromArray(V, b, row + LANES), c1);
      c2 = x.fma(FloatVector.fromArray(V, b, row + 2 * LANES), c2);
      c3 = x.fma(FloatVector.fromArray(V, b, row + 3 * LANES), c3);
      c4 = x.fma(FloatVector.fromArray(V, b, row + 4 * LANES), c4);
      c5 = x.fma(FloatVector.fromArray(V, b, row + 5 * LANES), c5);
      c6 = x.fma(FloatVector.fromArray(V, b, row + 6 * LANES), c6);
      c7 = x.fma(FloatVector.fromArray(V, b, row + 7 * LANES), c7);
      c8 = x.fma(FloatVector.fromArray(V, b, row + 8 * LANES), c8);
      c9 = x.fma(FloatVector.fromArray(V, b, row + 9 * LANES), c9);
      c10 = x.fma(FloatVector.fromArray(V, b, row + 10 * LANES), c10);
      c11 = x.fma(FloatVector.fromArray(V, b, row + 11 * LANES), c11);
      c12 = x.fma(FloatVector.fromArray(V, b, row + 12 * LANES), c12);
      c13 = x.fma(FloatVector.fromArray(V, b, row + 13 * LANES), c13);
      c14 = x.fma(FloatVector.fromArray(V, b, row + 14 * LANES), c14);
      c15 = x.fma(FloatVector.fromArray(V, b, row + 15 * LANES), c15);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + LANES);
    c2.intoArray(c, cAt + 2 * LANES);
    c3.intoArray(c, cAt + 3 * LANES);
    c4.intoArray(c, cAt + 4 * LANES);
    c5.intoArray(c, cAt + 5 * LANES);
    c6.intoArray(c, cAt + 6 * LANES);
    c7.intoArray(c, cAt + 7 * LANES);
    c8.intoArray(c, cAt + 8 * LANES);
    c9.intoArray(c, cAt + 9 * LANES);
    c10.intoArray(c, cAt + 10 * LANES);
    c11.intoArray(c, cAt + 11 * LANES);
    c12.intoArray(c, cAt + 12 * LANES);
    c13.intoArray(c, cAt + 13 * LANES);
    c14.intoArray(c, cAt + 14 * LANES);
    c15.intoArray(c, cAt + 15 * LANES);
  }

  /** One row and eight vectors of columns; A's terms are {@code termStep} apart. */
  static void direct1x8(
      int terms,
      float[] a,
      int aAt,
      int termStep,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int cAt) {
    FloatVector c00 = FloatVector.zero(V);
    FloatVector c01 = FloatVector.zero(V);
    FloatVector c02 = FloatVector.zero(V);
    FloatVector c03 = FloatVector.zero(V);
    FloatVector c04 = FloatVector.zero(V);
    FloatVector c05 = FloatVector.zero(V);
    FloatVector c06 = FloatVector.zero(V);
    FloatVector c07 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector x = FloatVector.broadcast(V, a[aAt + q * termStep]);
      c00 = x.fma(FloatVector.fromArray(V, b, row), c00);
      c01 = x.fma(FloatVector.fromArray(V, b, row + LANES), c01);
      c02 = x.fma(FloatVector.fromArray(V, b, row + 2 * LANES), c02);
      c03 = x.fma(FloatVector.fromArray(V, b, row + 3 * LANES), c03);
      c04 = x.fma(FloatVector.fromArray(V, b, row + 4 * LANES), c04);
      c05 = x.fma(FloatVector.fromArray(V, b, row + 5 * LANES), c05);
      c06 = x.fma(FloatVector.fromArray(V, b, row + 6 * LANES), c06);
      c07 = x.fma(FloatVector.fromArray(V, b, row + 7 * LANES), c07);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    c02.intoArray(c, cAt + 2 * LANES);
    c03.intoArray(c, cAt + 3 * LANES);
    c04.intoArray(c, cAt + 4 * LANES);
    c05.intoArray(c, cAt + 5 * LANES);
    c06.intoArray(c, cAt + 6 * LANES);
    c07.intoArray(c, cAt + 7 * LANES);
  }

  /** One row and four vectors of columns; A's terms are {@code termStep} apart. */
  static void direct1x4(
      int terms,
      float[] a,
      int aAt,
      int termStep,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int cAt) {
    FloatVector c00 = FloatVector.zero(V);
    FloatVector c01 = FloatVector.zero(V);
    FloatVector c02 = FloatVector.zero(V);
    FloatVector c03 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector x = FloatVector.broadcast(V, a[aAt + q * termStep]);
      c00 = x.fma(FloatVector.fromArray(V, b, row), c00);
      c01 = x.fma(FloatVector.fromArray(V, b, row + LANES), c01);
      c02 = x.fma(FloatVector.fromArray(V, b, row + 2 * LANES), c02);
      c03 = x.fma(FloatVector.fromArray(V, b, row + 3 * LANES), c03);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    c02.intoArray(c, cAt + 2 * LANES);
    c03.intoArray(c, cAt + 3 * LANES);
  }
}
