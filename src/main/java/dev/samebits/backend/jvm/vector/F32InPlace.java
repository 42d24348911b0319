package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register blocks of f32 for matrices read in place: every output is an fma chain from +0. If there
 * are fewer rows than a block has, the last one stands in for those that lack. Each method tells
 * whether an output may be NaN: it looks at the sum of its accumulators, which is NaN if one is,
 * and else only where infinities cancel. The methods are long because the JIT keeps a vector in a
 * register only as a local variable of one method.
 */
final class F32InPlace {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int LANES = V.length();

  private F32InPlace() {}

  /** Four rows and four vectors of columns. */
  static boolean direct4x4(
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
    int r1 = rows > 1 ? aAt + rowStep : aAt;
    int r2 = rows > 2 ? r1 + rowStep : r1;
    int r3 = rows > 3 ? r2 + rowStep : r2;
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
    int to1 = rows > 1 ? cAt + ldc : cAt;
    c10.intoArray(c, to1);
    c11.intoArray(c, to1 + LANES);
    c12.intoArray(c, to1 + 2 * LANES);
    c13.intoArray(c, to1 + 3 * LANES);
    int to2 = rows > 2 ? to1 + ldc : to1;
    c20.intoArray(c, to2);
    c21.intoArray(c, to2 + LANES);
    c22.intoArray(c, to2 + 2 * LANES);
    c23.intoArray(c, to2 + 3 * LANES);
    int to3 = rows > 3 ? to2 + ldc : to2;
    c30.intoArray(c, to3);
    c31.intoArray(c, to3 + LANES);
    c32.intoArray(c, to3 + 2 * LANES);
    c33.intoArray(c, to3 + 3 * LANES);
    c00 = c00.add(c20);
    c01 = c01.add(c21);
    c02 = c02.add(c22);
    c03 = c03.add(c23);
    c10 = c10.add(c30);
    c11 = c11.add(c31);
    c12 = c12.add(c32);
    c13 = c13.add(c33);
    c00 = c00.add(c10);
    c01 = c01.add(c11);
    c02 = c02.add(c12);
    c03 = c03.add(c13);
    c00 = c00.add(c02);
    c01 = c01.add(c03);
    c00 = c00.add(c01);
    return c00.compare(VectorOperators.NE, c00).anyTrue();
  }

  /** Four rows and two vectors of columns, the second one {@code second} elements on. */
  static boolean direct4x2(
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
    int r1 = rows > 1 ? aAt + rowStep : aAt;
    int r2 = rows > 2 ? r1 + rowStep : r1;
    int r3 = rows > 3 ? r2 + rowStep : r2;
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
    int to1 = rows > 1 ? cAt + ldc : cAt;
    c10.intoArray(c, to1);
    c11.intoArray(c, to1 + second);
    int to2 = rows > 2 ? to1 + ldc : to1;
    c20.intoArray(c, to2);
    c21.intoArray(c, to2 + second);
    int to3 = rows > 3 ? to2 + ldc : to2;
    c30.intoArray(c, to3);
    c31.intoArray(c, to3 + second);
    c00 = c00.add(c20);
    c01 = c01.add(c21);
    c10 = c10.add(c30);
    c11 = c11.add(c31);
    c00 = c00.add(c10);
    c01 = c01.add(c11);
    c00 = c00.add(c01);
    return c00.compare(VectorOperators.NE, c00).anyTrue();
  }

