package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

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
