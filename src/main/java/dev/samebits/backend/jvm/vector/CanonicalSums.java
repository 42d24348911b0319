package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.CanonicalSum;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;

/**
 * Canonical {@code sum}, {@code dot}, {@code row_sum}, {@code mean} and {@code nrm2}: rows of n
 * elements, cut into blocks. Blocks go to the threads, several at a time; the blocks' results of a
 * row are summed in the same way, in place, until one is left.
 */
final class CanonicalSums {
  /** Elements in a block. */
  static final int BLOCK = CanonicalSum.BLOCK;

  /** Elements that a thread takes at once. */
  private static final int PIECE = 1 << 17;

  /** Bytes below which another thread would come too late. */
  private static final long SMALL = 1 << 20;

  private CanonicalSums() {}

  /** What becomes of a row's sum. */
  enum Finish {
    /** Nothing. */
    NONE,
    /** Division by the number of elements. */
    MEAN,
    /** The square root. */
    ROOT
  }

  /** Partial results that are summed. */
  interface Join {
    /** Sums those from {@code from} to {@code to - 1}, at most a block, into number {@code at}. */
    void join(int from, int to, int at);
  }

  /** Blocks of operands of one type. */
  interface Blocks extends Join {
    /** Sums elements {@code from} to {@code to - 1} into partial result {@code at}. */
    void block(int worker, int from, int to, int at);

    /** Sums all n elements, no more than a block, into the first element of the output. */
    void only(int n, Finish finish);

    /** Writes partial result {@code at}, or +0 if that is negative, as element i of the output. */
    void store(int at, int i, int n, Finish finish);
  }

  /**
   * Sums {@code count} partial results from {@code first} on a block at a time, in place, until one
   * is left: that at {@code first}.
   */
  static void rounds(Join join, int first, int count, int blockLength) {
    for (int left = count; left > 1; ) {
      int next = 0;
      for (int from = 0; from < left; from += blockLength) {
        join.join(first + from, first + Math.min(left, from + blockLength), first + next++);
      }
      left = next;
    }
  }

  /** Whether n elements are too little work to share. */
  static boolean isSmall(long n, DType dtype) {
    return n * dtype.bytes() < SMALL;
  }

  /** Binds one of the kernels. */
  static Runnable bind(Call call, ThreadTeam team) {
    return bind(call, team, BLOCK);
  }

  /** With another size of blocks, so that many rounds can be tested on few elements. */
  static Runnable bind(Call call, ThreadTeam team, int blockLength) {
    Kernel kernel = call.op().kernel();
    RealArray x = call.in(0);
    RealArray y =
        switch (kernel) {
          case DOT -> call.in(1);
          case NRM2 -> x;
          default -> null;
        };
    Finish finish =
        switch (kernel) {
          case MEAN -> Finish.MEAN;
          case NRM2 -> Finish.ROOT;
          default -> Finish.NONE;
        };
    int rows = kernel == Kernel.ROW_SUM ? call.dim("m") : 1;
    return new Rows(call, team, rows, call.dim("n"), blockLength, x, y, finish)::run;
  }

  /** One bound call. */
  private static final class Rows {
    private final ThreadTeam team;
    private final int rows;
    private final int n;
    private final int blockLength;
    private final Finish finish;
    private final int blocksPerRow;
    private final int items;
    private final int itemsAtOnce;
    private final boolean alone;
    private final Blocks blocks;
    private final ThreadTeam.Item piece = this::piece;

    Rows(
        Call call,
        ThreadTeam team,
        int rows,
        int n,
        int blockLength,
        RealArray x,
        RealArray y,
        Finish finish) {
      this.team = team;
      this.rows = rows;
      this.n = n;
      this.blockLength = blockLength;
      this.finish = finish;
      blocksPerRow = (int) ((n + blockLength - 1L) / blockLength);
      items = rows * blocksPerRow;
      itemsAtOnce = Math.max(1, PIECE / Math.max(1, Math.min(n, blockLength)));
      alone = call.threads() == 1 || isSmall((long) rows * n, x.dtype());
      blocks =
          x.dtype() == DType.F32
              ? new F32Sums(x, y, call.out(0), items, call.threads())
              : new F64Sums(x, y, call.out(0), items, call.threads());
    }

    void run() {
      if (items == 1) {
        blocks.only(n, finish);
        return;
      }
      if (alone) {
        blocks(0, 0, items);
      } else {
        team.forEach((int) ((items + itemsAtOnce - 1L) / itemsAtOnce), piece);
      }
      for (int i = 0; i < rows; i++) {
        blocks.store(joined(i), i, n, finish);
      }
    }

    private void piece(int worker, int p) {
      blocks(worker, p * itemsAtOnce, (int) Math.min(items, (p + 1L) * itemsAtOnce));
    }

    private void blocks(int worker, int from, int to) {
      int row = rows == 1 ? 0 : from / Math.max(1, blocksPerRow);
      int start = (from - row * blocksPerRow) * blockLength;
      for (int item = from; item < to; item++) {
        int length = Math.min(blockLength, n - start);
        blocks.block(worker, row * n + start, row * n + start + length, item);
        start += length;
        if (start == n) {
          row++;
          start = 0;
        }
      }
    }

    /** The partial result that is the sum of a row; -1 if the row is empty. */
    private int joined(int row) {
      int first = row * blocksPerRow;
      rounds(blocks, first, blocksPerRow, blockLength);
      return blocksPerRow == 0 ? -1 : first;
    }
  }
}
