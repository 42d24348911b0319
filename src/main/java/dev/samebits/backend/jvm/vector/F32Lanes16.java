package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One block of the canonical sum where the 128 lanes are 16 vectors: each is an accumulator in a
 * register, from the first element to the halving tree. Vectors cannot cross from one method to
 * another without an object on the heap, hence the length of these methods.
 */
final class F32Lanes16 {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();
  private static final int LANES = F32Scratch.LANES;

  private F32Lanes16() {}

  /** Sum of elements {@code from} to {@code to - 1}, at most a block. */
  static float sum(float[] x, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
    int end = to - rest;
    s.keepLast(x, null, end, to);
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    FloatVector a8 = zero, a9 = zero, a10 = zero, a11 = zero;
    FloatVector a12 = zero, a13 = zero, a14 = zero, a15 = zero;
    for (int i = from; i < end; i += LANES) {
      a0 = a0.add(FloatVector.fromArray(V, x, i));
      a1 = a1.add(FloatVector.fromArray(V, x, i + L));
      a2 = a2.add(FloatVector.fromArray(V, x, i + 2 * L));
      a3 = a3.add(FloatVector.fromArray(V, x, i + 3 * L));
      a4 = a4.add(FloatVector.fromArray(V, x, i + 4 * L));
      a5 = a5.add(FloatVector.fromArray(V, x, i + 5 * L));
      a6 = a6.add(FloatVector.fromArray(V, x, i + 6 * L));
      a7 = a7.add(FloatVector.fromArray(V, x, i + 7 * L));
      a8 = a8.add(FloatVector.fromArray(V, x, i + 8 * L));
      a9 = a9.add(FloatVector.fromArray(V, x, i + 9 * L));
      a10 = a10.add(FloatVector.fromArray(V, x, i + 10 * L));
      a11 = a11.add(FloatVector.fromArray(V, x, i + 11 * L));
      a12 = a12.add(FloatVector.fromArray(V, x, i + 12 * L));
      a13 = a13.add(FloatVector.fromArray(V, x, i + 13 * L));
      a14 = a14.add(FloatVector.fromArray(V, x, i + 14 * L));
      a15 = a15.add(FloatVector.fromArray(V, x, i + 15 * L));
    }
    if (rest > 0) {
      int at;
      at = F32Scratch.at(0, end, rest);
      a0 = a0.add(FloatVector.fromArray(V, rest >= L ? x : s.x, at));
      at = F32Scratch.at(1, end, rest);
      a1 = a1.add(FloatVector.fromArray(V, rest >= 2 * L ? x : s.x, at));
      at = F32Scratch.at(2, end, rest);
      a2 = a2.add(FloatVector.fromArray(V, rest >= 3 * L ? x : s.x, at));
      at = F32Scratch.at(3, end, rest);
      a3 = a3.add(FloatVector.fromArray(V, rest >= 4 * L ? x : s.x, at));
      at = F32Scratch.at(4, end, rest);
      a4 = a4.add(FloatVector.fromArray(V, rest >= 5 * L ? x : s.x, at));
      at = F32Scratch.at(5, end, rest);
      a5 = a5.add(FloatVector.fromArray(V, rest >= 6 * L ? x : s.x, at));
      at = F32Scratch.at(6, end, rest);
      a6 = a6.add(FloatVector.fromArray(V, rest >= 7 * L ? x : s.x, at));
      at = F32Scratch.at(7, end, rest);
      a7 = a7.add(FloatVector.fromArray(V, rest >= 8 * L ? x : s.x, at));
      at = F32Scratch.at(8, end, rest);
      a8 = a8.add(FloatVector.fromArray(V, rest >= 9 * L ? x : s.x, at));
      at = F32Scratch.at(9, end, rest);
      a9 = a9.add(FloatVector.fromArray(V, rest >= 10 * L ? x : s.x, at));
      at = F32Scratch.at(10, end, rest);
      a10 = a10.add(FloatVector.fromArray(V, rest >= 11 * L ? x : s.x, at));
      at = F32Scratch.at(11, end, rest);
      a11 = a11.add(FloatVector.fromArray(V, rest >= 12 * L ? x : s.x, at));
      at = F32Scratch.at(12, end, rest);
      a12 = a12.add(FloatVector.fromArray(V, rest >= 13 * L ? x : s.x, at));
      at = F32Scratch.at(13, end, rest);
      a13 = a13.add(FloatVector.fromArray(V, rest >= 14 * L ? x : s.x, at));
      at = F32Scratch.at(14, end, rest);
      a14 = a14.add(FloatVector.fromArray(V, rest >= 15 * L ? x : s.x, at));
      at = F32Scratch.at(15, end, rest);
      a15 = a15.add(FloatVector.fromArray(V, rest >= 16 * L ? x : s.x, at));
    }
    a0 = a0.add(a8);
    a1 = a1.add(a9);
    a2 = a2.add(a10);
    a3 = a3.add(a11);
    a4 = a4.add(a12);
    a5 = a5.add(a13);
    a6 = a6.add(a14);
    a7 = a7.add(a15);
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(s.lanes, 0);
    return F32Scratch.join(s.lanes);
  }

