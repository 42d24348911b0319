package dev.samebits.backend.jvm;

import dev.samebits.kernel.Kernel;
import java.util.function.DoubleUnaryOperator;

/**
 * The canonical sum and inner product: blocks of {@value #BLOCK} elements, 128 lanes in a block,
 * and the blocks' results summed in the same way until one value is left. An object holds the
 * memory that one thread needs for sums of up to a given length.
 */
public final class CanonicalSum {
  /** Elements in a block. */
  public static final int BLOCK = 16_384;

  /** Columns that are summed together. */
  private static final int COLUMNS = 64;

  private final RealArray lanes;
  private final RealArray blocks;

  /** Room for sums of up to {@code n} elements of the type of {@code like}. */
  CanonicalSum(RealArray like, int n) {
    lanes = like.like(RealArray.LANES);
    blocks = like.like(blocks(n));
  }

  /** Room for each worker of a call. */
  static CanonicalSum[] perWorker(Call call, int n) {
    CanonicalSum[] all = new CanonicalSum[call.threads()];
    for (int w = 0; w < all.length; w++) {
      all[w] = new CanonicalSum(call.out(0), n);
    }
    return all;
  }

  /** Sum of n elements from {@code from}; +0 if there are none. */
  double of(RealArray x, int from, int n) {
    for (int b = 0; b < blocks(n); b++) {
      blocks.set(b, x.sumLanes(lanes, from + b * BLOCK, from + end(b, n)));
    }
    return joined(blocks, lanes, blocks(n));
  }

  /** Sums the first {@code count} of the blocks' results, in place. */
  private static double joined(RealArray blocks, RealArray lanes, int count) {
    int left = count;
    while (left > 1) {
      int next = blocks(left);
      for (int b = 0; b < next; b++) {
        blocks.set(b, blocks.sumLanes(lanes, b * BLOCK, end(b, left)));
      }
      left = next;
    }
    return left == 0 ? 0 : blocks.get(0);
  }

  /** {@code sum}, {@code dot}, {@code mean} and {@code nrm2}; blocks go to the threads. */
  static Runnable bind(Call call, ThreadTeam team) {
    Kernel kernel = call.op().kernel();
    RealArray x = call.in(0);
    RealArray y = kernel == Kernel.NRM2 ? x : Reductions.second(call);
    RealArray out = call.out(0);
    int n = x.length();
    RealArray blocks = x.like(blocks(n));
    RealArray[] lanes = call.scratch(RealArray.LANES);
    DoubleUnaryOperator finish =
        switch (kernel) {
          case MEAN -> s -> x.divide(s, x.round(n));
          case NRM2 -> Math::sqrt;
          default -> s -> s;
        };
    return () -> {
      team.forRanges(
          blocks.length(),
          (worker, from, to) -> {
            RealArray own = lanes[worker];
            for (int b = from; b < to; b++) {
              int start = b * BLOCK;
              int end = end(b, n);
              blocks.set(
                  b, y == null ? x.sumLanes(own, start, end) : x.dotLanes(own, y, start, end));
            }
          });
      out.set(0, finish.applyAsDouble(joined(blocks, lanes[0], blocks.length())));
      out.canonicalizeNaN(0, 1);
    };
  }

  /** {@code row_sum}: the same sum along each row; rows go to the threads. */
  static Runnable bindRows(Call call, ThreadTeam team) {
    int n = call.dim("n");
    RealArray x = call.in(0);
    RealArray out = call.out(0);
    CanonicalSum[] sums = perWorker(call, n);
    return () ->
        team.forRanges(
            call.dim("m"),
            (worker, from, to) -> {
              for (int row = from; row < to; row++) {
                out.set(row, sums[worker].of(x, row * n, n));
              }
              out.canonicalizeNaN(from, to - from);
            });
  }

  /** {@code col_sum}: the same sum down each column; columns go to the threads. */
  static Runnable bindColumns(Call call, ThreadTeam team) {
    int n = call.dim("n");
    int m = call.dim("m");
    RealArray x = call.in(0);
    RealArray out = call.out(0);
    RealArray[] lanes = call.scratch(RealArray.LANES * COLUMNS);
    RealArray[] results = call.scratch(Math.multiplyExact(Math.max(1, blocks(m)), COLUMNS));
    return () ->
        team.forEach(
            (n + COLUMNS - 1) / COLUMNS,
            (worker, panel) -> {
              int from = panel * COLUMNS;
              int cols = Math.min(COLUMNS, n - from);
              columns(x, n, m, from, cols, lanes[worker], results[worker]);
              out.copyRow(from, results[worker], 0, cols);
              out.canonicalizeNaN(from, cols);
            });
  }

  /** Sums {@code cols} columns from {@code from} into the first elements of {@code results}. */
  private static void columns(
      RealArray x, int width, int rows, int from, int cols, RealArray lanes, RealArray results) {
    if (rows == 0) {
      results.fill(0, cols, 0);
    }
    columnBlocks(x, width, rows, from, cols, lanes, results);
    for (int left = blocks(rows); left > 1; left = blocks(left)) {
      columnBlocks(results, cols, left, 0, cols, lanes, results);
    }
  }

  /** One round; {@code results} may be x, as a result goes where no later block reads. */
  private static void columnBlocks(
      RealArray x, int width, int rows, int from, int cols, RealArray lanes, RealArray results) {
    for (int b = 0; b < blocks(rows); b++) {
      lanes.fill(0, RealArray.LANES * cols, -0.0);
      for (int i = b * BLOCK; i < end(b, rows); i++) {
        lanes.addRow(i % RealArray.LANES * cols, x, i * width + from, cols);
      }
      for (int w = RealArray.LANES / 2; w > 0; w /= 2) {
        lanes.addRow(0, lanes, w * cols, w * cols);
      }
      results.copyRow(b * cols, lanes, 0, cols);
    }
  }

  private static int blocks(int n) {
    return (int) ((n + BLOCK - 1L) / BLOCK);
  }

  private static int end(int block, int n) {
    return (int) Math.min(n, (block + 1L) * BLOCK);
  }
}
