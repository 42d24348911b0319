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

  /** Elements drawn by one thread at a time. */
  private static final int CHUNK = 1 << 18;

  private static final long[] SPECIAL_F64 = {
    0x7ff0000000000000L, 0, 1, 0x000fffffffffffffL, 0x7fefffffffffffffL, 0x7ff8000000012345L
  };
  private static final int[] SPECIAL_F32 = {0x7f800000, 0, 1, 0x007fffff, 0x7f7fffff, 0x7fc01234};
  private static final int[] SPECIAL_F16 = {0x7c00, 0, 1, 0x03ff, 0x7bff, 0x7e12};
  private static final int[] SPECIAL_BF16 = {0x7f80, 0, 1, 0x007f, 0x7f7f, 0x7fc1};

  private Inputs() {}

  /**
   * The inputs of a case in the order of {@link Kernel#inputs}, little-endian. Operand number i is
   * drawn from stream i of the case's seed.
   */
  public static List<ByteBuffer> of(CaseId id) {
    List<ByteBuffer> all = new ArrayList<>();
    for (int i = 0; i < id.kernel().inputs(id.shape(), id.dtype()).size(); i++) {
      all.add(of(id, i));
    }
    return all;
  }

  /** Operand number i alone. Large ones are drawn in parallel: an element depends on no other. */
  public static ByteBuffer of(CaseId id, int i) {
    Operand operand = id.kernel().inputs(id.shape(), id.dtype()).get(i);
    ByteBuffer buffer = ByteBuffer.allocate(operand.bufferBytes());
    boolean shuffled = operand.dtype() != DType.I32 && id.input() == InputKind.CANCELLING;
    int[] order = shuffled ? order(operand, id, i) : new int[0];
    int chunks = Math.toIntExact((operand.elements() + CHUNK - 1) / CHUNK);
    IntStream all = IntStream.range(0, chunks);
    (chunks > 1 ? all.parallel() : all)
        .forEach(
            c -> {
              int from = c * CHUNK;
              int to = (int) Math.min(operand.elements(), from + (long) CHUNK);
              draw(buffer, operand, id, i, order, from, to);
            });
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void draw(
      ByteBuffer all, Operand operand, CaseId id, int stream, int[] order, int from, int to) {
    Philox random = new Philox(id.seed(), stream);
    ByteBuffer part = all.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    part.position(from * operand.dtype().bytes());
    if (operand.dtype() == DType.I32) {
      int bound = indexBound(id);
      for (int i = from; i < to; i++) {
        part.putInt(random.bounded(i, bound));
      }
      return;
    }
    LongToDoubleFunction element = elements(operand, id, order, random);
    boolean special = id.input() == InputKind.SPECIAL;
    for (int i = from; i < to; i++) {
      if (special && random.word(i, 2) >>> 27 == 0) {
        putSpecial(part, operand.dtype(), random.word(i, 3));
      } else {
        operand.dtype().put(part, element.applyAsDouble(i));
      }
    }
  }

  /**
   * By raw bits: a conversion would change a NaN. Infinity, zero, smallest and largest subnormal,
   * largest finite number and, last, a NaN; bit 0 of the word is the sign.
   */
  private static void putSpecial(ByteBuffer part, DType dtype, int word) {
    int which = word >>> 28 == 0 ? 5 : Integer.remainderUnsigned(word >>> 1, 5);
    int sign = word << 31;
    switch (dtype) {
      case F64 -> part.putLong(SPECIAL_F64[which] | (long) sign << 32);
      case F32 -> part.putInt(SPECIAL_F32[which] | sign);
      case F16 -> part.putShort((short) (SPECIAL_F16[which] | sign >>> 16));
      case BF16 -> part.putShort((short) (SPECIAL_BF16[which] | sign >>> 16));
      case I32 -> throw new IllegalArgumentException("no special integers");
    }
  }

  private static int[] order(Operand operand, CaseId id, int stream) {
    int[] order = IntStream.range(0, (int) operand.elements()).toArray();
    new Philox(id.seed(), SHUFFLES + stream).shuffle(order);
    return order;
  }

  private static LongToDoubleFunction elements(
      Operand operand, CaseId id, int[] order, Philox random) {
    return switch (id.input()) {
      case NORMAL, SPECIAL -> random::normal;
      case INTEGER -> i -> random.bounded(i, 5) - 2;
      case WIDE -> i -> wide(random, i);
      case CANCELLING -> {
        int range = range(operand.dtype());
        yield i -> cancelling(random, order[(int) i], order.length, range);
      }
    };
  }

  /** The largest exponent of a cancelling element; rounding does not take it to infinity. */
  private static int range(DType dtype) {
    return switch (dtype) {
      case F64 -> 996;
      case F16 -> 14;
      default -> 120;
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
    int bound = Indices.bound(id.kernel(), id.shape());
    if (bound == 0) {
      throw new IllegalArgumentException("case " + id + " leaves no valid index");
    }
    return bound;
  }
}
