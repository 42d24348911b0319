package dev.samebits.backend.jvm.vector;

/**
 * Products of small matrices that are read where they are: {@code c[i,j]} = the fma chain from +0
 * over the terms {@code a[i,q] b[q,j]}, q ascending, with every NaN replaced by the canonical one.
 * An object holds sizes, operands and the scratch memory of one worker, so that a call, which may
 * last 50 ns, passes little on.
 */
interface SmallProduct {
  /** Computes the product whose operands' first elements stand there. */
  void multiply(int aAt, int bAt, int cAt);

  /**
   * For operands in whose rows (terms of A, columns of B and C) elements stand side by side.
   *
   * @param k terms, one or more
   */
  static SmallProduct of(int m, int n, int k, Matrix a, Matrix b, Matrix c) {
    return switch (c.values().dtype()) {
      case F32 -> new F32SmallProduct(m, n, k, a, b, c);
      case F64 -> new F64SmallProduct(m, n, k, a, b, c);
      default -> throw new IllegalArgumentException("no products of " + c.values().dtype().id());
    };
  }
}
