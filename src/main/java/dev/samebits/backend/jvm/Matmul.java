package dev.samebits.backend.jvm;

/**
 * {@code matmul} and {@code gemv}. Rows of C go to the threads; a row's columns are computed side
 * by side, so that the innermost loop runs along a row of B and each output stays one chain.
 */
final class Matmul {
  /** Partial results of the split-K variants. */
  static final int PARTIALS = 32;

  private final int m;
  private final int n;
  private final int k;
  private final int batch;
  private final boolean ta;
  private final boolean tb;
  private final double alpha;
  private final double beta;
  private final RealArray a;
  private final RealArray b;
  private final RealArray c;

  /** The product of the batch that is at hand. */
  private int part;

  private Matmul(Call call) {
    m = call.dim("m");
    n = call.dim("n");
    k = call.dim("k");
    batch = call.dim("batch");
    ta = call.dim("ta") == 1;
    tb = call.dim("tb") == 1;
    a = call.in(0);
    b = call.in(1);
    c = call.out(0);
    alpha = c.round(call.op().scalar("alpha"));
    beta = c.round(call.op().scalar("beta"));
  }

  /** Element (i, q) of op(A). */
  private double a(int i, int q) {
    return a.get(part * m * k + (ta ? q * m + i : i * k + q));
  }

  /** C's row i from the products' sums, which start at {@code at}. */
  private void store(int i, RealArray sums, int at) {
    int row = (part * m + i) * n;
    for (int j = 0; j < n; j++) {
      double t = alpha == 1 ? sums.get(at + j) : c.multiply(alpha, sums.get(at + j));
      c.set(row + j, beta == 0 ? t : c.fma(beta, c.get(row + j), t));
    }
    c.canonicalizeNaN(row, n);
  }

  /** op(B) with its rows contiguous: B itself, or scratch that {@link #transposeB} fills. */
  private RealArray rowsOfB() {
    return tb ? b.like(k * n) : b;
  }

  /** Where row {@code q} of op(B) begins there. */
  private int rowOfB(int q) {
    return tb ? q * n : (part * k + q) * n;
  }

  /** Does the same for every product of the batch. */
  private Runnable forBatch(Runnable one) {
    return () -> {
      for (part = 0; part < batch; part++) {
        one.run();
      }
    };
  }

  private void transposeB(ThreadTeam team, RealArray rows) {
    if (tb) {
      team.forRanges(
          k,
          (worker, from, to) -> {
            for (int j = 0; j < n; j++) {
              for (int q = from; q < to; q++) {
                rows.set(q * n + j, b.get((part * n + j) * k + q));
              }
            }
          });
    }
  }

  /** The canonical order: see {@link Panels}. */
  static Runnable canonical(Call call, ThreadTeam team) {
    Matmul z = new Matmul(call);
    RealArray rows = z.rowsOfB();
    RealArray[] total = call.scratch(z.n);
    RealArray[] panel = call.scratch(z.n);
    return z.forBatch(
        () -> {
          z.transposeB(team, rows);
          team.forRanges(
              z.m,
              (w, from, to) -> {
                for (int i = from; i < to; i++) {
                  int row = i;
                  Panels.chain(
                      z.k,
                      total[w],
                      panel[w],
                      z.n,
                      (sums, q) -> sums.fmaRow(0, z.a(row, q), rows, z.rowOfB(q), z.n));
                  z.store(i, total[w], 0);
                }
              });
        });
  }

  /** Three nested loops i, j, k; each product is rounded, then added; one chain over all of K. */
  static Runnable serialIjk(Call call, ThreadTeam team) {
    Matmul z = new Matmul(call);
    RealArray sums = z.c.like(z.n);
    return z.forBatch(
        () -> {
          for (int i = 0; i < z.m; i++) {
            for (int j = 0; j < z.n; j++) {
              sums.set(j, z.dot(i, j));
            }
            z.store(i, sums, 0);
          }
        });
  }

  private double dot(int i, int j) {
    int row = part * m * k + (ta ? i : i * k);
    int column = part * k * n + (tb ? j * k : j);
    return a.dotChain(0, row, ta ? m : 1, b, column, tb ? 1 : n, k);
  }

