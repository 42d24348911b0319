package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Panels;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;
import java.util.Arrays;

/**
 * Products of matrices in the canonical order, whatever their elements are made from: each output
 * is a panel chain over the terms. Matmul and the convolutions are such products; they differ in
 * how operands are packed and outputs stored.
 *
 * <p>The outputs are cut into blocks. For a block {@link Blocking#terms} terms of its columns of B
 * are packed at a time, then those of one tile's rows of A after another, and multiplied tile by
 * tile. Between two such steps inside a panel the sums are carried in memory, and a panel's sums
 * are added to the total when it ends; so cutting changes no bits.
 *
 * <p>Threads share a product in one of two ways. If it is large and has more rows of tiles than
 * columns of tiles, they compute each block together: they claim strips of B to pack, then rows of
 * tiles, and neither operand is packed twice. Else they claim blocks, all of which pack the few
 * rows of A: wide ones first and narrower ones towards the end, so that all threads end together.
 */
final class PanelProduct {
  /** Terms in a panel of consecutive terms. */
  static final int PANEL = Panels.LENGTH;

  /** Multiplications that are worth a second thread. */
  static final int SHARED = 1 << 18;

  /** Multiplications from which on sharing operands costs less than packing some of them twice. */
  private static final int TOGETHER = 1 << 25;

  /** Strips of B that are packed at a time. */
  private static final int STRIPS = 4;

  private final Tiles tiles;
  private final Shape shape;
  private final Packer a;
  private final Packer b;
  private final TileSink sink;
  private final ThreadTeam team;
  private final Blocking blocks;

  /** What the threads need that claim blocks. */
  private final Block[] claimants;

  /** Rows of blocks in a product. */
  private final int down;

  /** Columns of tiles in a product. */
  private final int across;

