package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of {@link F32Tiles}, two vectors wide: continue the chains of {@code start}
 * and store them in {@code sums}. The methods are long because the JIT keeps a vector in a register
 * only as a local variable of one method.
 */
final class F32RegisterTile {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int LANES = V.length();
  private static final int ROW_STEP = Tiles.ROW_STEP;

  private F32RegisterTile() {}

  /** For 32 registers: 19 of them. */
  static void multiply8(
      int terms,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] start,
      int startAt,
      float[] sums,
      int at) {
    FloatVector c00 = FloatVector.fromArray(V, start, startAt);
    FloatVector c01 = FloatVector.fromArray(V, start, startAt + LANES);
    FloatVector c10 = FloatVector.fromArray(V, start, startAt + 2 * LANES);
    FloatVector c11 = FloatVector.fromArray(V, start, startAt + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(V, start, startAt + 4 * LANES);
    FloatVector c21 = FloatVector.fromArray(V, start, startAt + 5 * LANES);
    FloatVector c30 = FloatVector.fromArray(V, start, startAt + 6 * LANES);
    FloatVector c31 = FloatVector.fromArray(V, start, startAt + 7 * LANES);
    FloatVector c40 = FloatVector.fromArray(V, start, startAt + 8 * LANES);
    FloatVector c41 = FloatVector.fromArray(V, start, startAt + 9 * LANES);
    FloatVector c50 = FloatVector.fromArray(V, start, startAt + 10 * LANES);
    FloatVector c51 = FloatVector.fromArray(V, start, startAt + 11 * LANES);
    FloatVector c60 = FloatVector.fromArray(V, start, startAt + 12 * LANES);
    FloatVector c61 = FloatVector.fromArray(V, start, startAt + 13 * LANES);
    FloatVector c70 = FloatVector.fromArray(V, start, startAt + 14 * LANES);
    FloatVector c71 = FloatVector.fromArray(V, start, startAt + 15 * LANES);
    for (int q = 0; q < terms; q++) {
      FloatVector b0 = FloatVector.fromArray(V, b, bAt + q * 2 * LANES);
      FloatVector b1 = FloatVector.fromArray(V, b, bAt + q * 2 * LANES + LANES);
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(V, a[aAt + ROW_STEP + q]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(V, a[aAt + 2 * ROW_STEP + q]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(V, a[aAt + 3 * ROW_STEP + q]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(V, a[aAt + 4 * ROW_STEP + q]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(V, a[aAt + 5 * ROW_STEP + q]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = FloatVector.broadcast(V, a[aAt + 6 * ROW_STEP + q]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = FloatVector.broadcast(V, a[aAt + 7 * ROW_STEP + q]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    c00.intoArray(sums, at);
    c01.intoArray(sums, at + LANES);
    c10.intoArray(sums, at + 2 * LANES);
    c11.intoArray(sums, at + 3 * LANES);
    c20.intoArray(sums, at + 4 * LANES);
    c21.intoArray(sums, at + 5 * LANES);
    c30.intoArray(sums, at + 6 * LANES);
    c31.intoArray(sums, at + 7 * LANES);
    c40.intoArray(sums, at + 8 * LANES);
    c41.intoArray(sums, at + 9 * LANES);
    c50.intoArray(sums, at + 10 * LANES);
    c51.intoArray(sums, at + 11 * LANES);
    c60.intoArray(sums, at + 12 * LANES);
    c61.intoArray(sums, at + 13 * LANES);
    c70.intoArray(sums, at + 14 * LANES);
    c71.intoArray(sums, at + 15 * LANES);
  }

  /** For 16 registers: 15 of them. */
  static void multiply6(
      int terms,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] start,
      int startAt,
      float[] sums,
      int at) {
    FloatVector c00 = FloatVector.fromArray(V, start, startAt);
    FloatVector c01 = FloatVector.fromArray(V, start, startAt + LANES);
    FloatVector c10 = FloatVector.fromArray(V, start, startAt + 2 * LANES);
    FloatVector c11 = FloatVector.fromArray(V, start, startAt + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(V, start, startAt + 4 * LANES);
    FloatVector c21 = FloatVector.fromArray(V, start, startAt + 5 * LANES);
    FloatVector c30 = FloatVector.fromArray(V, start, startAt + 6 * LANES);
    FloatVector c31 = FloatVector.fromArray(V, start, startAt + 7 * LANES);
    FloatVector c40 = FloatVector.fromArray(V, start, startAt + 8 * LANES);
    FloatVector c41 = FloatVector.fromArray(V, start, startAt + 9 * LANES);
    FloatVector c50 = FloatVector.fromArray(V, start, startAt + 10 * LANES);
    FloatVector c51 = FloatVector.fromArray(V, start, startAt + 11 * LANES);
    for (int q = 0; q < terms; q++) {
      FloatVector b0 = FloatVector.fromArray(V, b, bAt + q * 2 * LANES);
      FloatVector b1 = FloatVector.fromArray(V, b, bAt + q * 2 * LANES + LANES);
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(V, a[aAt + ROW_STEP + q]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(V, a[aAt + 2 * ROW_STEP + q]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(V, a[aAt + 3 * ROW_STEP + q]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(V, a[aAt + 4 * ROW_STEP + q]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(V, a[aAt + 5 * ROW_STEP + q]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
    }
    c00.intoArray(sums, at);
    c01.intoArray(sums, at + LANES);
    c10.intoArray(sums, at + 2 * LANES);
    c11.intoArray(sums, at + 3 * LANES);
    c20.intoArray(sums, at + 4 * LANES);
    c21.intoArray(sums, at + 5 * LANES);
    c30.intoArray(sums, at + 6 * LANES);
    c31.intoArray(sums, at + 7 * LANES);
    c40.intoArray(sums, at + 8 * LANES);
    c41.intoArray(sums, at + 9 * LANES);
    c50.intoArray(sums, at + 10 * LANES);
    c51.intoArray(sums, at + 11 * LANES);
  }

  /**
   * For 16 registers, 13 of them, with a JIT that puts sums into memory for want of a register: it
   * loads the elements of later rows early. A store keeps the loads after it where they are.
   */
  static void multiply5(
      int terms,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] start,
      int startAt,
      float[] sums,
      int at) {
    FloatVector c00 = FloatVector.fromArray(V, start, startAt);
    FloatVector c01 = FloatVector.fromArray(V, start, startAt + LANES);
    FloatVector c10 = FloatVector.fromArray(V, start, startAt + 2 * LANES);
    FloatVector c11 = FloatVector.fromArray(V, start, startAt + 3 * LANES);
    FloatVector c20 = FloatVector.fromArray(V, start, startAt + 4 * LANES);
    FloatVector c21 = FloatVector.fromArray(V, start, startAt + 5 * LANES);
    FloatVector c30 = FloatVector.fromArray(V, start, startAt + 6 * LANES);
    FloatVector c31 = FloatVector.fromArray(V, start, startAt + 7 * LANES);
    FloatVector c40 = FloatVector.fromArray(V, start, startAt + 8 * LANES);
    FloatVector c41 = FloatVector.fromArray(V, start, startAt + 9 * LANES);
    for (int q = 0; q < terms; q++) {
      FloatVector b0 = FloatVector.fromArray(V, b, bAt + q * 2 * LANES);
      FloatVector b1 = FloatVector.fromArray(V, b, bAt + q * 2 * LANES + LANES);
      FloatVector x = FloatVector.broadcast(V, a[aAt + q]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(V, a[aAt + ROW_STEP + q]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(V, a[aAt + 2 * ROW_STEP + q]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      sums[at] = 0;
      x = FloatVector.broadcast(V, a[aAt + 3 * ROW_STEP + q]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(V, a[aAt + 4 * ROW_STEP + q]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
    }
    c00.intoArray(sums, at);
    c01.intoArray(sums, at + LANES);
    c10.intoArray(sums, at + 2 * LANES);
    c11.intoArray(sums, at + 3 * LANES);
    c20.intoArray(sums, at + 4 * LANES);
    c21.intoArray(sums, at + 5 * LANES);
    c30.intoArray(sums, at + 6 * LANES);
    c31.intoArray(sums, at + 7 * LANES);
    c40.intoArray(sums, at + 8 * LANES);
    c41.intoArray(sums, at + 9 * LANES);
  }
}