  /**
   * Eight rows and one vector of columns, or fewer columns: what stands in the lanes behind them
   * may be anything. C's rows are stored in turn, each as a whole vector, so that it overwrites
   * what the one before it wrote too far.
   *
   * @param whole rows of B behind whose begin there is a whole vector; the others are read from
   *     {@code tail}
   * @param lastC takes the eighth row, which may have to be written elsewhere
   * @param rows fewer than eight if there are no more
   */
  static boolean direct8x1(
      int terms,
      int whole,
      float[] a,
      int aAt,
      int rowStep,
      float[] b,
      int bAt,
      int ldb,
      float[] tail,
      int tailAt,
      float[] c,
      int cAt,
      int ldc,
      float[] lastC,
      int lastAt,
      int rows) {
    int r1 = rows > 1 ? aAt + rowStep : aAt;
    int r2 = rows > 2 ? r1 + rowStep : r1;
    int r3 = rows > 3 ? r2 + rowStep : r2;
    int r4 = rows > 4 ? r3 + rowStep : r3;
    int r5 = rows > 5 ? r4 + rowStep : r4;
    int r6 = rows > 6 ? r5 + rowStep : r5;
    int r7 = rows > 7 ? r6 + rowStep : r6;
    FloatVector c0 = FloatVector.zero(V);
    FloatVector c1 = FloatVector.zero(V);
    FloatVector c2 = FloatVector.zero(V);
    FloatVector c3 = FloatVector.zero(V);
    FloatVector c4 = FloatVector.zero(V);
    FloatVector c5 = FloatVector.zero(V);
    FloatVector c6 = FloatVector.zero(V);
    FloatVector c7 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      float[] from = q < whole ? b : tail;
      int row = q < whole ? bAt + q * ldb : tailAt + (q - whole) * ldb;
      FloatVector y = FloatVector.fromArray(V, from, row);
      c0 = FloatVector.broadcast(V, a[aAt + q]).fma(y, c0);
      c1 = FloatVector.broadcast(V, a[r1 + q]).fma(y, c1);
      c2 = FloatVector.broadcast(V, a[r2 + q]).fma(y, c2);
      c3 = FloatVector.broadcast(V, a[r3 + q]).fma(y, c3);
      c4 = FloatVector.broadcast(V, a[r4 + q]).fma(y, c4);
      c5 = FloatVector.broadcast(V, a[r5 + q]).fma(y, c5);
      c6 = FloatVector.broadcast(V, a[r6 + q]).fma(y, c6);
      c7 = FloatVector.broadcast(V, a[r7 + q]).fma(y, c7);
    }
    c0.intoArray(c, cAt);
    int to1 = rows > 1 ? cAt + ldc : cAt;
    c1.intoArray(c, to1);
    int to2 = rows > 2 ? to1 + ldc : to1;
    c2.intoArray(c, to2);
    int to3 = rows > 3 ? to2 + ldc : to2;
    c3.intoArray(c, to3);
    int to4 = rows > 4 ? to3 + ldc : to3;
    c4.intoArray(c, to4);
    int to5 = rows > 5 ? to4 + ldc : to4;
    c5.intoArray(c, to5);
    int to6 = rows > 6 ? to5 + ldc : to5;
    c6.intoArray(c, to6);
    c7.intoArray(lastC, lastAt);
    c0 = c0.add(c4);
    c1 = c1.add(c5);
    c2 = c2.add(c6);
    c3 = c3.add(c7);
    c0 = c0.add(c2);
    c1 = c1.add(c3);
    c0 = c0.add(c1);
    return c0.compare(VectorOperators.NE, c0).anyTrue();
  }

  /** Eight rows and two vectors of columns. */
  static boolean direct8x2(
      int terms,
      float[] a,
      int aAt,
      int rowStep,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int cAt,
      int ldc) {
    int r1 = aAt + rowStep;
    int r2 = r1 + rowStep;
    int r3 = r2 + rowStep;
    int r4 = r3 + rowStep;
    int r5 = r4 + rowStep;
    int r6 = r5 + rowStep;
    int r7 = r6 + rowStep;
    FloatVector c00 = FloatVector.zero(V);
    FloatVector c01 = FloatVector.zero(V);
    FloatVector c10 = FloatVector.zero(V);
    FloatVector c11 = FloatVector.zero(V);
    FloatVector c20 = FloatVector.zero(V);
    FloatVector c21 = FloatVector.zero(V);
    FloatVector c30 = FloatVector.zero(V);
    FloatVector c31 = FloatVector.zero(V);
    FloatVector c40 = FloatVector.zero(V);
    FloatVector c41 = FloatVector.zero(V);
    FloatVector c50 = FloatVector.zero(V);
    FloatVector c51 = FloatVector.zero(V);
    FloatVector c60 = FloatVector.zero(V);
    FloatVector c61 = FloatVector.zero(V);
    FloatVector c70 = FloatVector.zero(V);
    FloatVector c71 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector b0 = FloatVector.fromArray(V, b, row);
      FloatVector b1 = FloatVector.fromArray(V, b, row + LANES);
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
      x = FloatVector.broadcast(V, a[r4 + q]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(V, a[r5 + q]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = FloatVector.broadcast(V, a[r6 + q]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = FloatVector.broadcast(V, a[r7 + q]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    int to1 = cAt + ldc;
    c10.intoArray(c, to1);
    c11.intoArray(c, to1 + LANES);
    int to2 = to1 + ldc;
    c20.intoArray(c, to2);
    c21.intoArray(c, to2 + LANES);
    int to3 = to2 + ldc;
    c30.intoArray(c, to3);
    c31.intoArray(c, to3 + LANES);
    int to4 = to3 + ldc;
    c40.intoArray(c, to4);
    c41.intoArray(c, to4 + LANES);
    int to5 = to4 + ldc;
    c50.intoArray(c, to5);
    c51.intoArray(c, to5 + LANES);
    int to6 = to5 + ldc;
    c60.intoArray(c, to6);
    c61.intoArray(c, to6 + LANES);
    int to7 = to6 + ldc;
    c70.intoArray(c, to7);
    c71.intoArray(c, to7 + LANES);
    c00 = c00.add(c40);
    c01 = c01.add(c41);
    c10 = c10.add(c50);
    c11 = c11.add(c51);
    c20 = c20.add(c60);
    c21 = c21.add(c61);
    c30 = c30.add(c70);
    c31 = c31.add(c71);
    c00 = c00.add(c20);
    c01 = c01.add(c21);
    c10 = c10.add(c30);
    c11 = c11.add(c31);
    c00 = c00.add(c10);
    c01 = c01.add(c11);
    c00 = c00.add(c01);
    return c00.compare(VectorOperators.NE, c00).anyTrue();
  }
}
