package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Panels;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;

/**
 * Products of matrices in the canonical order, whatever their elements are made from: each output
 * is a panel chain over the terms. Matmul and the convolutions are such products; they differ in
 * how operands are packed and outputs stored.
 *
 * <p>The outputs are cut into blocks, which threads claim. A block is computed by one thread: it
 * packs {@link Blocking#terms} terms of its columns of B at a time, then those of one tile's rows
 * of A after another, and multiplies them tile by tile. Between two such steps inside a panel the
 * sums are carried in memory, and a panel's sums are added to the total when it ends; so cutting
 * changes no bits.
 */
final class PanelProduct {
  /** Terms in a panel of consecutive terms. */
  static final int PANEL = Panels.LENGTH;

  /** Multiplications that are worth a second thread. */
  static final int SHARED = 1 << 18;

  private final Tiles tiles;
  private final Shape shape;
  private final Packer a;
  private final Packer b;
  private final TileSink sink;
  private final ThreadTeam team;
  private final Blocking blocks;
  private final Worker[] workers;

  /**
   * What is multiplied.
   *
   * @param parts number of products, all of one shape
   * @param m rows of a product
   * @param n columns of a product
   * @param panelEnds for each panel the number of terms up to its end, ascending; the last one is
   *     the number of all terms. A panel may be empty: its sums are +0. Without panels every output
   *     is +0
   */
  record Shape(int parts, int m, int n, int[] panelEnds) {
    /** A shape with {@code k} consecutive terms: panels of 2048. */
    static Shape of(int parts, int m, int n, int k) {
      int[] ends = new int[ceil(k, PANEL)];
      for (int p = 0; p < ends.length; p++) {
        ends[p] = (int) Math.min(k, (p + 1L) * PANEL);
      }
      return new Shape(parts, m, n, ends);
    }

    int panels() {
      return panelEnds.length;
    }

    int begin(int panel) {
      return panel == 0 ? 0 : panelEnds[panel - 1];
    }

    int end(int panel) {
      return panel < panelEnds.length ? panelEnds[panel] : 0;
    }

    /** Number of terms. */
    int terms() {
      return panels() == 0 ? 0 : end(panels() - 1);
    }
  }

