package dev.samebits.training;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** Distances between weight vectors, f32 little-endian, summed in f64 in index order. */
final class Distances {
  private Distances() {}

  /** The mean over all pairs i &lt; j, in that order; 0 if there are none. */
  static <T> double meanOverPairs(List<T> all, ToDoubleBiFunction<T, T> distance) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        sum += distance.applyAsDouble(all.get(i), all.get(j));
        pairs++;
      }
    }
    return pairs == 0 ? 0 : sum / pairs;
  }

  /** L2 norm of a - b. */
  static double l2(ByteBuffer a, ByteBuffer b) {
    double sum = 0;
    for (int i = 0; i < a.limit(); i += Float.BYTES) {
      double d = (double) a.getFloat(i) - b.getFloat(i);
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  /**
   * One minus the cosine of the angle, as half the squared distance of the unit vectors: unlike 1 -
   * a b / (|a| |b|) this does not cancel for vectors that are nearly equal.
   */
  static double cosine(ByteBuffer a, ByteBuffer b) {
    double normA = norm(a);
    double normB = norm(b);
    double sum = 0;
    for (int i = 0; i < a.limit(); i += Float.BYTES) {
      double d = a.getFloat(i) / normA - b.getFloat(i) / normB;
      sum += d * d;
    }
    return sum / 2;
  }

  private static double norm(ByteBuffer a) {
    double sum = 0;
    for (int i = 0; i < a.limit(); i += Float.BYTES) {
      sum += (double) a.getFloat(i) * a.getFloat(i);
    }
    return Math.sqrt(sum);
  }

  /** Share of weights whose bits differ. */
  static double changed(ByteBuffer a, ByteBuffer b) {
    int count = 0;
    for (int i = 0; i < a.limit(); i += Float.BYTES) {
      count += a.getInt(i) == b.getInt(i) ? 0 : 1;
    }
    return (double) count / (a.limit() / Float.BYTES);
  }

  /** Share of predictions that differ. */
  static double disagreement(int[] a, int[] b) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return (double) count / a.length;
  }

  /**
   * The least-squares slope of the natural logarithm of the distance per step, from the onset up to
   * and including the first step that reaches half of the largest distance of the run (saturation).
   * Steps at distance 0 or without a finite distance are left out.
   *
   * @param l2 distance after each step; index 0 is step 1
   * @param onset first step with a difference, 0 for none
   * @return null with fewer than three steps to fit
   */
  static Double growthRate(double[] l2, int onset) {
    if (onset == 0) {
      return null;
    }
    double largest = 0;
    for (double d : l2) {
      largest = Double.isFinite(d) ? Math.max(largest, d) : largest;
    }
    SimpleRegression fit = new SimpleRegression();
    for (int i = onset - 1; i < l2.length; i++) {
      if (l2[i] > 0 && Double.isFinite(l2[i])) {
        fit.addData(i + 1, Math.log(l2[i]));
      }
      if (l2[i] >= largest / 2) {
        break;
      }
    }
    return fit.getN() < 3 ? null : fit.getSlope();
  }
}
