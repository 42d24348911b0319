package dev.samebits.backend.cuda;

import dev.samebits.kernel.Operand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How far the rows of an operand lie apart: {@code gap} bytes of padding follow each, all ones,
 * which is a NaN in every floating-point type. So a kernel that reads them shows it in its result,
 * and one that writes them is found out: a NaN that a device computes is 7fffffff, without a sign.
 *
 * @param row bytes of a row; means nothing without a gap
 * @param gap bytes between two rows; 0 for dense operands
 */
record Pitch(long row, int gap) {
  static final Pitch DENSE = new Pitch(0, 0);

  private static final byte FILL = -1;

  /** That of an operand with so many elements behind each row. */
  static Pitch of(Operand operand, int padding) {
    int element = operand.dtype().bytes();
    return padding == 0
        ? DENSE
        : new Pitch(operand.cols() * element, Math.multiplyExact(padding, element));
  }

  private boolean dense() {
    return gap == 0 || row == 0;
  }

  /** Rows in a content; a dense one is one row. */
  long rows(long bytes) {
    return dense() ? 1 : bytes / row;
  }

  /** Bytes from row to row. */
  long step(long bytes) {
    return dense() ? bytes : row + gap;
  }

  /** Bytes that a content takes, with the padding behind its last row. */
  long extent(long bytes) {
    return rows(bytes) * step(bytes);
  }

  /** A dense content as it lies on the device; the source is read to its end. */
  ByteBuffer spread(ByteBuffer source) {
    if (dense()) {
      return source;
    }
    int rows = (int) rows(source.remaining());
    ByteBuffer all = buffer(source.remaining());
    for (int i = 0; i < rows; i++) {
      int end = source.limit();
      source.limit(source.position() + (int) row);
      all.put(source);
      source.limit(end);
      for (int j = 0; j < gap; j++) {
        all.put(FILL);
      }
    }
    return all.flip();
  }

  /** A buffer for a content of so many bytes as it lies on the device. */
  ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(extent(bytes))).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Appends the rows to a target.
   *
   * @throws IllegalStateException naming the first row behind which something was written
   */
  void gather(ByteBuffer all, ByteBuffer target) {
    for (int i = 0; all.hasRemaining(); i++) {
      int end = all.limit();
      all.limit(all.position() + (int) row);
      target.put(all);
      all.limit(end);
      for (int j = 0; j < gap; j++) {
        if (all.get() != FILL) {
          throw new IllegalStateException(
              "rows of %d bytes have %d bytes of padding; byte %d of that behind row %d was written"
                  .formatted(row, gap, j, i));
        }
      }
    }
  }
}
