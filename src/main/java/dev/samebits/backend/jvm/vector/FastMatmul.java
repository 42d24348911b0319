package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;

/**
 * Canonical {@code matmul} and {@code gemv}: C = alpha A B + beta C for a batch of matrices.
 *
 * <p>Most shapes are a {@link PanelProduct}. Three are read where they are, since packing would
 * cost more than it gains: few rows, where each element of B is used few times; one column, where
 * each element of A is used once; and small matrices. Which path is taken changes no bits.
 *
 * @param batch number of products
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k terms
 * @param alpha of the element type
 * @param beta of the element type; 0 never reads C
 */
record FastMatmul(
    int batch, int m, int n, int k, Matrix a, Matrix b, Matrix c, double alpha, double beta) {
  /** Rows up to which reading B once for each is faster than a register tile. */
  private static final int FEW_ROWS = 4;

  /** Multiplications of a matrix read in place; larger ones are packed. */
  private static final int SMALL = 1 << 18;

  /** Multiplications that are worth a second thread. */
  private static final int SHARED = 1 << 17;

  /** One product on one thread. */
  private interface Part {
    void run(int worker, int part, int from, int to);
  }

  /** Binds kernel matmul. */
  static Runnable bind(Call call, ThreadTeam team) {
    int batch = call.dim("batch");
    int m = call.dim("m");
    int n = call.dim("n");
    int k = call.dim("k");
    RealArray c = call.out(0);
    Matrix a =
        call.dim("ta") == 0
            ? Matrix.dense(call.in(0), m, k)
            : Matrix.dense(call.in(0), k, m).transposed();
    Matrix b =
        call.dim("tb") == 0
            ? Matrix.dense(call.in(1), k, n)
            : Matrix.dense(call.in(1), n, k).transposed();
    double alpha = c.round(call.op().scalar("alpha"));
    double beta = c.round(call.op().scalar("beta"));
    return new FastMatmul(batch, m, n, k, a, b, Matrix.dense(c, m, n), alpha, beta).plan(team);
  }

  /** Binds kernel gemv. */
  static Runnable bindGemv(Call call, ThreadTeam team) {
    int m = call.dim("m");
    int k = call.dim("n");
    Matrix a = Matrix.dense(call.in(0), m, k);
    Matrix x = Matrix.dense(call.in(1), k, 1);
    return new FastMatmul(1, m, 1, k, a, x, Matrix.dense(call.out(0), m, 1), 1, 0).plan(team);
  }

  /** Chooses the path and allocates its scratch memory. */
  Runnable plan(ThreadTeam team) {
    if (m == 0 || n == 0) {
      return () -> {};
    }
    boolean rowsOfA = a.columnStep() == 1;
    boolean rowsOfB = b.columnStep() == 1;
    if (n == 1 && rowsOfA && (b.rowStep() == 1 || k <= 1)) {
      return oneColumn(team);
    } else if (rowsOfA && rowsOfB && isSmall()) {
      return small(team);
    } else if (m <= FEW_ROWS && rowsOfB) {
      return fewRows(team);
    }
    return packed(team, Blocking.DEFAULT);
  }

  private boolean isSmall() {
    long work = (long) m * n * k;
    return alpha == 1
        && beta == 0
        && c.columnStep() == 1
        && k > 0
        && k <= PanelProduct.PANEL
        && work <= SMALL;
  }

  /** Any shape, by register tiles. */
  Runnable packed(ThreadTeam team, Blocking blocking) {
    Tiles tiles = Tiles.of(c.values().dtype());
    TileSink sink =
        (part, row, rows, column, columns, tile, at) ->
            tiles.store(
                tile,
                at,
                rows,
                columns,
                c.values(),
                c.index(part, row, column),
                c.rowStep(),
                alpha,
                beta);
    PanelProduct.Shape shape = PanelProduct.Shape.of(batch, m, n, k);
    return new PanelProduct(
            c.values(), shape, a.rowPacker(tiles), b.columnPacker(tiles), sink, blocking, team)
        ::run;
  }

  /** Calls {@code part} for every product, cut into ranges of {@code size} items if that pays. */
  private Runnable shared(ThreadTeam team, int size, int unit, Part part) {
    if (team.size() == 1 || (long) batch * m * n * k < SHARED) {
      return () -> {
        for (int p = 0; p < batch; p++) {
          part.run(0, p, 0, size);
        }
      };
    }
    int wanted = Math.max(1, 4 * team.size() / Math.max(1, batch));
    int step = Math.max(1, (size / wanted + unit - 1) / unit) * unit;
    int ranges = (size + step - 1) / step;
    return () ->
        team.forEach(
            batch * ranges,
            (worker, item) -> {
              int from = item % ranges * step;
              part.run(worker, item / ranges, from, Math.min(size, from + step));
            });
  }

  /** A few rows: the rows of B pass by once, eight at a time, and all sums stay in the cache. */
  private Runnable fewRows(ThreadTeam team) {
    Direct direct = Direct.of(c.values().dtype());
    RealArray[] total = scratch(team, m * n);
    RealArray[] sums = scratch(team, k > PanelProduct.PANEL ? m * n : 0);
    return shared(
        team,
        n,
        128,
        (worker, part, from, to) -> {
          RealArray whole = total[worker];
          for (int q = 0; q < Math.max(1, k); q += PanelProduct.PANEL) {
            RealArray target = q == 0 ? whole : sums[worker];
            rowPanel(direct, part, q, target, from, to);
            for (int i = 0; i < m && q > 0; i++) {
              direct.add(to - from, whole, i * n + from, target, i * n + from);
            }
          }
          for (int i = 0; i < m; i++) {
            direct.store(
                to - from, whole, i * n + from, c.values(), c.index(part, i, from), alpha, beta);
          }
        });
  }

  /** One panel from term {@code first}. */
  private void rowPanel(Direct direct, int part, int first, RealArray sums, int from, int to) {
    for (int i = 0; i < m; i++) {
      sums.fill(i * n + from, i * n + to, 0);
    }
    int end = Math.min(k, first + PanelProduct.PANEL);
    int step = m == 1 ? PanelProduct.PANEL : 8;
    for (int q = first; q < end; q += step) {
      for (int i = 0; i < m; i++) {
        direct.rowTerms(
            Math.min(step, end - q),
            a.values(),
            a.index(part, i, q),
            a.columnStep(),
            b.values(),
            b.index(part, q, 0),
            b.rowStep(),
            sums,
            i * n,
            from,
            to);
      }
    }
  }

  /** One column: a chain for each row, eight rows side by side. */
  private Runnable oneColumn(ThreadTeam team) {
    Direct direct = Direct.of(c.values().dtype());
    RealArray[] total = scratch(team, m);
    RealArray[] sums = scratch(team, k > PanelProduct.PANEL ? m : 0);
    return shared(
        team,
        m,
        8,
        (worker, part, from, to) -> {
          for (int q = 0; q < Math.max(1, k); q += PanelProduct.PANEL) {
            RealArray target = q == 0 ? total[worker] : sums[worker];
            direct.columnTerms(
                to - from,
                Math.min(PanelProduct.PANEL, k - q),
                a.values(),
                a.index(part, from, q),
                a.rowStep(),
                b.values(),
                b.index(part, q, 0),
                target,
                from);
            if (q > 0) {
              direct.add(to - from, total[worker], from, target, from);
            }
          }
          storeColumn(direct, part, total[worker], from, to);
        });
  }

  private void storeColumn(Direct direct, int part, RealArray total, int from, int to) {
    if (c.rowStep() == 1) {
      direct.store(to - from, total, from, c.values(), c.index(part, from, 0), alpha, beta);
      return;
    }
    for (int i = from; i < to; i++) {
      direct.store(1, total, i, c.values(), c.index(part, i, 0), alpha, beta);
    }
  }

  /** Small matrices, read in place. */
  private Runnable small(ThreadTeam team) {
    SmallProduct[] products = new SmallProduct[team.size()];
    for (int w = 0; w < products.length; w++) {
      products[w] = SmallProduct.of(m, n, k, a, b, c);
    }
    return shared(
        team,
        1,
        1,
        (worker, part, from, to) ->
            products[worker].multiply(
                a.index(part, 0, 0), b.index(part, 0, 0), c.index(part, 0, 0)));
  }

  private RealArray[] scratch(ThreadTeam team, int length) {
    RealArray[] perWorker = new RealArray[team.size()];
    for (int i = 0; i < perWorker.length; i++) {
      perWorker[i] = c.values().like(length);
    }
    return perWorker;
  }
}
