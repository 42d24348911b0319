package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link EightAccumulators} of f32. */
final class F32EightAccumulators implements EightAccumulators.Part {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();

  private final float[] x;
  private final float[] y;
  private final float[] partial;
  private final float[][] scratch;

  F32EightAccumulators(RealArray x, RealArray y, int parts, int threads) {
    this.x = ((F32Array) x).values();
    this.y = y == null ? null : ((F32Array) y).values();
    partial = new float[parts];
    scratch = new float[threads][2 * F32Scratch.LANES];
  }

  @Override
  public void compute(int worker, int part, int from, int to) {
    float[] last = scratch[worker];
    partial[part] = y == null ? sum(x, from, to, last) : dot(x, y, from, to, last);
  }

  @Override
  public double total() {
    float total = partial[0];
    for (int p = 1; p < partial.length; p++) {
      total += partial[p];
    }
    return total;
  }

  private static float sum(float[] x, int from, int to, float[] last) {
    FloatVector zero = FloatVector.zero(V);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    int i = from;
    for (; i <= to - 8 * L; i += 8 * L) {
      a0 = a0.add(FloatVector.fromArray(V, x, i));
      a1 = a1.add(FloatVector.fromArray(V, x, i + L));
      a2 = a2.add(FloatVector.fromArray(V, x, i + 2 * L));
      a3 = a3.add(FloatVector.fromArray(V, x, i + 3 * L));
      a4 = a4.add(FloatVector.fromArray(V, x, i + 4 * L));
      a5 = a5.add(FloatVector.fromArray(V, x, i + 5 * L));
      a6 = a6.add(FloatVector.fromArray(V, x, i + 6 * L));
      a7 = a7.add(FloatVector.fromArray(V, x, i + 7 * L));
    }
    for (; i <= to - L; i += L) {
      a0 = a0.add(FloatVector.fromArray(V, x, i));
    }
    float rest = 0;
    for (; i < to; i++) {
      rest += x[i];
    }
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(last, 0);
    return F32Scratch.join(last) + rest;
  }

  private static float dot(float[] x, float[] y, int from, int to, float[] last) {
    FloatVector zero = FloatVector.zero(V);
    FloatVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    FloatVector a4 = zero, a5 = zero, a6 = zero, a7 = zero;
    int i = from;
    for (; i <= to - 8 * L; i += 8 * L) {
      a0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
      a1 = FloatVector.fromArray(V, x, i + L).fma(FloatVector.fromArray(V, y, i + L), a1);
      a2 = FloatVector.fromArray(V, x, i + 2 * L).fma(FloatVector.fromArray(V, y, i + 2 * L), a2);
      a3 = FloatVector.fromArray(V, x, i + 3 * L).fma(FloatVector.fromArray(V, y, i + 3 * L), a3);
      a4 = FloatVector.fromArray(V, x, i + 4 * L).fma(FloatVector.fromArray(V, y, i + 4 * L), a4);
      a5 = FloatVector.fromArray(V, x, i + 5 * L).fma(FloatVector.fromArray(V, y, i + 5 * L), a5);
      a6 = FloatVector.fromArray(V, x, i + 6 * L).fma(FloatVector.fromArray(V, y, i + 6 * L), a6);
      a7 = FloatVector.fromArray(V, x, i + 7 * L).fma(FloatVector.fromArray(V, y, i + 7 * L), a7);
    }
    for (; i <= to - L; i += L) {
      a0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
    }
    float rest = 0;
    for (; i < to; i++) {
      rest = Math.fma(x[i], y[i], rest);
    }
    a0 = a0.add(a4);
    a1 = a1.add(a5);
    a2 = a2.add(a6);
    a3 = a3.add(a7);
    a0 = a0.add(a2);
    a1 = a1.add(a3);
    a0 = a0.add(a1);
    a0.intoArray(last, 0);
    return F32Scratch.join(last) + rest;
  }
}
