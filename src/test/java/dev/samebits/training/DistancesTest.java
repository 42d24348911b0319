package dev.samebits.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistancesTest {
  private static ByteBuffer floats(float... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : values) {
      b.putFloat(v);
    }
    return b.flip();
  }

  @Test
  void distances() {
    ByteBuffer a = floats(3, 0, 0);
    ByteBuffer b = floats(0, 4, -0f);
    assertEquals(5.0, Distances.l2(a, b));
    assertEquals(1.0, Distances.cosine(a, b));
    assertEquals(1.0, Distances.changed(a, b));
    assertEquals(0.0, Distances.changed(a, a));
    assertEquals(0.25, Distances.disagreement(new int[] {1, 2, 3, 4}, new int[] {1, 2, 3, 5}));
    assertEquals(2.0, Distances.meanOverPairs(List.of(1.0, 2.0, 4.0), (x, y) -> Math.abs(x - y)));
    assertEquals(0.0, Distances.meanOverPairs(List.of(1.0), (x, y) -> 1));
  }

  /** An angle of 2^-20: the plain formula would leave nothing but rounding of it. */
  @Test
  void cosineOfNearlyEqualVectors() {
    double expected = 1 - 1 / Math.sqrt(1 + 0x1p-40);
    double got = Distances.cosine(floats(1, 0), floats(1, 0x1p-20f));
    assertTrue(Math.abs(got - 0x1p-41) <= 1e-10 * 0x1p-41, got + " and plainly " + expected);
  }

  @Test
  void growthIsTheSlopeUpToSaturation() {
    double[] l2 = new double[100];
    for (int i = 10; i < 100; i++) {
      l2[i] = Math.min(1, 1e-8 * Math.exp(0.5 * (i - 10)));
    }
    Double rate = Distances.growthRate(l2, 11);
    assertTrue(Math.abs(rate - 0.5) < 0.01, "rate " + rate);
    assertNull(Distances.growthRate(l2, 0));
    assertNull(Distances.growthRate(new double[] {1, 1, 1, 1}, 1), "saturated at once");
    double[] flat = new double[50];
    Arrays.setAll(flat, i -> i < 49 ? 1e-9 : 1);
    assertTrue(Distances.growthRate(flat, 1) > 0);
  }
}
