package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One block of the canonical sum where the 128 lanes are 16 vectors: each is an accumulator in a
 * register, from the first element to the halving tree. Vectors cannot cross from one method to
 * another without an object on the heap, hence the length of these methods, which call nothing
 * while vectors are alive.
 *
 * <p>A vector of the incomplete last row is read from the operand if all its elements exist, else
 * from the copy of the last vector, else from the padding.
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
      int last = L - rest % L;
      int at;
      at = rest >= L ? end : last;
      a0 = a0.add(FloatVector.fromArray(V, rest >= L ? x : s.x, at));
      at = rest >= 2 * L ? end + L : rest > L ? last : L;
      a1 = a1.add(FloatVector.fromArray(V, rest >= 2 * L ? x : s.x, at));
      at = rest >= 3 * L ? end + 2 * L : rest > 2 * L ? last : L;
      a2 = a2.add(FloatVector.fromArray(V, rest >= 3 * L ? x : s.x, at));
      at = rest >= 4 * L ? end + 3 * L : rest > 3 * L ? last : L;
      a3 = a3.add(FloatVector.fromArray(V, rest >= 4 * L ? x : s.x, at));
      at = rest >= 5 * L ? end + 4 * L : rest > 4 * L ? last : L;
      a4 = a4.add(FloatVector.fromArray(V, rest >= 5 * L ? x : s.x, at));
      at = rest >= 6 * L ? end + 5 * L : rest > 5 * L ? last : L;
      a5 = a5.add(FloatVector.fromArray(V, rest >= 6 * L ? x : s.x, at));
      at = rest >= 7 * L ? end + 6 * L : rest > 6 * L ? last : L;
      a6 = a6.add(FloatVector.fromArray(V, rest >= 7 * L ? x : s.x, at));
      at = rest >= 8 * L ? end + 7 * L : rest > 7 * L ? last : L;
      a7 = a7.add(FloatVector.fromArray(V, rest >= 8 * L ? x : s.x, at));
      at = rest >= 9 * L ? end + 8 * L : rest > 8 * L ? last : L;
      a8 = a8.add(FloatVector.fromArray(V, rest >= 9 * L ? x : s.x, at));
      at = rest >= 10 * L ? end + 9 * L : rest > 9 * L ? last : L;
      a9 = a9.add(FloatVector.fromArray(V, rest >= 10 * L ? x : s.x, at));
      at = rest >= 11 * L ? end + 10 * L : rest > 10 * L ? last : L;
      a10 = a10.add(FloatVector.fromArray(V, rest >= 11 * L ? x : s.x, at));
      at = rest >= 12 * L ? end + 11 * L : rest > 11 * L ? last : L;
      a11 = a11.add(FloatVector.fromArray(V, rest >= 12 * L ? x : s.x, at));
      at = rest >= 13 * L ? end + 12 * L : rest > 12 * L ? last : L;
      a12 = a12.add(FloatVector.fromArray(V, rest >= 13 * L ? x : s.x, at));
      at = rest >= 14 * L ? end + 13 * L : rest > 13 * L ? last : L;
      a13 = a13.add(FloatVector.fromArray(V, rest >= 14 * L ? x : s.x, at));
      at = rest >= 15 * L ? end + 14 * L : rest > 14 * L ? last : L;
      a14 = a14.add(FloatVector.fromArray(V, rest >= 15 * L ? x : s.x, at));
      at = rest >= 16 * L ? end + 15 * L : rest > 15 * L ? last : L;
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
    int last = L - rest % L;
    int at;
    at = rest >= L ? end : last;
    a0 =
        FloatVector.fromArray(V, rest >= L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= L ? y : s.y, at), a0);
    at = rest >= 2 * L ? end + L : rest > L ? last : L;
    a1 =
        FloatVector.fromArray(V, rest >= 2 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 2 * L ? y : s.y, at), a1);
    at = rest >= 3 * L ? end + 2 * L : rest > 2 * L ? last : L;
    a2 =
        FloatVector.fromArray(V, rest >= 3 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 3 * L ? y : s.y, at), a2);
    at = rest >= 4 * L ? end + 3 * L : rest > 3 * L ? last : L;
    a3 =
        FloatVector.fromArray(V, rest >= 4 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 4 * L ? y : s.y, at), a3);
    at = rest >= 5 * L ? end + 4 * L : rest > 4 * L ? last : L;
    a4 =
        FloatVector.fromArray(V, rest >= 5 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 5 * L ? y : s.y, at), a4);
    at = rest >= 6 * L ? end + 5 * L : rest > 5 * L ? last : L;
    a5 =
        FloatVector.fromArray(V, rest >= 6 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 6 * L ? y : s.y, at), a5);
    at = rest >= 7 * L ? end + 6 * L : rest > 6 * L ? last : L;
    a6 =
        FloatVector.fromArray(V, rest >= 7 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 7 * L ? y : s.y, at), a6);
    at = rest >= 8 * L ? end + 7 * L : rest > 7 * L ? last : L;
    a7 =
        FloatVector.fromArray(V, rest >= 8 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 8 * L ? y : s.y, at), a7);
    at = rest >= 9 * L ? end + 8 * L : rest > 8 * L ? last : L;
    a8 =
        FloatVector.fromArray(V, rest >= 9 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 9 * L ? y : s.y, at), a8);
    at = rest >= 10 * L ? end + 9 * L : rest > 9 * L ? last : L;
    a9 =
        FloatVector.fromArray(V, rest >= 10 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 10 * L ? y : s.y, at), a9);
    at = rest >= 11 * L ? end + 10 * L : rest > 10 * L ? last : L;
    a10 =
        FloatVector.fromArray(V, rest >= 11 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 11 * L ? y : s.y, at), a10);
    at = rest >= 12 * L ? end + 11 * L : rest > 11 * L ? last : L;
    a11 =
        FloatVector.fromArray(V, rest >= 12 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 12 * L ? y : s.y, at), a11);
    at = rest >= 13 * L ? end + 12 * L : rest > 12 * L ? last : L;
    a12 =
        FloatVector.fromArray(V, rest >= 13 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 13 * L ? y : s.y, at), a12);
    at = rest >= 14 * L ? end + 13 * L : rest > 13 * L ? last : L;
    a13 =
        FloatVector.fromArray(V, rest >= 14 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 14 * L ? y : s.y, at), a13);
    at = rest >= 15 * L ? end + 14 * L : rest > 14 * L ? last : L;
    a14 =
        FloatVector.fromArray(V, rest >= 15 * L ? x : s.x, at)
            .fma(FloatVector.fromArray(V, rest >= 15 * L ? y : s.y, at), a14);
    at = rest >= 16 * L ? end + 15 * L : rest > 15 * L ? last : L;
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
