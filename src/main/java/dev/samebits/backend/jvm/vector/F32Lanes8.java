package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One block of the canonical sum where the 128 lanes are 8 vectors: each is an accumulator in a
 * register, from the first element to the halving tree. Vectors cannot cross from one method to
 * another without an object on the heap, hence the length of these methods.
 */
final class F32Lanes8 {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();
  private static final int LANES = F32Scratch.LANES;

  private F32Lanes8() {}

  /** Sum of elements {@code from} to {@code to - 1}, at most a block. */
  static float sum(float[] x, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
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

  /** Inner product of elements {@code from} to {@code to - 1}, at most a block. */
  static float dot(float[] x, float[] y, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
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
    if (rest > 0) {
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
