package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.Call.TeamAlgorithm;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.kernel.DType;
import java.util.function.Function;

/** Kernels whose outputs do not depend on each other; pieces of the output go to the threads. */
final class FastElementwise {
  /** Elements that a thread claims at a time: fewer would take less time than waking it. */
  private static final int COMPUTED = 1 << 14;

  /** The same where an element takes a tenth of the time. */
  private static final int MOVED = 1 << 17;

  private FastElementwise() {}

  /** The loop of one kernel over bound arrays. */
  interface Loop {
    /** Called once before the pieces of an invocation. */
    default void begin() {}

    /** Computes outputs {@code from} to {@code to - 1}. */
    void run(int from, int to);
  }

  /** One loop per type, with much arithmetic for each element. */
  static TeamAlgorithm computing(Function<Call, Loop> f32, Function<Call, Loop> f64) {
    return (call, team) -> bind(call, team, f32, f64, COMPUTED);
  }

  /** One loop per type that does little but load and store. */
  static TeamAlgorithm moving(Function<Call, Loop> f32, Function<Call, Loop> f64) {
    return (call, team) -> bind(call, team, f32, f64, MOVED);
  }

  private static Runnable bind(
      Call call, ThreadTeam team, Function<Call, Loop> f32, Function<Call, Loop> f64, int piece) {
    Loop loop = (call.out(0).dtype() == DType.F32 ? f32 : f64).apply(call);
    int n = call.out(0).length();
    int pieces = (int) ((n + piece - 1L) / piece);
    return () -> {
      loop.begin();
      team.forEach(pieces, (worker, i) -> loop.run(i * piece, (int) Math.min(n, (i + 1L) * piece)));
    };
  }
}
