package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One block of the canonical sum in passes of eight vectors: lanes c, c + 16, ... c + 112 and the L
 * - 1 after each, which the halving tree joins among themselves until 16 lanes are left. So each
 * vector of a pass is an accumulator in a register, from the first element to the tree. Vectors
 * cannot cross from one method to another without an object on the heap, hence the length of these
 * methods, which call nothing while vectors are alive.
 *
 * <p>Full rows of eight vectors have a method of their own: with the incomplete row in the same
 * method the loop over the full ones reads the memory at two thirds of its speed (JDK 17 and 25,
 * 512 bits).
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
    if (rest == 0 && LANES == 8 * L) {
      return fullRows(x, from, to, s);
    }
    s.keepLast(x, null, from, to);
    for (int c = 0; c < 16; c += L) {
      sum(x, from, to - rest, c, rest - c, s);
    }
    return F32Scratch.join16(s.lanes);
  }

  /** Inner product of elements {@code from} to {@code to - 1}, at most a block. */
  static float dot(float[] x, float[] y, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
    if (rest == 0 && LANES == 8 * L) {
      return fullRows(x, y, from, to, s);
    }
    s.keepLast(x, y, from, to);
    for (int c = 0; c < 16; c += L) {
      dot(x, y, from, to - rest, c, rest - c, s);
    }
    return F32Scratch.join16(s.lanes);
  }

  /**
   * One pass.
   *
   * @param end first element of the incomplete row
   * @param rest elements of that row from lane c on; none or less if there are none
   */
  private static void sum(float[] x, int from, int end, int c, int rest, F32Scratch s) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    int i = from + c;
    for (; i < end; i += LANES) {
      a0 = a0.add(FloatVector.fromArray(V, x, i));
      a1 = a1.add(FloatVector.fromArray(V, x, i + 16));
      a2 = a2.add(FloatVector.fromArray(V, x, i + 32));
      a3 = a3.add(FloatVector.fromArray(V, x, i + 48));
      a4 = a4.add(FloatVector.fromArray(V, x, i + 64));
      a5 = a5.add(FloatVector.fromArray(V, x, i + 80));
      a6 = a6.add(FloatVector.fromArray(V, x, i + 96));
      a7 = a7.add(FloatVector.fromArray(V, x, i + 112));
    }
    if (rest > 0) {
      int last = L - rest % L;
      int at;
      at = rest >= L ? i : rest > 0 ? last : L;
      a0 = a0.add(FloatVector.fromArray(V, rest >= L ? x : s.x, at));
      at = rest >= 16 + L ? i + 16 : rest > 16 ? last : L;
      a1 = a1.add(FloatVector.fromArray(V, rest >= 16 + L ? x : s.x, at));
      at = rest >= 32 + L ? i + 32 : rest > 32 ? last : L;
      a2 = a2.add(FloatVector.fromArray(V, rest >= 32 + L ? x : s.x, at));
      at = rest >= 48 + L ? i + 48 : rest > 48 ? last : L;
      a3 = a3.add(FloatVector.fromArray(V, rest >= 48 + L ? x : s.x, at));
      at = rest >= 64 + L ? i + 64 : rest > 64 ? last : L;
      a4 = a4.add(FloatVector.fromArray(V, rest >= 64 + L ? x : s.x, at));
      at = rest >= 80 + L ? i + 80 : rest > 80 ? last : L;
      a5 = a5.add(FloatVector.fromArray(V, rest >= 80 + L ? x : s.x, at));
      at = rest >= 96 + L ? i + 96 : rest > 96 ? last : L;
      a6 = a6.add(FloatVector.fromArray(V, rest >= 96 + L ? x : s.x, at));
      at = rest >= 112 + L ? i + 112 : rest > 112 ? last : L;
      a7 = a7.add(FloatVector.fromArray(V, rest >= 112 + L ? x : s.x, at));
    }
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(s.lanes, c);
  }

  /** As {@code sum}. */
  private static void dot(float[] x, float[] y, int from, int end, int c, int rest, F32Scratch s) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    int i = from + c;
    for (; i < end; i += LANES) {
      a0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
      a1 = FloatVector.fromArray(V, x, i + 16).fma(FloatVector.fromArray(V, y, i + 16), a1);
      a2 = FloatVector.fromArray(V, x, i + 32).fma(FloatVector.fromArray(V, y, i + 32), a2);
      a3 = FloatVector.fromArray(V, x, i + 48).fma(FloatVector.fromArray(V, y, i + 48), a3);
      a4 = FloatVector.fromArray(V, x, i + 64).fma(FloatVector.fromArray(V, y, i + 64), a4);
      a5 = FloatVector.fromArray(V, x, i + 80).fma(FloatVector.fromArray(V, y, i + 80), a5);
      a6 = FloatVector.fromArray(V, x, i + 96).fma(FloatVector.fromArray(V, y, i + 96), a6);
      a7 = FloatVector.fromArray(V, x, i + 112).fma(FloatVector.fromArray(V, y, i + 112), a7);
    }
    if (rest > 0) {
      int last = L - rest % L;
      int at;
      at = rest >= L ? i : rest > 0 ? last : L;
      a0 =
          FloatVector.fromArray(V, rest >= L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= L ? y : s.y, at), a0);
      at = rest >= 16 + L ? i + 16 : rest > 16 ? last : L;
      a1 =
          FloatVector.fromArray(V, rest >= 16 + L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= 16 + L ? y : s.y, at), a1);
      at = rest >= 32 + L ? i + 32 : rest > 32 ? last : L;
      a2 =
          FloatVector.fromArray(V, rest >= 32 + L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= 32 + L ? y : s.y, at), a2);
      at = rest >= 48 + L ? i + 48 : rest > 48 ? last : L;
      a3 =
          FloatVector.fromArray(V, rest >= 48 + L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= 48 + L ? y : s.y, at), a3);
      at = rest >= 64 + L ? i + 64 : rest > 64 ? last : L;
      a4 =
          FloatVector.fromArray(V, rest >= 64 + L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= 64 + L ? y : s.y, at), a4);
      at = rest >= 80 + L ? i + 80 : rest > 80 ? last : L;
      a5 =
          FloatVector.fromArray(V, rest >= 80 + L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= 80 + L ? y : s.y, at), a5);
      at = rest >= 96 + L ? i + 96 : rest > 96 ? last : L;
      a6 =
          FloatVector.fromArray(V, rest >= 96 + L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= 96 + L ? y : s.y, at), a6);
      at = rest >= 112 + L ? i + 112 : rest > 112 ? last : L;
      a7 =
          FloatVector.fromArray(V, rest >= 112 + L ? x : s.x, at)
              .fma(FloatVector.fromArray(V, rest >= 112 + L ? y : s.y, at), a7);
    }
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(s.lanes, c);
  }

  /** Where a row is eight vectors. */
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
