package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
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
 * <p>Of the incomplete last row, the vector that is not full is read so that it ends with the last
 * element, its lanes are turned to the front, and what follows them adds nothing: x + -0 is x, and
 * so is fma(-0, +0, x).
 */
final class F32Lanes8 {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();
  private static final int LANES = F32Scratch.LANES;

  private F32Lanes8() {}

  /** Sum of elements {@code from} to {@code to - 1}, at most a block; {@code to} is L or more. */
  static float sum(float[] x, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
    if (rest == 0 && LANES == 8 * L) {
      return fullRows(x, from, to, s);
    }
    for (int c = 0; c < 16; c += L) {
      sum(x, from, to, c, rest - c, s.lanes);
    }
    return F32Scratch.join16(s.lanes);
  }

  /**
   * Inner product of elements {@code from} to {@code to - 1}, at most a block; {@code to} is L or
   * more.
   */
  static float dot(float[] x, float[] y, int from, int to, F32Scratch s) {
    int rest = (to - from) % LANES;
    if (rest == 0 && LANES == 8 * L) {
      return fullRows(x, y, from, to, s);
    }
    for (int c = 0; c < 16; c += L) {
      dot(x, y, from, to, c, rest - c, s.lanes);
    }
    return F32Scratch.join16(s.lanes);
  }

  /**
   * One pass.
   *
   * @param rest elements of the incomplete row from lane c on; none or less if there are none
   */
  private static void sum(float[] x, int from, int to, int c, int rest, float[] lanes) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    int end = to - c - rest;
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
      FloatVector p = zero;
      int some = rest % L;
      if (some > 0) {
        VectorShuffle<Float> toFront = VectorShuffle.iota(V, L - some, 1, true);
        VectorMask<Float> exist =
            FloatVector.fromArray(V, F32Scratch.ONES_THEN_ZEROS, L - some)
                .compare(VectorOperators.NE, 0);
        p = zero.blend(FloatVector.fromArray(V, x, to - L).rearrange(toFront), exist);
      }
      a0 = rest >= L ? a0.add(FloatVector.fromArray(V, x, i)) : a0.add(p);
      if (rest > 16) {
        a1 = rest >= 16 + L ? a1.add(FloatVector.fromArray(V, x, i + 16)) : a1.add(p);
      }
      if (rest > 32) {
        a2 = rest >= 32 + L ? a2.add(FloatVector.fromArray(V, x, i + 32)) : a2.add(p);
      }
      if (rest > 48) {
        a3 = rest >= 48 + L ? a3.add(FloatVector.fromArray(V, x, i + 48)) : a3.add(p);
      }
      if (rest > 64) {
        a4 = rest >= 64 + L ? a4.add(FloatVector.fromArray(V, x, i + 64)) : a4.add(p);
      }
      if (rest > 80) {
        a5 = rest >= 80 + L ? a5.add(FloatVector.fromArray(V, x, i + 80)) : a5.add(p);
      }
      if (rest > 96) {
        a6 = rest >= 96 + L ? a6.add(FloatVector.fromArray(V, x, i + 96)) : a6.add(p);
      }
      if (rest > 112) {
        a7 = rest >= 112 + L ? a7.add(FloatVector.fromArray(V, x, i + 112)) : a7.add(p);
      }
    }
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(lanes, c);
  }

  /** As {@code sum}. */
  private static void dot(float[] x, float[] y, int from, int to, int c, int rest, float[] lanes) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    int end = to - c - rest;
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
      FloatVector p = zero;
      FloatVector r = zero;
      int some = rest % L;
      if (some > 0) {
        VectorShuffle<Float> toFront = VectorShuffle.iota(V, L - some, 1, true);
        VectorMask<Float> exist =
            FloatVector.fromArray(V, F32Scratch.ONES_THEN_ZEROS, L - some)
                .compare(VectorOperators.NE, 0);
        p = zero.blend(FloatVector.fromArray(V, x, to - L).rearrange(toFront), exist);
        r =
            FloatVector.zero(V)
                .blend(FloatVector.fromArray(V, y, to - L).rearrange(toFront), exist);
      }
      a0 =
          rest >= L
              ? FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0)
              : p.fma(r, a0);
      if (rest > 16) {
        a1 =
            rest >= 16 + L
                ? FloatVector.fromArray(V, x, i + 16).fma(FloatVector.fromArray(V, y, i + 16), a1)
                : p.fma(r, a1);
      }
      if (rest > 32) {
        a2 =
            rest >= 32 + L
                ? FloatVector.fromArray(V, x, i + 32).fma(FloatVector.fromArray(V, y, i + 32), a2)
                : p.fma(r, a2);
      }
      if (rest > 48) {
        a3 =
            rest >= 48 + L
                ? FloatVector.fromArray(V, x, i + 48).fma(FloatVector.fromArray(V, y, i + 48), a3)
                : p.fma(r, a3);
      }
      if (rest > 64) {
        a4 =
            rest >= 64 + L
                ? FloatVector.fromArray(V, x, i + 64).fma(FloatVector.fromArray(V, y, i + 64), a4)
                : p.fma(r, a4);
      }
      if (rest > 80) {
        a5 =
            rest >= 80 + L
                ? FloatVector.fromArray(V, x, i + 80).fma(FloatVector.fromArray(V, y, i + 80), a5)
                : p.fma(r, a5);
      }
      if (rest > 96) {
        a6 =
            rest >= 96 + L
                ? FloatVector.fromArray(V, x, i + 96).fma(FloatVector.fromArray(V, y, i + 96), a6)
                : p.fma(r, a6);
      }
      if (rest > 112) {
        a7 =
            rest >= 112 + L
                ? FloatVector.fromArray(V, x, i + 112).fma(FloatVector.fromArray(V, y, i + 112), a7)
                : p.fma(r, a7);
      }
    }
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(lanes, c);
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
