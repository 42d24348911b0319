package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One block of the canonical sum where the 128 lanes are 8 vectors: each is an accumulator in a
 * register, from the first element to the halving tree. Vectors cannot cross from one method to
 * another without an object on the heap, hence the length of these methods, which call nothing
 * while vectors are alive.
 *
 * <p>Full rows alone have a method of their own: with the incomplete row in the same method the
 * loop over the full ones reads the memory at two thirds of its speed (JDK 17 and 25, 512 bits).
 *
 * <p>A vector of the incomplete last row is read from the operand if all its elements exist, else
 * from the copy of the last vector, else from the padding.
 */
final class F32Lanes8 {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();
  private static final int LANES = F32Scratch.LANES;

  private F32Lanes8() {}

  /** Sum of elements {@code from} to {@code to - 1}, at most a block. */
  static float sum(float[] x, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
    if (rest == 0) {
      return fullRows(x, from, to, s);
    }
    int end = to - rest;
    s.keepLast(x, null, end, to);
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    for (int i = from; i < end; i += LANES) {
      a0 = a0.add(FloatVector.fromArray(V, x, i));
      a1 = a1.add(FloatVector.fromArray(V, x, i + L));
      a2 = a2.add(FloatVector.fromArray(V, x, i + 2 * L));
      a3 = a3.add(FloatVector.fromArray(V, x, i + 3 * L));
      a4 = a4.add(FloatVector.fromArray(V, x, i + 4 * L));
      a5 = a5.add(FloatVector.fromArray(V, x, i + 5 * L));
      a6 = a6.add(FloatVector.fromArray(V, x, i + 6 * L));
      a7 = a7.add(FloatVector.fromArray(V, x, i + 7 * L));
    }
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

  /** Inner product of elements {@code from} to {@code to - 1}, at most a block. */
  static float dot(float[] x, float[] y, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
    if (rest == 0) {
      return fullRows(x, y, from, to, s);
    }
    int end = to - rest;
    s.keepLast(x, y, end, to);
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    for (int i = from; i < end; i += LANES) {
      a0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
      a1 = FloatVector.fromArray(V, x, i + L).fma(FloatVector.fromArray(V, y, i + L), a1);
      a2 = FloatVector.fromArray(V, x, i + 2 * L).fma(FloatVector.fromArray(V, y, i + 2 * L), a2);
      a3 = FloatVector.fromArray(V, x, i + 3 * L).fma(FloatVector.fromArray(V, y, i + 3 * L), a3);
      a4 = FloatVector.fromArray(V, x, i + 4 * L).fma(FloatVector.fromArray(V, y, i + 4 * L), a4);
      a5 = FloatVector.fromArray(V, x, i + 5 * L).fma(FloatVector.fromArray(V, y, i + 5 * L), a5);
      a6 = FloatVector.fromArray(V, x, i + 6 * L).fma(FloatVector.fromArray(V, y, i + 6 * L), a6);
      a7 = FloatVector.fromArray(V, x, i + 7 * L).fma(FloatVector.fromArray(V, y, i + 7 * L), a7);
    }
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

  private static float fullRows(float[] x, int from, int to, F32Scratch s) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    for (int i = from; i < to; i += LANES) {
      a0 = a0.add(FloatVector.fromArray(V, x, i));
      a1 = a1.add(FloatVector.fromArray(V, x, i + L));
      a2 = a2.add(FloatVector.fromArray(V, x, i + 2 * L));
      a3 = a3.add(FloatVector.fromArray(V, x, i + 3 * L));
      a4 = a4.add(FloatVector.fromArray(V, x, i + 4 * L));
      a5 = a5.add(FloatVector.fromArray(V, x, i + 5 * L));
      a6 = a6.add(FloatVector.fromArray(V, x, i + 6 * L));
      a7 = a7.add(FloatVector.fromArray(V, x, i + 7 * L));
    }
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

  private static float fullRows(float[] x, float[] y, int from, int to, F32Scratch s) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    for (int i = from; i < to; i += LANES) {
      a0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
      a1 = FloatVector.fromArray(V, x, i + L).fma(FloatVector.fromArray(V, y, i + L), a1);
      a2 = FloatVector.fromArray(V, x, i + 2 * L).fma(FloatVector.fromArray(V, y, i + 2 * L), a2);
      a3 = FloatVector.fromArray(V, x, i + 3 * L).fma(FloatVector.fromArray(V, y, i + 3 * L), a3);
      a4 = FloatVector.fromArray(V, x, i + 4 * L).fma(FloatVector.fromArray(V, y, i + 4 * L), a4);
      a5 = FloatVector.fromArray(V, x, i + 5 * L).fma(FloatVector.fromArray(V, y, i + 5 * L), a5);
      a6 = FloatVector.fromArray(V, x, i + 6 * L).fma(FloatVector.fromArray(V, y, i + 6 * L), a6);
      a7 = FloatVector.fromArray(V, x, i + 7 * L).fma(FloatVector.fromArray(V, y, i + 7 * L), a7);
    }
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
}
