package dev.samebits.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Operands of type i32: indices of targets (scatter_add) or of classes (cross entropy). */
public final class Indices {
  private Indices() {}

  /** Number of targets or classes: an index is in 0 to this number less 1. */
  static int bound(Kernel kernel, Shape shape) {
    return shape.i(kernel == Kernel.SCATTER_ADD ? "t" : "n");
  }

  /**
   * Element i, if it is in 0 to {@code bound - 1}.
   *
   * @throws IndexOutOfBoundsException naming the element, its value and the bound
   */
  public static int require(long i, int value, int bound) {
    if (value < 0 || value >= bound) {
      throw new IndexOutOfBoundsException(
          "index operand: element %d is %d; there are %d targets or classes, 0 to %d"
              .formatted(i, value, bound, bound - 1));
    }
    return value;
  }

  /**
   * Requires every element of a memory to be in 0 to {@code bound - 1}.
   *
   * @throws IndexOutOfBoundsException naming the first that is not
   */
  static void require(Operand operand, Memory memory, int bound) {
    ByteBuffer all = ByteBuffer.allocate(operand.bufferBytes()).order(ByteOrder.LITTLE_ENDIAN);
    memory.read(all);
    all.clear();
    for (int i = 0; i < memory.elements(); i++) {
      require(i, all.getInt(), bound);
    }
  }
}