  /** Adds the terms of K's part {@code p} to a cleared m x n tile, by fma, in ascending order. */
  private void partial(int p, RealArray rows, RealArray tile, int at) {
    tile.fill(at, at + m * n, 0);
    for (int i = 0; i < m; i++) {
      for (int q = ThreadTeam.part(k, p, PARTIALS); q < ThreadTeam.part(k, p + 1, PARTIALS); q++) {
        tile.fmaRow(at + i * n, a(i, q), rows, rowOfB(q), n);
      }
    }
  }

  private void storeAll(ThreadTeam team, RealArray sums) {
    team.forRanges(
        m,
        (worker, from, to) -> {
          for (int i = from; i < to; i++) {
            store(i, sums, i * n);
          }
        });
  }

  /** K in 32 parts; each part's tile is added by compare-and-set, in order of arrival. */
  static Runnable splitKAtomic(Call call, ThreadTeam team) {
    Matmul z = new Matmul(call);
    RealArray rows = z.rowsOfB();
    RealArray sums = z.c.like(z.m * z.n);
    RealArray[] tiles = call.scratch(z.m * z.n);
    return z.forBatch(
        () -> {
          z.transposeB(team, rows);
          sums.fill(0, sums.length(), 0);
          Reductions.claimed(
              team,
              PARTIALS,
              (w, p) -> {
                z.partial(p, rows, tiles[w], 0);
                for (int i = 0; i < sums.length(); i++) {
                  sums.atomicAdd(i, tiles[w].get(i));
                }
              });
          z.storeAll(team, sums);
        });
  }

  /** The same 32 tiles, claimed in the same way, added from +0 in index order. */
  static Runnable splitKOrdered(Call call, ThreadTeam team) {
    Matmul z = new Matmul(call);
    RealArray rows = z.rowsOfB();
    RealArray sums = z.c.like(z.m * z.n);
    RealArray tiles = z.c.like(Math.multiplyExact(PARTIALS, z.m * z.n));
    return z.forBatch(
        () -> {
          z.transposeB(team, rows);
          Reductions.claimed(
              team, PARTIALS, (w, p) -> z.partial(p, rows, tiles, p * sums.length()));
          addTiles(team, tiles, PARTIALS, sums);
          z.storeAll(team, sums);
        });
  }

  /** {@code sums = +0 + tile 0 + tile 1 + ...}; elements go to the threads. */
  static void addTiles(ThreadTeam team, RealArray tiles, int count, RealArray sums) {
    int size = sums.length();
    team.forRanges(
        size,
        (worker, from, to) -> {
          sums.fill(from, to, 0);
          for (int p = 0; p < count; p++) {
            sums.addRow(from, tiles, p * size + from, to - from);
          }
        });
  }

  /** Canonical {@code gemv}: matmul with one column. */
  static Runnable gemv(Call call, ThreadTeam team) {
    int n = call.dim("n");
    RealArray a = call.in(0);
    RealArray x = call.in(1);
    RealArray y = call.out(0);
    return () ->
        team.forRanges(
            call.dim("m"),
            (worker, from, to) -> {
              for (int i = from; i < to; i++) {
                y.set(i, panels(a, i * n, x, n));
              }
              y.canonicalizeNaN(from, to - from);
            });
  }

  private static double panels(RealArray a, int at, RealArray x, int n) {
    double total = a.fmaChain(0, at, x, 0, Math.min(n, Panels.LENGTH));
    for (int start = Panels.LENGTH; start < n; start += Panels.LENGTH) {
      int length = Math.min(n - start, Panels.LENGTH);
      total = a.add(total, a.fmaChain(0, at + start, x, start, length));
    }
    return total;
  }

  /** One chain per row; each product is rounded, then added. */
  static Runnable gemvSerial(Call call, ThreadTeam team) {
    int m = call.dim("m");
    int n = call.dim("n");
    RealArray y = call.out(0);
    return () -> {
      for (int i = 0; i < m; i++) {
        y.set(i, call.in(0).dotChain(0, i * n, 1, call.in(1), 0, 1, n));
      }
      y.canonicalizeNaN(0, m);
    };
  }
}
