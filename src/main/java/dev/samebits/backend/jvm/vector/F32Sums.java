package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;

/** {@link CanonicalSums.Blocks} of f32. */
@SuppressWarnings("cast") // In the text of f64 a cast has nothing to do.
final class F32Sums implements CanonicalSums.Blocks {
  private static final int VECTORS = F32Scratch.LANES / Width.F32.length();

  private final float[] x;
  private final float[] y;
  private final float[] out;
  private final float[] partial;
  private final F32Scratch[] scratch;

  /**
   * Binds operands.
   *
   * @param y the second operand of an inner product; null for a sum
   * @param partials number of blocks
   */
  F32Sums(RealArray x, RealArray y, RealArray out, int partials, int workers) {
    this.x = ((F32Array) x).values();
    this.y = y == null ? null : ((F32Array) y).values();
    this.out = ((F32Array) out).values();
    partial = new float[partials];
    scratch = new F32Scratch[workers];
    for (int w = 0; w < workers; w++) {
      scratch[w] = new F32Scratch();
    }
  }

  @Override
  public void block(int worker, int from, int to, int at) {
    F32Scratch s = scratch[worker];
    partial[at] = y == null ? sum(x, from, to, s) : dot(x, y, from, to, s);
  }

  @Override
  public void join(int from, int to, int at) {
    partial[at] = sum(partial, from, to, scratch[0]);
  }

  @Override
  public void only(int n, CanonicalSums.Finish finish) {
    store(y == null ? sum(x, 0, n, scratch[0]) : dot(x, y, 0, n, scratch[0]), 0, n, finish);
  }

  @Override
  public void store(int at, int i, int n, CanonicalSums.Finish finish) {
    store(at < 0 ? 0 : partial[at], i, n, finish);
  }

  private void store(float sum, int i, int n, CanonicalSums.Finish finish) {
    float result =
        switch (finish) {
          case NONE -> sum;
          case MEAN -> sum / (float) n;
          case ROOT -> (float) Math.sqrt(sum);
        };
    out[i] = result == result ? result : Float.NaN;
  }

  /** Sum of elements {@code from} to {@code to - 1}, at most a block. */
  static float sum(float[] x, int from, int to, F32Scratch s) {
    return switch (loops(from, to)) {
      case 8 -> F32Lanes8.sum(x, from, to, s);
      case 16 -> F32Lanes16.sum(x, from, to, s.lanes);
      default -> F32NarrowLanes.sum(x, from, to, s);
    };
  }

  private static float dot(float[] x, float[] y, int from, int to, F32Scratch s) {
    return switch (loops(from, to)) {
      case 8 -> F32Lanes8.dot(x, y, from, to, s);
      case 16 -> F32Lanes16.dot(x, y, from, to, s.lanes);
      default -> F32NarrowLanes.dot(x, y, from, to, s);
    };
  }

  /**
   * Accumulators at a time: those of 16 that an incomplete row needs would not fit one method; 0
   * for lanes in memory, as where no whole vector can be read.
   */
  private static int loops(int from, int to) {
    if (to < Width.F32.length()) {
      return 0;
    }
    return VECTORS == 16 && (to - from) % F32Scratch.LANES != 0 ? 8 : VECTORS;
  }
}
