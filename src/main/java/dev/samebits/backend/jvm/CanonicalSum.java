package dev.samebits.backend.jvm;

/**
 * The canonical sum and inner product: blocks of {@value #BLOCK} elements, 128 lanes in a block,
 * and the blocks' results summed in the same way until one value is left.
 */
final class CanonicalSum {
  /** Elements in a block. */
  static final int BLOCK = 16_384;

  private CanonicalSum() {}

  /** Sum of n elements from {@code from}; +0 if there are none. */
  static double of(RealArray x, int from, int n) {
    if (n == 0) {
      return 0;
    }
    if (n <= BLOCK) {
      return x.sumLanes(from, from + n);
    }
    RealArray blocks = x.like(blocks(n));
    for (int b = 0; b < blocks.length(); b++) {
      blocks.set(b, x.sumLanes(from + b * BLOCK, from + end(b, n)));
    }
    return of(blocks, 0, blocks.length());
  }

  /** Canonical {@code sum}, or {@code dot} with a second operand; blocks go to the threads. */
  static Runnable bind(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = Reductions.second(call);
    RealArray out = call.out(0);
    int n = x.length();
    RealArray blocks = x.like(blocks(n));
    return () -> {
      team.forRanges(
          blocks.length(),
          (worker, from, to) -> {
            for (int b = from; b < to; b++) {
              int start = b * BLOCK;
              int end = end(b, n);
              blocks.set(b, y == null ? x.sumLanes(start, end) : x.dotLanes(y, start, end));
            }
          });
      out.set(0, of(blocks, 0, blocks.length()));
      out.canonicalizeNaN(0, 1);
    };
  }

  /** Canonical {@code col_sum}: the same sum down each column; columns go to the threads. */
  static Runnable bindColumns(Call call, ThreadTeam team) {
    int n = call.dim("n");
    RealArray x = call.in(0);
    RealArray out = call.out(0);
    return () ->
        team.forRanges(
            n,
            (worker, from, to) -> {
              columns(x, n, call.dim("m"), from, to - from, out, from);
              out.canonicalizeNaN(from, to - from);
            });
  }

  /** Sums columns {@code from} to {@code from + cols - 1} of {@code rows} rows of {@code width}. */
  private static void columns(
      RealArray x, int width, int rows, int from, int cols, RealArray out, int outAt) {
    if (rows == 0) {
      out.fill(outAt, outAt + cols, 0);
      return;
    }
    RealArray lanes = x.like(Math.multiplyExact(RealArray.LANES, cols));
    RealArray results = x.like(blocks(rows) * cols);
    for (int b = 0; b < blocks(rows); b++) {
      lanes.fill(0, lanes.length(), -0.0);
      for (int i = b * BLOCK; i < end(b, rows); i++) {
        lanes.addRow(i % RealArray.LANES * cols, x, i * width + from, cols);
      }
      for (int w = RealArray.LANES / 2; w > 0; w /= 2) {
        lanes.addRow(0, lanes, w * cols, w * cols);
      }
      results.copyRow(b * cols, lanes, 0, cols);
    }
    if (blocks(rows) == 1) {
      out.copyRow(outAt, results, 0, cols);
    } else {
      columns(results, cols, blocks(rows), 0, cols, out, outAt);
    }
  }

  private static int blocks(int n) {
    return (int) ((n + BLOCK - 1L) / BLOCK);
  }

  private static int end(int block, int n) {
    return (int) Math.min(n, (block + 1L) * BLOCK);
  }
}
