package dev.samebits.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static ByteBuffer f32(float... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : values) {
      b.putFloat(v);
    }
    return b.flip();
  }

  private static ByteBuffer f64(double... values) {
    ByteBuffer b = ByteBuffer.allocateDirect(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) {
      b.putDouble(v);
    }
    return b.flip();
  }

  @Test
  void ulpDistanceCountsSteps() {
    assertEquals(0, Ulp.distance(-0f, 0f));
    assertEquals(0, Ulp.distance(-0d, 0d));
    assertEquals(2, Ulp.distance(-Float.MIN_VALUE, Float.MIN_VALUE));
    assertEquals(1, Ulp.distance(1d, Math.nextUp(1d)));
    assertEquals(1, Ulp.distance(Math.nextDown(1d), 1d));
    assertEquals(1, Ulp.distance(Float.MAX_VALUE, Float.POSITIVE_INFINITY));
    assertEquals(2 * 0x7f7fffffL, Ulp.distance(-Float.MAX_VALUE, Float.MAX_VALUE));
    assertEquals(Long.MAX_VALUE, Ulp.distance(-Double.MAX_VALUE, Double.MAX_VALUE));
    assertEquals(1L << 52, Ulp.distance(1d, 2d));
    assertThrows(IllegalArgumentException.class, () -> Ulp.distance(Float.NaN, 0f));
    assertThrows(IllegalArgumentException.class, () -> Ulp.distance(0d, Double.NaN));
  }

  @Test
  void ulpDistanceAgreesWithWalking() {
    float x = -3 * Float.MIN_VALUE;
    float y = x;
    for (int steps = 0; steps < 1000; steps++) {
      assertEquals(steps, Ulp.distance(x, y), "from " + x + " to " + y);
      y = Math.nextUp(y);
      y = y == 0 ? 0f : y; // nextUp(-MIN_VALUE) is -0, which shares its place with +0
    }
  }

  @Test
  void theClassesOfDifferences() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    ByteBuffer a = f32(1, 1, 2, 4, 0f, -0f, nan, nan, inf, 1, 1, 0);
    ByteBuffer b =
        f32(
            1,
            Math.nextUp(1f),
            Math.nextUp(Math.nextUp(2f)),
            4 + 5 * Math.ulp(4f),
            -0f,
            0f,
            nan,
            1,
            1,
            inf,
            nan,
            Float.MIN_VALUE);
    Divergence d = Divergence.between(DType.F32, a, b, 4);
    assertEquals(12, d.elements());
    assertEquals(10, d.changed());
    assertEquals(10d / 12, d.vc());
    // left out: three zeros as A, four with NaN on a side, two with an infinity
    assertEquals(8, d.leftOut());
    assertEquals(5, d.maxUlp());
    assertEquals("{0=2, 1=2, 2-3=1, 4-7=1, negzero=2, inf=2, nan=2}", d.ulpHistogram().toString());
    assertEquals(1, d.firstBlock());
    double expected = (Math.ulp(1f) + Math.ulp(2f) * 2 / 2 + 5 * Math.ulp(4f) / 4) / 4;
    assertEquals(expected, d.vermv());
    assertEquals(0, a.position());
  }

  @Test
  void f64SaturatesAndSumsToAllElements() {
    Divergence d =
        Divergence.between(
            DType.F64, f64(-1e300, 1, 3, 2), f64(1e300, 2, 3, Math.nextDown(2d)), 16);
    assertEquals(Long.MAX_VALUE, d.maxUlp());
    assertEquals(0, d.firstBlock());
    assertEquals(4, d.ulpHistogram().values().stream().mapToLong(Long::longValue).sum());
    assertTrue(d.ulpHistogram().containsKey((1L << 62) + "-" + Long.MAX_VALUE));
    assertTrue(d.ulpHistogram().containsKey((1L << 52) + "-" + ((1L << 53) - 1)));
    assertEquals((2 + 1 + 0 + Math.ulp(1d) / 2) / 4, d.vermv());
  }

  @Test
  void equalAndEmptyOutputs() {
    Divergence same = Divergence.between(DType.F64, f64(1, 2), f64(1, 2), 8);
    assertEquals(0, same.changed());
    assertEquals(-1, same.firstBlock());
    assertEquals(0d, same.vermv());
    Divergence empty = Divergence.between(DType.F32, f32(), f32(), 8);
    assertEquals(0, empty.elements());
    assertEquals(0d, empty.vc());
    assertThrows(
        IllegalArgumentException.class, () -> Divergence.between(DType.F32, f32(1), f32(), 4));
    assertThrows(
        IllegalArgumentException.class, () -> Divergence.between(DType.I32, f32(1), f32(1), 4));
  }

  @Test
  void theBlockIsTheFingerprintsBlock() {
    float[] values = new float[200 * 3];
    for (int changed = 0; changed < values.length; changed += 7) {
      float[] other = values.clone();
      other[changed] = 1;
      Fingerprint f = Fingerprint.of(f32(values), 12);
      Fingerprint g = Fingerprint.of(f32(other), 12);
      int block = Divergence.between(DType.F32, f32(values), f32(other), 12).firstBlock();
      for (int b = 0; b < f.blocks().size(); b++) {
        assertEquals(b == block, !f.blocks().get(b).equals(g.blocks().get(b)));
      }
    }
  }

  @Test
  void histogramOrderSurvivesCopyingThroughAPlainMap() {
    TreeMap<String, Long> plain =
        new TreeMap<>(Map.of("16-31", 1L, "2-3", 1L, "nan", 1L, "0", 1L, "inf", 1L));
    Divergence d = new Divergence(5, 5, 1, 1, 0, 1, plain, 0);
    assertEquals("[0, 2-3, 16-31, inf, nan]", d.ulpHistogram().keySet().toString());
  }

  @Test
  void everChangedIsTheUnionOverOutputs() {
    EverChanged ever = new EverChanged(DType.F64, f64(1, 2, 3, 4));
    assertEquals(0d, ever.share());
    ever.add(f64(1, 2, 3, 4));
    assertEquals(0d, ever.share());
    ever.add(f64(1, -2, 3, 4));
    ever.add(f64(1, 2.5, 3, 5));
    assertEquals(0.5, ever.share());
    ever.add(f64(9, 9, 9, 9));
    assertEquals(1d, ever.share());
    assertThrows(IllegalArgumentException.class, () -> ever.add(f64(1)));
    assertEquals(0d, new EverChanged(DType.F32, f32()).share());
  }

  @Test
  void evidence() {
    assertEquals("0 of 200 repeats differ: p < 1.5 % at 95 %", Evidence.words(200));
    assertEquals("0 of 3 repeats differ: p < 63.2 % at 95 %", Evidence.words(3));
    assertEquals("0 of 1 repeats differ: p < 95.0 % at 95 %", Evidence.words(1));
    assertEquals("0 of 1000 repeats differ: p < 0.30 % at 95 %", Evidence.words(1000));
    assertEquals("0 of 1000000 repeats differ: p < 0.00030 % at 95 %", Evidence.words(1_000_000));
    assertEquals(1d, Evidence.upperBound(0));
    for (int repeats : new int[] {1, 2, 10, 999}) {
      double clean = Math.pow(1 - Evidence.upperBound(repeats), repeats);
      assertTrue(Math.abs(clean - 0.05) < 1e-13, "repeats " + repeats);
    }
    assertThrows(IllegalArgumentException.class, () -> Evidence.upperBound(-1));
  }
}
