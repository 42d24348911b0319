package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;

/** Canonical {@code matmul}. */
final class FastMatmul {
  private FastMatmul() {}

  /** Packs the operands as the shape says and multiplies. */
  static Runnable bind(Call call, ThreadTeam team) {
    int m = call.dim("m");
    int n = call.dim("n");
    int k = call.dim("k");
    RealArray c = call.out(0);
    Matrix a =
        call.dim("ta") == 0 ? new Matrix(call.in(0), 0, k, 1) : new Matrix(call.in(0), 0, 1, m);
    Matrix b =
        call.dim("tb") == 0 ? new Matrix(call.in(1), 0, 1, n) : new Matrix(call.in(1), 0, k, 1);
    double alpha = c.round(call.op().scalar("alpha"));
    double beta = c.round(call.op().scalar("beta"));
    Tiles tiles = Tiles.of(c.dtype());
    PanelProduct product =
        new PanelProduct(
            c,
            PanelProduct.Shape.of(1, m, n, k),
            a.rows(tiles),
            b.columns(tiles),
            (part, row, rows, column, columns, tile, at) ->
                tiles.store(tile, at, rows, columns, c, row * n + column, n, alpha, beta),
            Blocking.DEFAULT,
            team);
    return product::run;
  }

  /**
   * An operand in memory.
   *
   * @param itemStep distance of two rows of op(A) or two columns of op(B)
   * @param termStep distance of two terms
   */
  private record Matrix(RealArray values, int at, int itemStep, int termStep) {
    int at(int item, int term) {
      return at + item * itemStep + term * termStep;
    }

    Packer rows(Tiles tiles) {
      return (part, termFrom, termTo, from, to, strips, stripsAt) ->
          tiles.packRows(
              values,
              at(from, termFrom),
              itemStep,
              termStep,
              to - from,
              termTo - termFrom,
              strips,
              stripsAt);
    }

    Packer columns(Tiles tiles) {
      return (part, termFrom, termTo, from, to, strips, stripsAt) ->
          tiles.packColumns(
              values,
              at(from, termFrom),
              itemStep,
              termStep,
              to - from,
              termTo - termFrom,
              strips,
              stripsAt);
    }
  }
}