  /**
   * For each block its first column of tiles, all rows of blocks one after another; then the end.
   */
  private final int[] cuts;

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
    down = ceil(shape.m, evenly(shape.m, blocking.rows(), tiles.rows()));
    across = ceil(shape.n, tiles.columns());
    double work = (double) shape.terms() * shape.parts * shape.m * shape.n;
    boolean alone = team.size() == 1 || work < SHARED;
    boolean high = ceil(shape.m, tiles.rows()) >= (long) shape.parts * across;
    boolean together = !alone && high && work >= TOGETHER;
    claimants = new Block[alone || together ? 1 : team.size()];
    blocks = fit(blocking);
    cuts = cuts();
    for (int i = 0; i < claimants.length; i++) {
      claimants[i] = new Block(like, together ? team : ThreadTeam.alone());
    }
  }

  /** Whole tiles, no more than the product has or a thread takes at a time. */
  private Blocking fit(Blocking wanted) {
    int rows = evenly(shape.m, wanted.rows(), tiles.rows());
    int columns = evenly(shape.n, wanted.columns(), tiles.columns());
    int share = share((long) shape.parts * down * across);
    int terms = 1;
    for (int p = 0; p < shape.panels(); p++) {
      terms = Math.max(terms, Math.min(wanted.terms(), shape.end(p) - shape.begin(p)));
    }
    return new Blocking(rows, Math.min(columns / tiles.columns(), share) * tiles.columns(), terms);
  }

  /** The columns of tiles to take when so many are left: half of one's part of them, or two. */
  private int share(long left) {
    int parts = claimants.length == 1 ? 1 : 2 * claimants.length;
    return (int) Math.max(left >= parts ? 2 : 1, left / parts);
  }

  private int[] cuts() {
    int total = Math.multiplyExact(shape.parts * down, across);
    int most = blocks.columns() / tiles.columns();
    int[] begins = new int[total + 1];
    int items = 0;
    for (int at = 0; at < total; items++) {
      begins[items] = at;
      at += Math.min(Math.min(most, share(total - at)), across - at % across);
    }
    begins[items] = total;
    return Arrays.copyOf(begins, items + 1);
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
    int items = cuts.length - 1;
    if (claimants.length > 1) {
      team.forEach(items, (worker, item) -> claimants[worker].compute(item));
      return;
    }
    for (int i = 0; i < items; i++) {
      claimants[0].compute(i);
    }
  }

  /** The scratch memory of a block, and the block that is computed with it. */
  private final class Block {
    private final ThreadTeam helpers;
    private final ThreadTeam.Item packing = (worker, i) -> packStrips(i);
    private final ThreadTeam.Item multiplying = this::multiplyRow;

    /** The rows of a tile, for each helper. */
    private final RealArray[] rowsOfA;

    private final RealArray stripsOfB;

    /** Whether tiles are kept in memory between steps; else each helper has a place for one. */
    private final boolean kept;

    /** The sums of the panel at hand, from the second panel on. */
    private final RealArray sums;

    /** The sums of all panels so far. */
    private final RealArray total;

    private int part;
    private int row;
    private int rowEnd;
    private int column;
    private int columnEnd;
    private int panel;
    private int from;
    private int to;

    Block(RealArray like, ThreadTeam helpers) {
      this.helpers = helpers;
      kept = shape.panels() > 1 || shape.end(0) > blocks.terms();
      rowsOfA = new RealArray[helpers.size()];
      Arrays.setAll(rowsOfA, i -> like.like(tiles.rows() * Tiles.ROW_STEP));
      stripsOfB = like.like(Math.multiplyExact(blocks.columns(), blocks.terms()));
      int outputs =
          kept
              ? Math.multiplyExact(blocks.rows(), blocks.columns())
              : Math.multiplyExact(helpers.size(), tileSize());
      sums = like.like(shape.panels() < 2 ? 0 : outputs);
      total = like.like(outputs);
    }

    private int tileSize() {
      return tiles.rows() * tiles.columns();
    }

    /** Computes a block. */
    void compute(int item) {
      int slab = cuts[item] / across;
      part = slab / down;
      row = slab % down * blocks.rows();
      rowEnd = Math.min(shape.m, row + blocks.rows());
      column = cuts[item] % across * tiles.columns();
      int width = (cuts[item + 1] - cuts[item]) * tiles.columns();
      columnEnd = Math.min(shape.n, column + width);
      for (panel = 0; panel < Math.max(1, shape.panels()); panel++) {
        from = shape.begin(panel);
        do {
          to = Math.min(shape.end(panel), from + blocks.terms());
          helpers.forEach(ceil(columnEnd - column, STRIPS * tiles.columns()), packing);
          helpers.forEach(ceil(rowEnd - row, tiles.rows()), multiplying);
          from = to;
        } while (from < shape.end(panel));
      }
    }

    private void packStrips(int i) {
      int width = STRIPS * tiles.columns();
      int first = column + i * width;
      int end = Math.min(columnEnd, first + width);
      b.pack(part, from, to, first, end, stripsOfB, i * width * (to - from));
    }

    private void multiplyRow(int worker, int i) {
      int terms = to - from;
      int first = row + i * tiles.rows();
      RealArray strip = rowsOfA[worker];
      a.pack(part, from, to, first, Math.min(rowEnd, first + tiles.rows()), strip, 0);
      RealArray target = panel == 0 ? total : sums;
      boolean carry = from > shape.begin(panel);
      boolean ends = to == shape.end(panel);
      int columns = ceil(columnEnd - column, tiles.columns());
      int at = (kept ? i * columns : worker) * tileSize();
      for (int j = column; j < columnEnd; j += tiles.columns()) {
        tiles.multiply(terms, strip, 0, stripsOfB, (j - column) * terms, target, at, carry);
        if (ends) {
          finish(first, j, at);
        }
        at += kept ? tileSize() : 0;
      }
    }

    /** Adds a tile's panel to the total; after the last panel the tile is done. */
    private void finish(int i, int j, int at) {
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
