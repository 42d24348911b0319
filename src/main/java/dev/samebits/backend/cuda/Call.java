package dev.samebits.backend.cuda;

import dev.samebits.kernel.Op;

/**
 * A call, from which grids, scratch and parameters are computed.
 *
 * @param op the call
 * @param padding elements behind each row of every operand
 * @param threads threads of a block: the condition {@code geometry}, or the variant's own number
 */
record Call(Op op, int padding, int threads) {
  /** A size of the shape. */
  long size(String key) {
    return op.shape().get(key);
  }

  /** Quotient rounded up. */
  static long blocks(long elements, long each) {
    return (elements + each - 1) / each;
  }
}
