package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Whole rows of a block of the canonical sum where the 128 lanes are 16 vectors: each is an
 * accumulator in a register, from the first element to the halving tree. Vectors cannot cross from
 * one method to another without an object on the heap, so nothing is called while they are alive.
 * Loop and tree stand in one method, and nothing else with them: what follows the loop decides in
 * which order the JIT loads a row, and memory is read fastest in the order of its addresses.
 */
final class F32Lanes16 {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();
  private static final int LANES = F32Scratch.LANES;

  private F32Lanes16() {}

  /** Sum of elements {@code from} to {@code to - 1}, at most a block and a multiple of 128. */
  static float sum(float[] x, int from, int to, float[] lanes) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    FloatVector a8 = zero, a9 = zero, a10 = zero, a11 = zero;
    FloatVector a12 = zero, a13 = zero, a14 = zero, a15 = zero;
    for (int i = from; i < to; i += LANES) {
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

  /**
   * Inner product of elements {@code from} to {@code to - 1}, as above. A step takes half a row,
   * and the accumulators of both halves take turns: with a whole row in a step the compiler of JDK
   * 17 runs out of the nodes that it allows itself, and leaves vectors on the heap.
   */
  static float dot(float[] x, float[] y, int from, int to, float[] lanes) {
    FloatVector zero = FloatVector.broadcast(V, -0f);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    FloatVector a8 = zero, a9 = zero, a10 = zero, a11 = zero;
    FloatVector a12 = zero, a13 = zero, a14 = zero, a15 = zero;
    for (int i = from; i < to; i += LANES / 2) {
      FloatVector t0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
      FloatVector t1 =
          FloatVector.fromArray(V, x, i + L).fma(FloatVector.fromArray(V, y, i + L), a1);
      FloatVector t2 =
          FloatVector.fromArray(V, x, i + 2 * L).fma(FloatVector.fromArray(V, y, i + 2 * L), a2);
      FloatVector t3 =
          FloatVector.fromArray(V, x, i + 3 * L).fma(FloatVector.fromArray(V, y, i + 3 * L), a3);
      FloatVector t4 =
          FloatVector.fromArray(V, x, i + 4 * L).fma(FloatVector.fromArray(V, y, i + 4 * L), a4);
      FloatVector t5 =
          FloatVector.fromArray(V, x, i + 5 * L).fma(FloatVector.fromArray(V, y, i + 5 * L), a5);
      FloatVector t6 =
          FloatVector.fromArray(V, x, i + 6 * L).fma(FloatVector.fromArray(V, y, i + 6 * L), a6);
      FloatVector t7 =
          FloatVector.fromArray(V, x, i + 7 * L).fma(FloatVector.fromArray(V, y, i + 7 * L), a7);
      a0 = a8;
      a8 = t0;
      a1 = a9;
      a9 = t1;
      a2 = a10;
      a10 = t2;
      a3 = a11;
      a11 = t3;
      a4 = a12;
      a12 = t4;
      a5 = a13;
      a13 = t5;
      a6 = a14;
      a14 = t6;
      a7 = a15;
      a15 = t7;
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
    a0.intoArray(lanes, 0);
    return F32Scratch.join(lanes);
  }
}
