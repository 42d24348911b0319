package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link LaneReduce} of f32. */
final class F32LaneReduce implements LaneReduce {
  private static final VectorSpecies<Float> V = Width.F32;

  @Override
  public double sum(RealArray array) {
    float[] x = ((F32Array) array).values();
    float sum = 0;
    int i = 0;
    for (; i < V.loopBound(x.length); i += V.length()) {
      sum += FloatVector.fromArray(V, x, i).reduceLanes(VectorOperators.ADD);
    }
    for (; i < x.length; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public double dot(RealArray first, RealArray second) {
    float[] x = ((F32Array) first).values();
    float[] y = ((F32Array) second).values();
    float sum = 0;
    int i = 0;
    for (; i < V.loopBound(x.length); i += V.length()) {
      FloatVector products = FloatVector.fromArray(V, x, i).mul(FloatVector.fromArray(V, y, i));
      sum += products.reduceLanes(VectorOperators.ADD);
    }
    for (; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