  /**
   * Allocates all scratch memory.
   *
   * @param like an array of the element type
   */
  PanelProduct(
      RealArray like,
      Shape shape,
      Packer a,
      Packer b,
      TileSink sink,
      Blocking blocking,
      ThreadTeam team) {
    this.tiles = Tiles.of(like.dtype());
    this.shape = shape;
    this.a = a;
    this.b = b;
    this.sink = sink;
    this.team = team;
    this.blocks = fit(blocking);
    workers = new Worker[team.size()];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(like);
    }
  }

  /** Whole tiles, no more than the product has, and enough blocks for all threads. */
  private Blocking fit(Blocking wanted) {
    int rows = evenly(shape.m, wanted.rows(), tiles.rows());
    int columns = evenly(shape.n, wanted.columns(), tiles.columns());
    int fewRows = 8 * tiles.rows();
    int fewColumns = 4 * tiles.columns();
    int enough = team.size() == 1 ? 1 : 2 * team.size();
    while (count(rows, columns) < enough && (rows > fewRows || columns > fewColumns)) {
      if (columns > fewColumns) {
        columns = evenly(columns, (columns + 1) / 2, tiles.columns());
      } else {
        rows = evenly(rows, (rows + 1) / 2, tiles.rows());
      }
    }
    int terms = 1;
    for (int p = 0; p < shape.panels(); p++) {
      terms = Math.max(terms, Math.min(wanted.terms(), shape.end(p) - shape.begin(p)));
    }
    return new Blocking(rows, columns, terms);
  }

  private long count(int rows, int columns) {
    return (long) shape.parts * ceil(shape.m, rows) * ceil(shape.n, columns);
  }

  /** The size of equal parts of at most {@code most}, rounded up to whole units. */
  private static int evenly(int size, int most, int unit) {
    int parts = Math.max(1, ceil(size, Math.max(most / unit * unit, unit)));
    return Math.max(1, ceil(ceil(size, parts), unit)) * unit;
  }

  private static int ceil(int a, int b) {
    return (int) ((a + (long) b - 1) / b);
  }

  /** Computes all products. */
  void run() {
    int items = Math.toIntExact(count(blocks.rows(), blocks.columns()));
    double terms = shape.terms();
    if (terms * shape.parts * shape.m * shape.n < SHARED) {
      for (int i = 0; i < items; i++) {
        workers[0].item(i);
      }
      return;
    }
    team.forEach(items, (worker, item) -> workers[worker].item(item));
  }

  /** One thread's scratch memory and the block that it computes. */
  private final class Worker {
    private final RealArray rowsOfA;
    private final RealArray stripsOfB;

    /** The sums of the panel at hand, from the second panel on. */
    private final RealArray sums;

    /** The sums of all panels so far. */
    private final RealArray total;

    /** Distance of the tiles in {@link #sums} and {@link #total}; 0 where none has to be kept. */
    private final int tileStep;

    private int part;
    private int row;
    private int rowEnd;
    private int column;
    private int columnEnd;

    Worker(RealArray like) {
      boolean oneStep = shape.panels() < 2 && shape.end(0) <= blocks.terms();
      int tile = tiles.rows() * tiles.columns();
      int kept = oneStep ? tile : Math.multiplyExact(blocks.rows(), blocks.columns());
      tileStep = oneStep ? 0 : tile;
      rowsOfA = like.like(tiles.rows() * Tiles.ROW_STEP);
      stripsOfB = like.like(Math.multiplyExact(blocks.columns(), blocks.terms()));
      sums = like.like(shape.panels() < 2 ? 0 : kept);
      total = like.like(kept);
    }

    /** Computes one of the blocks. */
    void item(int item) {
      int down = ceil(shape.m, blocks.rows());
      int across = ceil(shape.n, blocks.columns());
      block(
          item / (down * across),
          item / across % down * blocks.rows(),
          item % across * blocks.columns());
    }

    /** Computes the block that begins at an output. */
    private void block(int part, int row, int column) {
      this.part = part;
      this.row = row;
      this.column = column;
      rowEnd = Math.min(shape.m, row + blocks.rows());
      columnEnd = Math.min(shape.n, column + blocks.columns());
      for (int panel = 0; panel < Math.max(1, shape.panels()); panel++) {
        int from = shape.begin(panel);
        do {
          int to = Math.min(shape.end(panel), from + blocks.terms());
          step(panel, from, to);
          from = to;
        } while (from < shape.end(panel));
      }
    }

    /** Packs and multiplies some terms of a panel. */
    private void step(int panel, int from, int to) {
      int terms = to - from;
      b.pack(part, from, to, column, columnEnd, stripsOfB, 0);
      RealArray target = panel == 0 ? total : sums;
      boolean carry = from > shape.begin(panel);
      boolean ends = to == shape.end(panel);
      int at = 0;
      for (int i = row; i < rowEnd; i += tiles.rows()) {
        a.pack(part, from, to, i, Math.min(rowEnd, i + tiles.rows()), rowsOfA, 0);
        for (int j = column; j < columnEnd; j += tiles.columns()) {
          tiles.multiply(terms, rowsOfA, 0, stripsOfB, (j - column) * terms, target, at, carry);
          if (ends) {
            finish(panel, i, j, at);
          }
          at += tileStep;
        }
      }
    }

    /** Adds a tile's panel to the total; after the last panel the tile is done. */
    private void finish(int panel, int i, int j, int at) {
      if (panel > 0) {
        tiles.add(total, at, sums, at);
      }
      if (panel >= shape.panels() - 1) {
        int rows = Math.min(tiles.rows(), rowEnd - i);
        sink.store(part, i, rows, j, Math.min(tiles.columns(), columnEnd - j), total, at);
      }
    }
  }
}
