package dev.samebits.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The dimension of a call along which its outputs are independent of each other, so that a part of
 * them can be computed alone: rows, images, products, elements.
 *
 * @param op the whole call
 * @param key the dimension
 */
record Batch(Op op, String key) {
  /**
   * The batch of a call.
   *
   * @param where what asks for it, for the message
   * @throws IllegalArgumentException as {@link #require}
   */
  static Batch of(String where, Op op) {
    require(where, op.kernel());
    boolean products = op.kernel() == Kernel.MATMUL && op.shape().get("batch") > 1;
    return new Batch(op, key(op.kernel(), products).orElseThrow());
  }

  /**
   * Requires a kernel to have a batch.
   *
   * @param where what asks for it, for the message
   * @throws IllegalArgumentException naming it, and those that have one
   */
  static void require(String where, Kernel kernel) {
    if (key(kernel, false).isEmpty()) {
      List<String> others =
          Arrays.stream(Kernel.values())
              .filter(k -> key(k, false).isPresent())
              .map(Kernel::id)
              .toList();
      throw new IllegalArgumentException(
          where
              + ": "
              + kernel.id()
              + " has no batch: no part of its outputs can be computed alone ("
              + String.join(", ", others)
              + " have one)");
    }
  }

  private static Optional<String> key(Kernel kernel, boolean products) {
    return switch (kernel) {
      case MATMUL -> Optional.of(products ? "batch" : "m");
      case GEMV, ROW_SUM, SOFTMAX, BIAS_ADD -> Optional.of("m");
      case CONV2D_FORWARD, CONV2D_BACKWARD_DATA, MAX_POOL, MAX_POOL_BACKWARD -> Optional.of("n");
      case EXP, LOG, TANH, SIGMOID, FMA_CHAIN -> Optional.of("n");
      case COPY, RELU, RELU_BACKWARD, SGD_UPDATE -> Optional.of("n");
      // The gradient of the cross entropy is divided by the number of rows.
      case SUM, DOT, MEAN, NRM2, COL_SUM, SCATTER_ADD -> Optional.empty();
      case CONV2D_BACKWARD_FILTER, CROSS_ENTROPY_GRADIENT -> Optional.empty();
    };
  }

  /** How many rows, images, products or elements there are. */
  int extent() {
    return op.shape().i(key);
  }

  /** The same call on so many of them. */
  Op part(int count) {
    return new Op(op.kernel(), op.dtype(), op.shape().with(key, count), op.variant(), op.scalars());
  }

  /** Whether an input is made of parts of the batch; if not, every part takes it whole. */
  boolean cuts(int input) {
    return part(extent() - 1).inputs().get(input).elements() != op.inputs().get(input).elements();
  }

  /** How often the parts of an input follow each other: once, but for rows that are columns. */
  int strips(int input) {
    boolean columns =
        op.kernel() == Kernel.MATMUL && key.equals("m") && op.shape().get("ta") == 1 && input == 0;
    return columns ? op.shape().i("k") : 1;
  }
}
