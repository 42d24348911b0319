package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.Call.TeamAlgorithm;
import dev.samebits.kernel.DType;
import java.util.function.Function;

/** Kernels whose outputs do not depend on each other; pieces of the output go to the threads. */
final class Elementwise {
  /** Elements that a thread claims at a time: fewer would take less time than waking it. */
  private static final int PIECE = 16_384;

  private Elementwise() {}

  /** The loop of one kernel over bound arrays. */
  interface Loop {
    /** Called once before the pieces of an invocation. */
    default void begin() {}

    /** Computes outputs {@code from} to {@code to - 1}. */
    void run(int from, int to);
  }

  /** The algorithm with one loop per type. */
  static TeamAlgorithm of(Function<Call, Loop> f32, Function<Call, Loop> f64) {
    return (call, team) -> {
      Loop loop = (call.out(0).dtype() == DType.F32 ? f32 : f64).apply(call);
      int n = call.out(0).length();
      int pieces = (int) ((n + PIECE - 1L) / PIECE);
      return () -> {
        loop.begin();
        team.forEach(
            pieces,
            (worker, piece) -> loop.run(piece * PIECE, (int) Math.min(n, (piece + 1L) * PIECE)));
      };
    };
  }
}
