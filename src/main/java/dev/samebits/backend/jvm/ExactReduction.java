package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import dev.samebits.metric.ExactSum;

/**
 * {@code exact} sum and inner product: the exact value, rounded once, to nearest even. No addition
 * rounds, so neither the order of the elements nor the threads can be seen in the bits.
 */
public final class ExactReduction {
  /** Elements claimed at a time, at least and at most. */
  private static final int SMALLEST_CHUNK = 1 << 15;

  private static final int LARGEST_CHUNK = 1 << 18;

  private final RealArray x;
  private final RealArray y;
  private final RealArray out;
  private final DType dtype;
  private final ThreadTeam team;
  private final ExactAccumulator[] workers;

  private ExactReduction(Call call, ThreadTeam team, NarrowSum.Factory narrow) {
    x = call.in(0);
    y = Reductions.second(call);
    out = call.out(0);
    dtype = call.op().dtype();
    this.team = team;
    workers = new ExactAccumulator[call.threads()];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new ExactAccumulator(narrow);
    }
  }

  /** Without the Vector API. */
  static Runnable bind(Call call, ThreadTeam team) {
    return bind(call, team, total -> NarrowSum.NONE);
  }

  /** With a faster way for some of the numbers. */
  public static Runnable bind(Call call, ThreadTeam team, NarrowSum.Factory narrow) {
    return new ExactReduction(call, team, narrow)::run;
  }

  private void run() {
    int n = x.length();
    int each = n / (4 * workers.length);
    int chunk = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, each));
    try {
      team.forEach(
          (int) ((n + chunk - 1L) / chunk),
          (worker, i) -> workers[worker].add(x, y, i * chunk, (int) Math.min(n, (i + 1L) * chunk)));
    } catch (RuntimeException | Error e) {
      for (var worker : workers) {
        worker.finish().clear(); // nothing may be left for the next call
      }
      throw e;
    }
    ExactSum total = workers[0].finish();
    for (int i = 1; i < workers.length; i++) {
      ExactSum part = workers[i].finish();
      total.add(part);
      part.clear();
    }
    double sum = total.round(dtype);
    total.clear();
    out.set(0, sum == 0 ? zero() : sum);
    out.canonicalizeNaN(0, 1);
  }

  /** -0 if every addend is -0 and there is one, else +0. Found at the first element as a rule. */
  private double zero() {
    for (int i = 0; i < x.length(); i++) {
      double a = x.get(i);
      double b = y == null ? 1 : y.get(i);
      // A product that is not zero may underflow to -0.
      boolean negativeZero = (a == 0 || b == 0) && 1 / (a * b) < 0;
      if (!negativeZero) {
        return 0;
      }
    }
    return x.length() == 0 ? 0 : -0.0;
  }
}
