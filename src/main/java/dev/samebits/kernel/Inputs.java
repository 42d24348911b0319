package dev.samebits.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;

/** Draws the inputs of a case: the same bytes for every backend, machine and JDK. */
public final class Inputs {
  /** Added to an operand's stream for the shuffle of its elements. */
  private static final int SHUFFLES = 0x53480000;

  private Inputs() {}

  /**
   * The inputs of a case in the order of {@link Kernel#inputs}, little-endian. Operand number i is
   * drawn from stream i of the case's seed.
   */
  public static List<ByteBuffer> of(CaseId id) {
    List<ByteBuffer> all = new ArrayList<>();
    List<Operand> operands = id.kernel().inputs(id.shape(), id.dtype());
    for (int i = 0; i < operands.size(); i++) {
      all.add(draw(operands.get(i), id, i));
    }
    return all;
  }

  private static ByteBuffer draw(Operand operand, CaseId id, int stream) {
    Philox random = new Philox(id.seed(), stream);
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(operand.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    if (operand.dtype() == DType.I32) {
      for (long i = 0; i < operand.elements(); i++) {
        buffer.putInt(random.bounded(i, indexBound(id)));
      }
      return buffer.flip();
    }
    LongToDoubleFunction element = elements(operand, id, stream, random);
    for (long i = 0; i < operand.elements(); i++) {
      if (operand.dtype() == DType.F32) {
        buffer.putFloat((float) element.applyAsDouble(i));
      } else {
        buffer.putDouble(element.applyAsDouble(i));
      }
    }
    return buffer.flip();
  }

  private static LongToDoubleFunction elements(
      Operand operand, CaseId id, int stream, Philox random) {
    return switch (id.input()) {
      case NORMAL -> random::normal;
      case INTEGER -> i -> random.bounded(i, 5) - 2;
      case WIDE -> i -> wide(random, i);
      case CANCELLING -> {
        int[] order = IntStream.range(0, (int) operand.elements()).toArray();
        new Philox(id.seed(), SHUFFLES + stream).shuffle(order);
        int range = operand.dtype() == DType.F32 ? 120 : 996;
        yield i -> cancelling(random, order[(int) i], order.length, range);
      }
    };
  }

  private static double wide(Philox random, long i) {
    int word = random.word(i, 2);
    int exponent = (int) ((word >>> 1) * 25L >>> 31) - 12;
    double magnitude = Math.scalb(1 + (random.word(i, 0) >>> 8) * 0x1p-24, exponent);
    return (word & 1) == 0 ? magnitude : -magnitude;
  }

  /** Element j of the unshuffled list. */
  private static double cancelling(Philox random, int j, int n, int range) {
    boolean pair = j / 2 % 16 != 15 && (j | 1) < n;
    int index = pair ? j & -2 : j;
    int exponents = pair ? 2 * range + 1 : range / 8;
    int exponent = (int) ((random.word(index, 2) & 0xFFFFFFFFL) * exponents >>> 32) - range;
    double magnitude = Math.scalb(1 + random.uniformDouble(index), exponent);
    boolean negative = (random.word(index, 3) < 0) ^ (pair && j % 2 == 1);
    return negative ? -magnitude : magnitude;
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
