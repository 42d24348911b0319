package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What one worker needs to sum a block: the lanes, and for each operand the vector that the last
 * elements do not fill, with as much padding behind it. The padding adds nothing to any lane: x +
 * -0 is x, and so is fma(-0, +0, x).
 */
final class F32Scratch {
  /** Lanes of the canonical sum. */
  static final int LANES = RealArray.LANES;

  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();

  /** The last vector of the first operand, then -0. */
  final float[] x = new float[2 * L];

  /** The last vector of the second operand, then +0. */
  final float[] y = new float[2 * L];

  /** The 128 lanes. */
  final float[] lanes = new float[LANES];

  F32Scratch() {
    Arrays.fill(x, -0f);
  }

  /**
   * Copies the vector that ends with element {@code to - 1}, so that the elements after the last
   * full vector stand in front of the padding. {@code from} is the first element of their block.
   */
  void keepLast(float[] a, float[] b, int from, int to) {
    if ((to - from) % L == 0) {
      return;
    }
    keepLast(a, to, x);
    if (b != null) {
      keepLast(b, to, y);
    }
  }

  private static void keepLast(float[] a, int to, float[] last) {
    if (to >= L) {
      FloatVector.fromArray(V, a, to - L).intoArray(last, 0);
    } else {
      System.arraycopy(a, 0, last, L - to, to);
    }
  }

  /** Joins the lanes of one vector, the first L elements. */
  static float join(float[] a) {
    return L == 16
        ? join16(a)
        : L == 8 ? join8(a) : L == 4 ? join4(a) : L == 2 ? a[0] + a[1] : a[0];
  }

  /** Joins 16 lanes. */
  static float join16(float[] a) {
    return (((a[0] + a[8]) + (a[4] + a[12])) + ((a[2] + a[10]) + (a[6] + a[14])))
        + (((a[1] + a[9]) + (a[5] + a[13])) + ((a[3] + a[11]) + (a[7] + a[15])));
  }

  private static float join8(float[] a) {
    return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
  }

  private static float join4(float[] a) {
    return (a[0] + a[2]) + (a[1] + a[3]);
  }
}
