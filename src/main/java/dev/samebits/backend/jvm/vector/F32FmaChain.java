package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link FmaChain} of f32. */
final class F32FmaChain implements FmaChain {
  private static final VectorSpecies<Float> V = Width.F32;

  @Override
  public int block() {
    return CHAINS * V.length();
  }

  @Override
  public void block(RealArray from, RealArray to, int at, int rounds) {
    float[] x = ((F32Array) from).values();
    float[] y = ((F32Array) to).values();
    int w = V.length();
    FloatVector s = FloatVector.broadcast(V, -0.75f);
    FloatVector t = FloatVector.broadcast(V, 1f);
    FloatVector v0 = FloatVector.fromArray(V, x, at + 0 * w);
    FloatVector v1 = FloatVector.fromArray(V, x, at + 1 * w);
    FloatVector v2 = FloatVector.fromArray(V, x, at + 2 * w);
    FloatVector v3 = FloatVector.fromArray(V, x, at + 3 * w);
    FloatVector v4 = FloatVector.fromArray(V, x, at + 4 * w);
    FloatVector v5 = FloatVector.fromArray(V, x, at + 5 * w);
    FloatVector v6 = FloatVector.fromArray(V, x, at + 6 * w);
    FloatVector v7 = FloatVector.fromArray(V, x, at + 7 * w);
    FloatVector v8 = FloatVector.fromArray(V, x, at + 8 * w);
    FloatVector v9 = FloatVector.fromArray(V, x, at + 9 * w);
    FloatVector v10 = FloatVector.fromArray(V, x, at + 10 * w);
    FloatVector v11 = FloatVector.fromArray(V, x, at + 11 * w);
    for (int r = 0; r < rounds; r++) {
      v0 = v0.fma(s, t);
      v1 = v1.fma(s, t);
      v2 = v2.fma(s, t);
      v3 = v3.fma(s, t);
      v4 = v4.fma(s, t);
      v5 = v5.fma(s, t);
      v6 = v6.fma(s, t);
      v7 = v7.fma(s, t);
      v8 = v8.fma(s, t);
      v9 = v9.fma(s, t);
      v10 = v10.fma(s, t);
      v11 = v11.fma(s, t);
    }
    v0.intoArray(y, at + 0 * w);
    v1.intoArray(y, at + 1 * w);
    v2.intoArray(y, at + 2 * w);
    v3.intoArray(y, at + 3 * w);
    v4.intoArray(y, at + 4 * w);
    v5.intoArray(y, at + 5 * w);
    v6.intoArray(y, at + 6 * w);
    v7.intoArray(y, at + 7 * w);
    v8.intoArray(y, at + 8 * w);
    v9.intoArray(y, at + 9 * w);
    v10.intoArray(y, at + 10 * w);
    v11.intoArray(y, at + 11 * w);
  }
}
