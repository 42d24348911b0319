package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Register blocks of one row, as in {@link F32InPlace}. */
final class F32OneRow {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int LANES = V.length();

  private F32OneRow() {}

  /** Sixteen vectors of columns. */
  static boolean direct1x16(
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
    c0 = c0.add(c8);
    c1 = c1.add(c9);
    c2 = c2.add(c10);
    c3 = c3.add(c11);
    c4 = c4.add(c12);
    c5 = c5.add(c13);
    c6 = c6.add(c14);
    c7 = c7.add(c15);
    c0 = c0.add(c4);
    c1 = c1.add(c5);
    c2 = c2.add(c6);
    c3 = c3.add(c7);
    c0 = c0.add(c2);
    c1 = c1.add(c3);
    c0 = c0.add(c1);
    return c0.compare(VectorOperators.NE, c0).anyTrue();
  }

  /** Eight vectors of columns. */
  static boolean direct1x8(
      int terms, float[] a, int aAt, float[] b, int bAt, int ldb, float[] c, int cAt) {
    FloatVector c0 = FloatVector.zero(V);
    FloatVector c1 = FloatVector.zero(V);
    FloatVector c2 = FloatVector.zero(V);
    FloatVector c3 = FloatVector.zero(V);
    FloatVector c4 = FloatVector.zero(V);
    FloatVector c5 = FloatVector.zero(V);
    FloatVector c6 = FloatVector.zero(V);
    FloatVector c7 = FloatVector.zero(V);
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
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + LANES);
    c2.intoArray(c, cAt + 2 * LANES);
    c3.intoArray(c, cAt + 3 * LANES);
    c4.intoArray(c, cAt + 4 * LANES);
    c5.intoArray(c, cAt + 5 * LANES);
    c6.intoArray(c, cAt + 6 * LANES);
    c7.intoArray(c, cAt + 7 * LANES);
    c0 = c0.add(c4);
    c1 = c1.add(c5);
    c2 = c2.add(c6);
    c3 = c3.add(c7);
    c0 = c0.add(c2);
    c1 = c1.add(c3);
    c0 = c0.add(c1);
    return c0.compare(VectorOperators.NE, c0).anyTrue();
  }

  /** Four vectors of columns. */
  static boolean direct1x4(
      int terms, float[] a, int aAt, float[] b, int bAt, int ldb, float[] c, int cAt) {
    FloatVector c0 = FloatVector.zero(V);
    FloatVector c1 = FloatVector.zero(V);
    FloatVector c2 = FloatVector.zero(V);
    FloatVector c3 = FloatVector.zero(V);
    for (int q = 0; q < terms; q++) {
      int row = bAt + q * ldb;
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c0 = x.fma(FloatVector.fromArray(V, b, row), c0);
      c1 = x.fma(FloatVector.fromArray(V, b, row + LANES), c1);
      c2 = x.fma(FloatVector.fromArray(V, b, row + 2 * LANES), c2);
      c3 = x.fma(FloatVector.fromArray(V, b, row + 3 * LANES), c3);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + LANES);
    c2.intoArray(c, cAt + 2 * LANES);
    c3.intoArray(c, cAt + 3 * LANES);
    c0 = c0.add(c2);
    c1 = c1.add(c3);
    c0 = c0.add(c1);
    return c0.compare(VectorOperators.NE, c0).anyTrue();
  }
}
