package dev.samebits.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Draws the inputs of a case: the same bytes for every backend, machine and JDK. */
public final class Inputs {
  private Inputs() {}

  /**
   * The inputs of a case in the order of {@link Kernel#inputs}, little-endian. Operand number i is
   * drawn from stream i of the case's seed.
   */
  public static List<ByteBuffer> of(CaseId id) {
    List<ByteBuffer> all = new ArrayList<>();
    List<Operand> operands = id.kernel().inputs(id.shape(), id.dtype());
    for (int i = 0; i < operands.size(); i++) {
      all.add(draw(operands.get(i), id, new Philox(id.seed(), i)));
    }
    return all;
  }

  private static ByteBuffer draw(Operand operand, CaseId id, Philox random) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(operand.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < operand.elements(); i++) {
      switch (operand.dtype()) {
        case F32 -> buffer.putFloat((float) element(id.input(), random, i));
        case F64 -> buffer.putDouble(element(id.input(), random, i));
        case I32 -> buffer.putInt(random.bounded(i, indexBound(id)));
      }
    }
    return buffer.flip();
  }

  private static double element(InputKind kind, Philox random, long i) {
    return switch (kind) {
      case NORMAL -> random.normal(i);
      case INTEGER -> random.bounded(i, 5) - 2;
      case WIDE -> wide(random, i);
    };
  }

  private static double wide(Philox random, long i) {
    int word = random.word(i, 2);
    int exponent = (int) ((word >>> 1) * 25L >>> 31) - 12;
    double magnitude = Math.scalb(1 + (random.word(i, 0) >>> 8) * 0x1p-24, exponent);
    return (word & 1) == 0 ? magnitude : -magnitude;
  }

  /** Integer operands index targets (scatter_add) or classes (cross entropy). */
  private static int indexBound(CaseId id) {
    String key = id.kernel() == Kernel.SCATTER_ADD ? "t" : "n";
    if (id.shape().get(key) == 0) {
      throw new IllegalArgumentException("case " + id + ": " + key + "=0 leaves no valid index");
    }
    return id.shape().i(key);
  }
}
