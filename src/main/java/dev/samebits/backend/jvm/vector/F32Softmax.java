package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.CanonicalMath;
import dev.samebits.backend.jvm.F32Array;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Softmax.Rows} of f32. */
final class F32Softmax implements Softmax.Rows {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();

  private final int n;
  private final float[] x;
  private final float[] y;
  private final Worker[] workers;

  /** What one worker needs. */
  private static final class Worker implements CanonicalSums.Join {
    private final float[] differences;
    private final float[] partial;
    private final F32Scratch scratch = new F32Scratch();

    Worker(int elements, int blocks) {
      differences = new float[elements];
      partial = new float[blocks];
    }

    @Override
    public void join(int from, int to, int at) {
      partial[at] = F32Sums.sum(partial, from, to, scratch);
    }
  }

  /** Binds rows of n elements, of which at most {@code together} are computed in one run. */
  F32Softmax(Call call, int n, int together) {
    this.n = n;
    x = ((F32Array) call.in(0)).values();
    y = ((F32Array) call.out(0)).values();
    workers = new Worker[call.threads()];
    for (int w = 0; w < workers.length; w++) {
      workers[w] = new Worker(together * n, (n - 1) / CanonicalSums.BLOCK + 1);
    }
  }

  @Override
  public void run(int worker, int from, int to) {
    Worker own = workers[worker];
    for (int row = from; row < to; row++) {
      subtractMaximum(row * n, own.differences, (row - from) * n);
    }
    exp(own.differences, from * n, (to - from) * n);
    for (int row = from; row < to; row++) {
      F32Layers.divide(y, sum(row * n, own), y, row * n, row * n + n);
    }
  }

  private void exp(float[] differences, int at, int count) {
    if (count >= L) {
      F32Functions.exp(differences, 0, y, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      y[at + i] = CanonicalMath.exp(differences[i]);
    }
  }

  private void subtractMaximum(int at, float[] d, int dAt) {
    float max = maximum(at, d, dAt);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(V, x, at + i).sub(max).intoArray(d, dAt + i);
    }
    for (; i < n; i++) {
      d[dAt + i] = x[at + i] - max;
    }
  }

  /**
   * The largest of n elements. A NaN is passed over: its own difference is NaN, hence the sum,
   * hence the whole row. Which zero is larger does not matter either, as both differences are
   * zeros. The first elements of d are overwritten.
   */
  private float maximum(int at, float[] d, int dAt) {
    if (n < L) {
      return largest(x, at, n);
    }
    FloatVector largest = FloatVector.broadcast(V, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(V, x, at + Math.min(i, n - L));
      largest = largest.blend(v, v.compare(VectorOperators.GT, largest));
    }
    largest.intoArray(d, dAt);
    return largest(d, dAt, L);
  }

  private static float largest(float[] x, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = x[i] > max ? x[i] : max;
    }
    return max;
  }

  /** The canonical sum of a row of y. */
  private float sum(int at, Worker own) {
    int block = CanonicalSums.BLOCK;
    if (n <= block) {
      return F32Sums.sum(y, at, at + n, own.scratch);
    }
    int blocks = 0;
    for (int i = 0; i < n; i += Math.min(block, n - i)) {
      own.partial[blocks++] = F32Sums.sum(y, at + i, at + i + Math.min(block, n - i), own.scratch);
    }
    CanonicalSums.rounds(own, 0, blocks, block);
    return own.partial[0];
  }
}
