package dev.samebits.backend.cuda;

import java.util.function.ToLongFunction;

/**
 * One launch of an algorithm.
 *
 * @param pass what its symbol ends with, after the dtype; empty for an algorithm of one launch
 * @param shape how many blocks of how many threads
 */
record Launch(String pass, Shape shape) {
  /** Computes the grid of a call. */
  interface Shape {
    Grid of(Call call);
  }

  /**
   * A grid of one dimension. Kernels cover any size with any grid, so it is the case's to choose.
   *
   * @param blocks blocks, at least one: a kernel is launched for no elements too
   * @param threads threads of a block
   */
  record Grid(int blocks, int threads) {
    /** More blocks than a device runs at a time gain nothing. */
    static final int MOST_BLOCKS = 1 << 20;

    static Grid of(long blocks, int threads) {
      return new Grid((int) Math.max(1, Math.min(blocks, MOST_BLOCKS)), threads);
    }

    /** Blocks take each other's work by a step that must have no factor in common with them. */
    Grid forStep(int step) {
      int more = blocks;
      while (gcd(more, step) != 1) {
        more++;
      }
      return new Grid(more, threads);
    }

    private static int gcd(int a, int b) {
      return b == 0 ? a : gcd(b, a % b);
    }
  }

  /** Blocks that give each thread one element. */
  static Launch elements(String pass, ToLongFunction<Call> elements) {
    return new Launch(
        pass,
        call -> Grid.of(Call.blocks(elements.applyAsLong(call), call.threads()), call.threads()));
  }

  /** Blocks that give each warp one item. */
  static Launch warps(String pass, ToLongFunction<Call> items) {
    return new Launch(
        pass,
        call -> Grid.of(Call.blocks(items.applyAsLong(call), call.threads() / 32), call.threads()));
  }

  /** So many blocks. */
  static Launch blocks(String pass, ToLongFunction<Call> blocks) {
    return new Launch(pass, call -> Grid.of(blocks.applyAsLong(call), call.threads()));
  }

  /** One block of the variant's own size. */
  static Launch one(String pass) {
    return new Launch(pass, call -> new Grid(1, call.threads()));
  }

  /** One block of so many threads. */
  static Launch one(String pass, int threads) {
    return new Launch(pass, call -> new Grid(1, threads));
  }
}
