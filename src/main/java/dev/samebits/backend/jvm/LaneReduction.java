package dev.samebits.backend.jvm;

/**
 * Sums by the Vector API's cross-lane addition. The implementation is loaded by name, because its
 * module exists only in a JVM started with {@code --add-modules jdk.incubator.vector}.
 */
public interface LaneReduction {
  /** Sum of x. */
  float sum(float[] x);

  /** Inner product of x and y. */
  float dot(float[] x, float[] y);

  /** Sum of x. */
  double sum(double[] x);

  /** Inner product of x and y. */
  double dot(double[] x, double[] y);
}