  /**
   * Inner product of elements {@code from} to {@code to - 1}, at most a block. In two methods: in
   * one the compiler of JDK 17 runs out of the nodes that it allows itself, and leaves vectors on
   * the heap.
   */
  static float dot(float[] x, float[] y, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
    int end = to - rest;
    s.keepLast(x, y, end, to);
    fullRows(x, y, from, end, s.lanes);
    return rest == 0 ? halve(s.lanes) : lastRow(x, y, end, rest, s);
  }

  private static void fullRows(float[] x, float[] y, int from, int end, float[] lanes) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    FloatVector a8 = zero, a9 = zero, a10 = zero, a11 = zero;
    FloatVector a12 = zero, a13 = zero, a14 = zero, a15 = zero;
    for (int i = from; i < end; i += LANES) {
      a0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
      a1 = FloatVector.fromArray(V, x, i + L).fma(FloatVector.fromArray(V, y, i + L), a1);
      a2 = FloatVector.fromArray(V, x, i + 2 * L).fma(FloatVector.fromArray(V, y, i + 2 * L), a2);
      a3 = FloatVector.fromArray(V, x, i + 3 * L).fma(FloatVector.fromArray(V, y, i + 3 * L), a3);
      a4 = FloatVector.fromArray(V, x, i + 4 * L).fma(FloatVector.fromArray(V, y, i + 4 * L), a4);
      a5 = FloatVector.fromArray(V, x, i + 5 * L).fma(FloatVector.fromArray(V, y, i + 5 * L), a5);
      a6 = FloatVector.fromArray(V, x, i + 6 * L).fma(FloatVector.fromArray(V, y, i + 6 * L), a6);
      a7 = FloatVector.fromArray(V, x, i + 7 * L).fma(FloatVector.fromArray(V, y, i + 7 * L), a7);
      a8 = FloatVector.fromArray(V, x, i + 8 * L).fma(FloatVector.fromArray(V, y, i + 8 * L), a8);
      a9 = FloatVector.fromArray(V, x, i + 9 * L).fma(FloatVector.fromArray(V, y, i + 9 * L), a9);
      a10 =
          FloatVector.fromArray(V, x, i + 10 * L).fma(FloatVector.fromArray(V, y, i + 10 * L), a10);
      a11 =
          FloatVector.fromArray(V, x, i + 11 * L).fma(FloatVector.fromArray(V, y, i + 11 * L), a11);
      a12 =
          FloatVector.fromArray(V, x, i + 12 * L).fma(FloatVector.fromArray(V, y, i + 12 * L), a12);
      a13 =
          FloatVector.fromArray(V, x, i + 13 * L).fma(FloatVector.fromArray(V, y, i + 13 * L), a13);
      a14 =
          FloatVector.fromArray(V, x, i + 14 * L).fma(FloatVector.fromArray(V, y, i + 14 * L), a14);
      a15 =
          FloatVector.fromArray(V, x, i + 15 * L).fma(FloatVector.fromArray(V, y, i + 15 * L), a15);
    }
    a0.intoArray(lanes, 0);
    a1.intoArray(lanes, L);
    a2.intoArray(lanes, 2 * L);
    a3.intoArray(lanes, 3 * L);
    a4.intoArray(lanes, 4 * L);
    a5.intoArray(lanes, 5 * L);
    a6.intoArray(lanes, 6 * L);
    a7.intoArray(lanes, 7 * L);
    a8.intoArray(lanes, 8 * L);
    a9.intoArray(lanes, 9 * L);
    a10.intoArray(lanes, 10 * L);
    a11.intoArray(lanes, 11 * L);
    a12.intoArray(lanes, 12 * L);
    a13.intoArray(lanes, 13 * L);
    a14.intoArray(lanes, 14 * L);
    a15.intoArray(lanes, 15 * L);
  }

  private static float lastRow(float[] x, float[] y, int end, int rest, F32Scratch s) {
    float[] lanes = s.lanes;
    FloatVector a0 = FloatVector.fromArray(V, lanes, 0);
    FloatVector a1 = FloatVector.fromArray(V, lanes, L);
    FloatVector a2 = FloatVector.fromArray(V, lanes, 2 * L);
    FloatVector a3 = FloatVector.fromArray(V, lanes, 3 * L);
    FloatVector a4 = FloatVector.fromArray(V, lanes, 4 * L);
    FloatVector a5 = FloatVector.fromArray(V, lanes, 5 * L);
    FloatVector a6 = FloatVector.fromArray(V, lanes, 6 * L);
    FloatVector a7 = FloatVector.fromArray(V, lanes, 7 * L);
    FloatVector a8 = FloatVector.fromArray(V, lanes, 8 * L);
    FloatVector a9 = FloatVector.fromArray(V, lanes, 9 * L);
    FloatVector a10 = FloatVector.fromArray(V, lanes, 10 * L);
    FloatVector a11 = FloatVector.fromArray(V, lanes, 11 * L);
    FloatVector a12 = FloatVector.fromArray(V, lanes, 12 * L);
    FloatVector a13 = FloatVector.fromArray(V, lanes, 13 * L);
    FloatVector a14 = FloatVector.fromArray(V, lanes, 14 * L);
    FloatVector a15 = FloatVector.fromArray(V, lanes, 15 * L);
    int at;
    at = F32Scratch.at(0, end, rest);
    a0 =
        FloatVector.fromArray(V, rest >= L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= L ? y : s.y, at), a0);
    at = F32Scratch.at(1, end, rest);
    a1 =
        FloatVector.fromArray(V, rest >= 2 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 2 * L ? y : s.y, at), a1);
    at = F32Scratch.at(2, end, rest);
    a2 =
        FloatVector.fromArray(V, rest >= 3 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 3 * L ? y : s.y, at), a2);
    at = F32Scratch.at(3, end, rest);
    a3 =
        FloatVector.fromArray(V, rest >= 4 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 4 * L ? y : s.y, at), a3);
    at = F32Scratch.at(4, end, rest);
    a4 =
        FloatVector.fromArray(V, rest >= 5 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 5 * L ? y : s.y, at), a4);
    at = F32Scratch.at(5, end, rest);
    a5 =
        FloatVector.fromArray(V, rest >= 6 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 6 * L ? y : s.y, at), a5);
    at = F32Scratch.at(6, end, rest);
    a6 =
        FloatVector.fromArray(V, rest >= 7 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 7 * L ? y : s.y, at), a6);
    at = F32Scratch.at(7, end, rest);
    a7 =
        FloatVector.fromArray(V, rest >= 8 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 8 * L ? y : s.y, at), a7);
    at = F32Scratch.at(8, end, rest);
    a8 =
        FloatVector.fromArray(V, rest >= 9 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 9 * L ? y : s.y, at), a8);
    at = F32Scratch.at(9, end, rest);
    a9 =
        FloatVector.fromArray(V, rest >= 10 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 10 * L ? y : s.y, at), a9);
    at = F32Scratch.at(10, end, rest);
    a10 =
        FloatVector.fromArray(V, rest >= 11 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 11 * L ? y : s.y, at), a10);
    at = F32Scratch.at(11, end, rest);
    a11 =
        FloatVector.fromArray(V, rest >= 12 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 12 * L ? y : s.y, at), a11);
    at = F32Scratch.at(12, end, rest);
    a12 =
        FloatVector.fromArray(V, rest >= 13 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 13 * L ? y : s.y, at), a12);
    at = F32Scratch.at(13, end, rest);
    a13 =
        FloatVector.fromArray(V, rest >= 14 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 14 * L ? y : s.y, at), a13);
    at = F32Scratch.at(14, end, rest);
    a14 =
        FloatVector.fromArray(V, rest >= 15 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 15 * L ? y : s.y, at), a14);
    at = F32Scratch.at(15, end, rest);
    a15 =
        FloatVector.fromArray(V, rest >= 16 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 16 * L ? y : s.y, at), a15);
    a0 = a0.add(a8);
    a1 = a1.add(a9);
    a2 = a2.add(a10);
    a3 = a3.add(a11);
    a4 = a4.add(a12);
    a5 = a5.add(a13);
    a6 = a6.add(a14);
    a7 = a7.add(a15);
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(lanes, 0);
    return F32Scratch.join(lanes);
  }

  private static float halve(float[] lanes) {
    FloatVector a0 = FloatVector.fromArray(V, lanes, 0);
    FloatVector a1 = FloatVector.fromArray(V, lanes, L);
    FloatVector a2 = FloatVector.fromArray(V, lanes, 2 * L);
    FloatVector a3 = FloatVector.fromArray(V, lanes, 3 * L);
    FloatVector a4 = FloatVector.fromArray(V, lanes, 4 * L);
    FloatVector a5 = FloatVector.fromArray(V, lanes, 5 * L);
    FloatVector a6 = FloatVector.fromArray(V, lanes, 6 * L);
    FloatVector a7 = FloatVector.fromArray(V, lanes, 7 * L);
    FloatVector a8 = FloatVector.fromArray(V, lanes, 8 * L);
    FloatVector a9 = FloatVector.fromArray(V, lanes, 9 * L);
    FloatVector a10 = FloatVector.fromArray(V, lanes, 10 * L);
    FloatVector a11 = FloatVector.fromArray(V, lanes, 11 * L);
    FloatVector a12 = FloatVector.fromArray(V, lanes, 12 * L);
    FloatVector a13 = FloatVector.fromArray(V, lanes, 13 * L);
    FloatVector a14 = FloatVector.fromArray(V, lanes, 14 * L);
    FloatVector a15 = FloatVector.fromArray(V, lanes, 15 * L);
    a0 = a0.add(a8);
    a1 = a1.add(a9);
    a2 = a2.add(a10);
    a3 = a3.add(a11);
    a4 = a4.add(a12);
    a5 = a5.add(a13);
    a6 = a6.add(a14);
    a7 = a7.add(a15);
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(lanes, 0);
    return F32Scratch.join(lanes);
  }
}
