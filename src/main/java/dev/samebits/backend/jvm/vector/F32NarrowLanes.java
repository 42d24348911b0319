package dev.samebits.backend.jvm.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One block of the canonical sum where the 128 lanes do not fit the registers. Lanes are kept in
 * memory; a pass takes every second, fourth, ... vector of them as eight accumulators over a strip
 * of rows short enough to stay in the first-level cache until the last pass.
 */
final class F32NarrowLanes {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();
  private static final int LANES = F32Scratch.LANES;

  /** Elements in a strip: 16 KiB, whole rows. */
  private static final int STRIP = 16_384 / Float.BYTES;

  private F32NarrowLanes() {}

  /** Sum of elements {@code from} to {@code to - 1}, at most a block. */
  static float sum(float[] x, int from, int to, F32Scratch s) {
    float[] lanes = s.lanes;
    Arrays.fill(lanes, -0f);
    int rest = (to - from) % LANES;
    int end = to - rest;
    int strip = STRIP;
    for (int i = from; i < end; i += strip) {
      for (int c = 0; c < 16; c += L) {
        sumRows(x, i, Math.min(end, i + strip), c, lanes);
      }
    }
    int j = 0;
    for (; j <= rest - L; j += L) {
      FloatVector lane = FloatVector.fromArray(V, lanes, j);
      lane.add(FloatVector.fromArray(V, x, end + j)).intoArray(lanes, j);
    }
    for (; j < rest; j++) {
      lanes[j] += x[end + j];
    }
    return halve(lanes);
  }

  /** Inner product of elements {@code from} to {@code to - 1}, at most a block. */
  static float dot(float[] x, float[] y, int from, int to, F32Scratch s) {
    float[] lanes = s.lanes;
    Arrays.fill(lanes, -0f);
    int rest = (to - from) % LANES;
    int end = to - rest;
    int strip = STRIP / 2;
    for (int i = from; i < end; i += strip) {
      for (int c = 0; c < 16; c += L) {
        dotRows(x, y, i, Math.min(end, i + strip), c, lanes);
      }
    }
    int j = 0;
    for (; j <= rest - L; j += L) {
      FloatVector lane = FloatVector.fromArray(V, lanes, j);
      FloatVector.fromArray(V, x, end + j)
          .fma(FloatVector.fromArray(V, y, end + j), lane)
          .intoArray(lanes, j);
    }
    for (; j < rest; j++) {
      lanes[j] = Math.fma(x[end + j], y[end + j], lanes[j]);
    }
    return halve(lanes);
  }

  /** Rows {@code from} to {@code end} of lanes c, c + 16, ... c + 112 and the L - 1 after each. */
  private static void sumRows(float[] x, int from, int end, int c, float[] lanes) {
    FloatVector a0 = FloatVector.fromArray(V, lanes, c);
    FloatVector a1 = FloatVector.fromArray(V, lanes, c + 16);
    FloatVector a2 = FloatVector.fromArray(V, lanes, c + 32);
    FloatVector a3 = FloatVector.fromArray(V, lanes, c + 48);
    FloatVector a4 = FloatVector.fromArray(V, lanes, c + 64);
    FloatVector a5 = FloatVector.fromArray(V, lanes, c + 80);
    FloatVector a6 = FloatVector.fromArray(V, lanes, c + 96);
    FloatVector a7 = FloatVector.fromArray(V, lanes, c + 112);
    for (int i = from + c; i < end; i += LANES) {
      a0 = a0.add(FloatVector.fromArray(V, x, i));
      a1 = a1.add(FloatVector.fromArray(V, x, i + 16));
      a2 = a2.add(FloatVector.fromArray(V, x, i + 32));
      a3 = a3.add(FloatVector.fromArray(V, x, i + 48));
      a4 = a4.add(FloatVector.fromArray(V, x, i + 64));
      a5 = a5.add(FloatVector.fromArray(V, x, i + 80));
      a6 = a6.add(FloatVector.fromArray(V, x, i + 96));
      a7 = a7.add(FloatVector.fromArray(V, x, i + 112));
    }
    a0.intoArray(lanes, c);
    a1.intoArray(lanes, c + 16);
    a2.intoArray(lanes, c + 32);
    a3.intoArray(lanes, c + 48);
    a4.intoArray(lanes, c + 64);
    a5.intoArray(lanes, c + 80);
    a6.intoArray(lanes, c + 96);
    a7.intoArray(lanes, c + 112);
  }

  /** Rows {@code from} to {@code end} of lanes c, c + 16, ... c + 112 and the L - 1 after each. */
  private static void dotRows(float[] x, float[] y, int from, int end, int c, float[] lanes) {
    FloatVector a0 = FloatVector.fromArray(V, lanes, c);
    FloatVector a1 = FloatVector.fromArray(V, lanes, c + 16);
    FloatVector a2 = FloatVector.fromArray(V, lanes, c + 32);
    FloatVector a3 = FloatVector.fromArray(V, lanes, c + 48);
    FloatVector a4 = FloatVector.fromArray(V, lanes, c + 64);
    FloatVector a5 = FloatVector.fromArray(V, lanes, c + 80);
    FloatVector a6 = FloatVector.fromArray(V, lanes, c + 96);
    FloatVector a7 = FloatVector.fromArray(V, lanes, c + 112);
    for (int i = from + c; i < end; i += LANES) {
      a0 = FloatVector.fromArray(V, x, i).fma(FloatVector.fromArray(V, y, i), a0);
      a1 = FloatVector.fromArray(V, x, i + 16).fma(FloatVector.fromArray(V, y, i + 16), a1);
      a2 = FloatVector.fromArray(V, x, i + 32).fma(FloatVector.fromArray(V, y, i + 32), a2);
      a3 = FloatVector.fromArray(V, x, i + 48).fma(FloatVector.fromArray(V, y, i + 48), a3);
      a4 = FloatVector.fromArray(V, x, i + 64).fma(FloatVector.fromArray(V, y, i + 64), a4);
      a5 = FloatVector.fromArray(V, x, i + 80).fma(FloatVector.fromArray(V, y, i + 80), a5);
      a6 = FloatVector.fromArray(V, x, i + 96).fma(FloatVector.fromArray(V, y, i + 96), a6);
      a7 = FloatVector.fromArray(V, x, i + 112).fma(FloatVector.fromArray(V, y, i + 112), a7);
    }
    a0.intoArray(lanes, c);
    a1.intoArray(lanes, c + 16);
    a2.intoArray(lanes, c + 32);
    a3.intoArray(lanes, c + 48);
    a4.intoArray(lanes, c + 64);
    a5.intoArray(lanes, c + 80);
    a6.intoArray(lanes, c + 96);
    a7.intoArray(lanes, c + 112);
  }

  private static float halve(float[] lanes) {
    for (int w = LANES / 2; w >= 16; w /= 2) {
      for (int j = 0; j < w; j += L) {
        FloatVector.fromArray(V, lanes, j)
            .add(FloatVector.fromArray(V, lanes, j + w))
            .intoArray(lanes, j);
      }
    }
    return F32Scratch.join16(lanes);
  }
}
