package dev.samebits.backend.jvm;

/** The canonical kernels whose elements or rows do not depend on each other. */
final class Elementwise {
  private Elementwise() {}

  /** Computes element i. */
  private interface Element {
    void compute(int i);
  }

  /** Elements go to the threads. */
  private static Runnable each(ThreadTeam team, RealArray out, Element element) {
    return () ->
        team.forRanges(
            out.length(),
            (worker, from, to) -> {
              for (int i = from; i < to; i++) {
                element.compute(i);
              }
              out.canonicalizeNaN(from, to - from);
            });
  }

  /** y = x, then r times y = fma(y, -3/4, 1). */
  static Runnable fmaChain(Call call, ThreadTeam team) {
    int rounds = call.dim("r");
    RealArray x = call.in(0);
    RealArray y = call.out(0);
    return each(
        team,
        y,
        i -> {
          double value = x.get(i);
          for (int r = 0; r < rounds; r++) {
            value = y.fma(value, -0.75, 1);
          }
          y.set(i, value);
        });
  }

  /** y = x. */
  static Runnable copy(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = call.out(0);
    return each(team, y, i -> y.set(i, x.get(i)));
  }

  /** y = max(x, +0); NaN stays NaN. */
  static Runnable relu(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = call.out(0);
    return each(team, y, i -> y.set(i, Math.max(x.get(i), 0.0)));
  }

  /** dx = y &gt; 0 ? dy : +0. */
  static Runnable reluBackward(Call call, ThreadTeam team) {
    RealArray y = call.in(0);
    RealArray dy = call.in(1);
    RealArray dx = call.out(0);
    return each(team, dx, i -> dx.set(i, y.get(i) > 0 ? dy.get(i) : 0.0));
  }

  /** y = x + b. */
  static Runnable biasAdd(Call call, ThreadTeam team) {
    int n = call.dim("n");
    RealArray x = call.in(0);
    RealArray b = call.in(1);
    RealArray y = call.out(0);
    return each(team, y, i -> y.set(i, y.add(x.get(i), b.get(i % n))));
  }

  /** dz = (p - y) / m with y = 1 at the label and +0 elsewhere. */
  static Runnable crossEntropyGradient(Call call, ThreadTeam team) {
    int n = call.dim("n");
    int m = call.dim("m");
    RealArray p = call.in(0);
    IntArray label = call.indices(1);
    RealArray dz = call.out(0);
    return each(
        team,
        dz,
        i -> {
          double expected = label.index(i / n, n) == i % n ? -1 : -0.0;
          dz.set(i, dz.divide(dz.add(p.get(i), expected), m));
        });
  }

  /** g = fma(wd, w, g) unless wd is 0; v = fma(mu, v, g); w = fma(-lr, v, w). */
  static Runnable sgdUpdate(Call call, ThreadTeam team) {
    RealArray w = call.in(0);
    RealArray v = call.in(1);
    RealArray g = call.in(2);
    RealArray newW = call.out(0);
    RealArray newV = call.out(1);
    double lr = w.round(call.op().scalar("lr"));
    double mu = w.round(call.op().scalar("mu"));
    double wd = w.round(call.op().scalar("wd"));
    return () ->
        team.forRanges(
            w.length(),
            (worker, from, to) -> {
              for (int i = from; i < to; i++) {
                double gradient = wd == 0 ? g.get(i) : w.fma(wd, w.get(i), g.get(i));
                double velocity = w.fma(mu, v.get(i), gradient);
                double weight = w.fma(-lr, velocity, w.get(i));
                newV.set(i, velocity);
                newW.set(i, weight);
              }
              newV.canonicalizeNaN(from, to - from);
              newW.canonicalizeNaN(from, to - from);
            });
  }

  /** y = e / sum(e), e = exp(x - max x), for each row. Rows go to the threads. */
  static Runnable softmax(Call call, ThreadTeam team) {
    int n = call.dim("n");
    RealArray x = call.in(0);
    RealArray y = call.out(0);
    CanonicalSum[] sums = CanonicalSum.perWorker(call, n);
    return () ->
        team.forRanges(
            call.dim("m"),
            (worker, from, to) -> {
              for (int row = from; row < to; row++) {
                softmaxRow(x, y, row * n, n, sums[worker]);
                y.canonicalizeNaN(row * n, n);
              }
            });
  }

  private static void softmaxRow(RealArray x, RealArray y, int at, int n, CanonicalSum sums) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = Math.max(max, x.get(i));
    }
    for (int i = at; i < at + n; i++) {
      y.set(i, y.exp(y.add(x.get(i), -max)));
    }
    double sum = sums.of(y, at, n);
    for (int i = at; i < at + n; i++) {
      y.set(i, y.divide(y.get(i), sum));
    }
  }
}
