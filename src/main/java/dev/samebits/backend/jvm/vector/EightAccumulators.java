package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.kernel.DType;

/**
 * {@code sum} and {@code dot} as fast as the Vector API allows, in an order chosen for speed alone:
 * the elements are cut into nearly equal parts, {@value #PARTS_PER_THREAD} for each thread (one for
 * one thread or little work); in a part the vectors go in turn to eight accumulators that start at
 * +0, by addition or fma; vectors left over go to the first accumulator, elements left over to a
 * scalar; the accumulators are joined by halving, then their lanes, then the scalar is added; the
 * parts are added in index order. So the order depends on the width of a vector and on the number
 * of threads, and on nothing else.
 */
final class EightAccumulators {
  private static final int PARTS_PER_THREAD = 8;

  private EightAccumulators() {}

  /** Parts of a sum over arrays of one type. */
  interface Part {
    /** Sums elements {@code from} to {@code to - 1}. */
    void compute(int worker, int part, int from, int to);

    /** The parts added in order. */
    double total();
  }

  /** Binds either kernel. */
  static Runnable bind(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = call.inputs().size() > 1 ? call.in(1) : null;
    RealArray out = call.out(0);
    int n = x.length();
    int threads = call.threads();
    int parts =
        threads == 1 || CanonicalSums.isSmall(n, x.dtype()) ? 1 : threads * PARTS_PER_THREAD;
    Part part =
        x.dtype() == DType.F32
            ? new F32EightAccumulators(x, y, parts, threads)
            : new F64EightAccumulators(x, y, parts, threads);
    if (parts == 1) {
      return () -> {
        part.compute(0, 0, 0, n);
        out.set(0, part.total());
      };
    }
    ThreadTeam.Item item =
        (worker, p) ->
            part.compute(
                worker, p, (int) ((long) n * p / parts), (int) ((long) n * (p + 1) / parts));
    return () -> {
      team.forEach(parts, item);
      out.set(0, part.total());
    };
  }
}
