package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Operand;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PitchTest {
  private static Pitch pitch(int rows, int cols, int padding) {
    return Pitch.of(new Operand("a", DType.F16, rows, cols), padding);
  }

  private static ByteBuffer numbered(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    for (int i = 0; i < bytes; i++) {
      buffer.put((byte) i);
    }
    return buffer.flip();
  }

  @Test
  void paddingOfOnesFollowsEachRow() {
    ByteBuffer source = numbered(8);
    ByteBuffer all = pitch(2, 2, 1).spread(source);
    assertEquals(
        ByteBuffer.wrap(new byte[] {0, 1, 2, 3, -1, -1, 4, 5, 6, 7, -1, -1}), all, all::toString);
    assertEquals(0, source.remaining(), "read to its end");
  }

  @ParameterizedTest
  @CsvSource({"3,5,2,42", "1,4,7,22", "4,1,1,16", "0,3,2,0", "3,0,2,0", "3,5,0,30"})
  void whatIsSpreadIsGathered(int rows, int cols, int padding, long extent) {
    Pitch pitch = pitch(rows, cols, padding);
    int bytes = 2 * rows * cols;
    assertEquals(extent, pitch.extent(bytes));
    ByteBuffer all = pitch.spread(numbered(bytes));
    assertEquals(extent, all.remaining());
    if (padding > 0 && cols > 0) {
      ByteBuffer target = ByteBuffer.allocate(bytes);
      pitch.gather(all, target);
      assertEquals(numbered(bytes), target.flip());
    }
  }

  @Test
  void aDenseContentIsNotCopied() {
    ByteBuffer source = numbered(6);
    assertSame(source, Pitch.DENSE.spread(source));
    assertEquals(Pitch.DENSE, pitch(3, 5, 0));
    assertEquals(List.of(1L, 6L), List.of(Pitch.DENSE.rows(6), Pitch.DENSE.step(6)));
  }

  @Test
  void aByteWrittenBehindARowIsFound() {
    Pitch pitch = pitch(3, 2, 1);
    ByteBuffer all = pitch.spread(numbered(12));
    all.put(6 + 5, (byte) 0);
    var e =
        assertThrows(IllegalStateException.class, () -> pitch.gather(all, ByteBuffer.allocate(12)));
    assertEquals(
        "rows of 4 bytes have 2 bytes of padding; byte 1 of that behind row 1 was written",
        e.getMessage());
  }
}
