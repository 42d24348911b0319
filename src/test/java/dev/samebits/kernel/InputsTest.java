package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputsTest {
  /** Larger than what one thread draws at a time, and no multiple of it. */
  private static final int N = 3 * (1 << 18) + 5;

  @Test
  void largeOperandsAreDrawnInPiecesAndAreTheSame() {
    ByteBuffer x = Inputs.of(CaseId.parse("dot/f32/n" + N + "/jvm/canonical/normal@7"), 1);
    Philox random = new Philox(7, 1);
    assertEquals(N, x.remaining() / 4);
    for (int i : new int[] {0, 1, (1 << 18) - 1, 1 << 18, (1 << 19) + 1, N - 1}) {
      assertEquals((float) random.normal(i), x.getFloat(4 * i), "element " + i);
    }
  }

  /** Every kind of special number with both signs, a share of one in 32, and a NaN's own bits. */
  @Test
  void specialNumbersAreAmongNormalOnes() {
    ByteBuffer x = Inputs.of(CaseId.parse("sum/f32/n100000/jvm/canonical/special@1"), 0);
    Philox random = new Philox(1, 0);
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 100000; i++) {
      int bits = x.getInt(4 * i);
      if (bits != Float.floatToRawIntBits((float) random.normal(i))) {
        counts.merge(bits & 0x7fffffff, 1, Integer::sum);
        counts.merge(bits | 0x80000000, bits < 0 ? 1 : 0, Integer::sum);
      }
    }
    for (int magnitude : new int[] {0x7f800000, 0, 1, 0x007fffff, 0x7f7fffff, 0x7fc01234}) {
      int all = counts.getOrDefault(magnitude, 0);
      int expected = magnitude == 0x7fc01234 ? 195 : 586; // 3125 / 16, 3125 * 15 / 16 / 5
      assertTrue(Math.abs(all - expected) < 6 * Math.sqrt(expected), magnitude + ": " + all);
      int negative = counts.getOrDefault(magnitude | 0x80000000, 0);
      assertTrue(Math.abs(negative - all / 2) < 3 * Math.sqrt(all), magnitude + ": " + negative);
    }
    assertEquals(12, counts.size(), counts.toString());
  }

  @Test
  void sixteenBitsAreThoseOfF32Rounded() {
    for (InputKind kind : new InputKind[] {InputKind.NORMAL, InputKind.INTEGER, InputKind.WIDE}) {
      String tail = "/m1n1k70000/jvm/canonical/" + kind.id() + "@3";
      ByteBuffer f32 = Inputs.of(CaseId.parse("matmul/f32" + tail), 1);
      ByteBuffer f16 = Inputs.of(CaseId.parse("matmul/f16" + tail), 1);
      ByteBuffer bf16 = Inputs.of(CaseId.parse("matmul/bf16" + tail), 1);
      assertEquals(2 * 70_000, f16.remaining());
      assertEquals(2 * 70_000, bf16.remaining());
      for (int i = 0; i < 70_000; i++) {
        float x = f32.getFloat(4 * i);
        assertEquals(HalfPrecision.toF16(x), f16.getShort(2 * i), kind + " " + i);
        assertEquals(HalfPrecision.toBf16(x), bf16.getShort(2 * i), kind + " " + i);
      }
    }
  }

  /** Large numbers are finite, and each has its opposite; the others are the smallest. */
  @ParameterizedTest
  @CsvSource({"f16, 14, -14", "bf16, 120, -105"})
  void cancellingElementsOfSixteenBitsAreFinitePairs(String dtype, int highest, int left) {
    ByteBuffer x =
        Inputs.of(CaseId.parse("matmul/" + dtype + "/m1n1k20000/jvm/canonical/cancelling@3"), 0);
    BigDecimal sum = BigDecimal.ZERO;
    double largest = 0;
    for (int i = 0; i < 20_000; i++) {
      double element = DType.of(dtype).get(x, i);
      sum = sum.add(new BigDecimal(element));
      largest = Math.max(largest, Math.abs(element));
    }
    double least = Math.scalb(1.0, highest);
    assertTrue(largest >= least && largest <= 2 * least, "largest " + largest);
    assertTrue(Math.abs(sum.doubleValue()) <= Math.scalb(1250.0, left + 1), "sum " + sum);
  }

  @Test
  void indicesAreInRangeInEveryPiece() {
    ByteBuffer index =
        Inputs.of(CaseId.parse("scatter_add/f32/n" + N + "t7/jvm/canonical/normal@1"), 1);
    Philox random = new Philox(1, 1);
    for (int i : new int[] {0, 1 << 18, N - 1}) {
      assertEquals(random.bounded(i, 7), index.getInt(4 * i));
    }
  }
}
