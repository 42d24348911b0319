package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.kernel.DType;

/**
 * Canonical softmax of each row. Rows go to the threads, as many at a time as make a piece of work;
 * the exponentials of all of them are computed in one run, so that short rows fill vectors too.
 */
final class Softmax {
  /** Elements of a piece; longer rows are one each. */
  private static final int PIECE = 8_192;

  private Softmax() {}

  /** Rows of one type. */
  interface Rows {
    /** Computes rows {@code from} to {@code to - 1}. */
    void run(int worker, int from, int to);
  }

  /** Binds it. */
  static Runnable bind(Call call, ThreadTeam team) {
    int m = call.dim("m");
    int n = call.dim("n");
    if (m == 0 || n == 0) {
      return () -> {};
    }
    int together = Math.min(m, Math.max(1, PIECE / n));
    Rows rows =
        call.out(0).dtype() == DType.F32
            ? new F32Softmax(call, n, together)
            : new F64Softmax(call, n, together);
    int pieces = (m - 1) / together + 1;
    return () ->
        team.forEach(
            pieces,
            (worker, piece) ->
                rows.run(worker, piece * together, Math.min(m, (piece + 1) * together)));
  }
}
