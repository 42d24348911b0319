package dev.samebits.backend.jvm;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code sum} and {@code dot} in other orders than the canonical one. In all of them a product is
 * rounded before it is added.
 */
final class Reductions {
  /** Partial results of {@code atomic_arrival} and {@code ordered}. */
  static final int PARTIALS = 256;

  /** Longest interval that {@code pairwise} does not halve. */
  static final int PAIRWISE_LEAF = 32;

  private Reductions() {}

  /** The second operand of {@code dot}; null for {@code sum}. */
  static RealArray second(Call call) {
    return call.inputs().size() > 1 ? call.in(1) : null;
  }

  /** One chain from +0 over an interval. */
  private static double chain(RealArray x, RealArray y, int from, int to) {
    return y == null ? x.sumChain(0, from, to) : x.dotChain(0, from, 1, y, from, 1, to - from);
  }

  private static void store(RealArray out, double value) {
    out.set(0, value);
    out.canonicalizeNaN(0, 1);
  }

  /** One chain in index order. */
  static Runnable serial(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = second(call);
    return () -> store(call.out(0), chain(x, y, 0, x.length()));
  }

  /** Intervals halved down to {@value #PAIRWISE_LEAF} elements, which are one chain. */
  static Runnable pairwise(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = second(call);
    return () -> store(call.out(0), pairwise(x, y, 0, x.length()));
  }

  private static double pairwise(RealArray x, RealArray y, int from, int to) {
    if (to - from <= PAIRWISE_LEAF) {
      return chain(x, y, from, to);
    }
    int middle = from + (to - from) / 2;
    return x.add(pairwise(x, y, from, middle), pairwise(x, y, middle, to));
  }

  /**
   * Compensated summation: W. Kahan, "Further remarks on reducing truncation errors", CACM 8(1),
   * 1965 (doi:10.1145/363707.363723), the original form, not Neumaier's.
   */
  static Runnable kahan(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = second(call);
    return () -> store(call.out(0), y == null ? x.kahanSum() : x.kahanDot(y));
  }

  /**
   * {@value #PARTIALS} partial chains, claimed in index order; whoever finishes one adds it to the
   * result by compare-and-set at once, in order of arrival.
   */
  static Runnable atomicArrival(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = second(call);
    RealArray out = call.out(0);
    return () -> {
      out.set(0, 0);
      claimed(team, PARTIALS, (w, p) -> out.atomicAdd(0, partial(x, y, p)));
    };
  }

  /** The same partial chains, claimed in the same way, added from +0 in index order at the end. */
  static Runnable ordered(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = second(call);
    RealArray partials = x.like(PARTIALS);
    return () -> {
      claimed(team, PARTIALS, (w, p) -> partials.set(p, partial(x, y, p)));
      store(call.out(0), partials.sumChain(0, 0, PARTIALS));
    };
  }

  private static double partial(RealArray x, RealArray y, int p) {
    int n = x.length();
    return chain(x, y, ThreadTeam.part(n, p, PARTIALS), ThreadTeam.part(n, p + 1, PARTIALS));
  }

  /**
   * Lets the workers of a team claim items 0 to {@code count - 1} in order, all released together.
   */
  static void claimed(ThreadTeam team, int count, ThreadTeam.Item body) {
    AtomicInteger next = new AtomicInteger();
    team.run(
        worker -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            body.accept(worker, i);
          }
        });
  }
}
