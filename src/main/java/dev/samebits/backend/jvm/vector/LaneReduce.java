package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.LaneReduction;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Each vector of the machine's preferred width is reduced across its lanes by {@code reduceLanes},
 * whose order the JDK leaves undefined on purpose; the results are added in index order from +0,
 * then the elements that fill no vector. Products are rounded before they are added.
 */
public final class LaneReduce implements LaneReduction {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

  /** Called by name. */
  public LaneReduce() {}

  @Override
  public float sum(float[] x) {
    float sum = 0;
    int i = 0;
    for (; i < F.loopBound(x.length); i += F.length()) {
      sum += FloatVector.fromArray(F, x, i).reduceLanes(VectorOperators.ADD);
    }
    for (; i < x.length; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public float dot(float[] x, float[] y) {
    float sum = 0;
    int i = 0;
    for (; i < F.loopBound(x.length); i += F.length()) {
      FloatVector products = FloatVector.fromArray(F, x, i).mul(FloatVector.fromArray(F, y, i));
      sum += products.reduceLanes(VectorOperators.ADD);
    }
    for (; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  @Override
  public double sum(double[] x) {
    double sum = 0;
    int i = 0;
    for (; i < D.loopBound(x.length); i += D.length()) {
      sum += DoubleVector.fromArray(D, x, i).reduceLanes(VectorOperators.ADD);
    }
    for (; i < x.length; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public double dot(double[] x, double[] y) {
    double sum = 0;
    int i = 0;
    for (; i < D.loopBound(x.length); i += D.length()) {
      DoubleVector products = DoubleVector.fromArray(D, x, i).mul(DoubleVector.fromArray(D, y, i));
      sum += products.reduceLanes(VectorOperators.ADD);
    }
    for (; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
