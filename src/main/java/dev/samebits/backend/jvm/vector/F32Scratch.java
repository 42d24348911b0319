package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;
import java.util.Arrays;
import jdk.incubator.vector.VectorSpecies;

/** The lanes in which one worker sums a block. */
final class F32Scratch {
  /** Lanes of the canonical sum. */
  static final int LANES = RealArray.LANES;

  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();

  /** A vector of ones, then one of zeros. */
  static final float[] ONES_THEN_ZEROS = new float[2 * L];

  static {
    Arrays.fill(ONES_THEN_ZEROS, 0, L, 1);
  }

  /** The 128 lanes. */
  final float[] lanes = new float[LANES];

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
