package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Call.blocks;
import static dev.samebits.backend.cuda.Variants.canonical;
import static dev.samebits.backend.cuda.Variants.nondeterministic;
import static dev.samebits.backend.cuda.Variants.portable;
import static dev.samebits.backend.cuda.Variants.reproducible;
import static dev.samebits.backend.cuda.Variants.withHalves;
import static dev.samebits.kernel.Kernel.CONV2D_BACKWARD_DATA;
import static dev.samebits.kernel.Kernel.CONV2D_BACKWARD_FILTER;
import static dev.samebits.kernel.Kernel.CONV2D_FORWARD;
import static dev.samebits.kernel.Kernel.GEMV;
import static dev.samebits.kernel.Kernel.MATMUL;
import static dev.samebits.kernel.Variant.Control.NONE;

import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import java.util.List;
import java.util.function.ToLongFunction;

/** Products of matrices, and convolutions, which are implicit ones. Tiles of 256 threads. */
final class ProductRows {
  private static final String MATRICES = "matmul";
  private static final String CONVOLUTIONS = "convolution";
  private static final String IMPLICIT = "implicit product, panels of 2 048 terms";
  private static final int THREADS = 256;

  /** Terms of a panel of a canonical product. */
  private static final long PANEL = 2048;

  /** Parts of a split K. */
  private static final long PARTS = 32;

  /** Parts of the sum over images and positions in a filter gradient. */
  private static final long FILTER_PARTS = 64;

  private ProductRows() {}

  static List<Row> matmul() {
    return List.of(
        canonicalProduct(),
        tiledProduct(),
        splitAtomic(),
        splitOrdered(),
        Row.of(
            canonical(GEMV, "the order of matmul, one chain a row"),
            MATRICES,
            64,
            Launch.warps("", c -> blocks(c.size("m"), 32))));
  }

  private static Row canonicalProduct() {
    String about = "panels of 2 048 terms, one fma chain each, in registers";
    return Row.of(
            withHalves(canonical(MATMUL, about)).pairedWith("canonical_tiled", NONE),
            MATRICES,
            THREADS,
            Launch.blocks("", ProductRows::tiles))
        .fixed()
        .scratch(c -> c.size("k") > PANEL ? padded(c) : 0);
  }

  private static Row tiledProduct() {
    String about = "the same order, one output a thread";
    return Row.of(
            withHalves(reproducible(MATMUL, "canonical_tiled", about))
                .pairedWith("canonical", NONE),
            MATRICES,
            THREADS,
            Launch.blocks("", ProductRows::smallTiles))
        .fixed();
  }

  private static Row splitAtomic() {
    String about = "32 parts of K, added as they end";
    return Row.of(
            withHalves(nondeterministic(MATMUL, "split_k_atomic", about))
                .pairedWith("split_k_ordered", NONE),
            MATRICES,
            THREADS,
            Launch.elements("clear", ProductRows::outputs),
            Launch.blocks("parts", c -> PARTS * tiles(c)),
            Launch.elements("store", ProductRows::outputs))
        .fixed()
        .scratch(ProductRows::outputs);
  }

  private static Row splitOrdered() {
    String about = "32 parts of K, added in order";
    return Row.of(
            withHalves(portable(MATMUL, "split_k_ordered", about))
                .pairedWith("split_k_atomic", NONE),
            MATRICES,
            THREADS,
            Launch.blocks("parts", c -> PARTS * tiles(c)),
            Launch.elements("join", ProductRows::outputs))
        .fixed()
        .scratch(c -> PARTS * outputs(c));
  }

  static List<Row> convolutions() {
    return List.of(
        implicit(CONV2D_FORWARD, ProductRows::forwardTiles),
        implicit(CONV2D_BACKWARD_DATA, ProductRows::dataTiles),
        Row.of(
                canonical(CONV2D_BACKWARD_FILTER, IMPLICIT),
                CONVOLUTIONS,
                THREADS,
                Launch.blocks("panels", c -> panels(c) * filterTiles(c)),
                Launch.elements("join", ProductRows::outputs))
            .fixed()
            .scratch(c -> panels(c) * outputs(c)),
        Row.of(
                nondeterministic(CONV2D_BACKWARD_FILTER, "atomic", "64 parts, added as they end")
                    .pairedWith("ordered", NONE),
                CONVOLUTIONS,
                THREADS,
                Launch.elements("clear", ProductRows::outputs),
                Launch.blocks("parts", c -> FILTER_PARTS * filterTiles(c)))
            .fixed()
            .scratch(c -> 0),
        Row.of(
                portable(CONV2D_BACKWARD_FILTER, "ordered", "64 parts, added in order")
                    .pairedWith("atomic", NONE),
                CONVOLUTIONS,
                THREADS,
                Launch.blocks("parts", c -> FILTER_PARTS * filterTiles(c)),
                Launch.elements("join", ProductRows::outputs))
            .fixed()
            .scratch(c -> FILTER_PARTS * outputs(c)));
  }

  private static Row implicit(Kernel kernel, ToLongFunction<Call> tiles) {
    return Row.of(canonical(kernel, IMPLICIT), CONVOLUTIONS, THREADS, Launch.blocks("", tiles))
        .fixed();
  }

  private static long outputs(Call c) {
    return c.op().outputs().get(0).elements();
  }

  /** As large as C with its padding. */
  private static long padded(Call c) {
    return c.size("batch") * c.size("m") * (c.size("n") + c.padding());
  }

  private static long tiles(Call c) {
    return c.size("batch") * tiles(c, c.size("m"), c.size("n"));
  }

  private static long smallTiles(Call c) {
    return c.size("batch") * blocks(c.size("m"), 16) * blocks(c.size("n"), 16);
  }

  /** Tiles of 128 x 128, of 64 x 128 where there are few rows; half of each in f64. */
  private static long tiles(Call c, long rows, long cols) {
    long unit = c.op().dtype() == DType.F64 ? 32 : 64;
    return blocks(rows, rows <= unit ? unit : 2 * unit) * blocks(cols, 2 * unit);
  }

  private static ConvShape conv(Call c) {
    return ConvShape.of(c.op().shape());
  }

  /** Images times positions of the output. */
  private static long positions(ConvShape z) {
    return (long) z.n() * z.p() * z.q();
  }

  private static long forwardTiles(Call c) {
    ConvShape z = conv(c);
    return z.group() * tiles(c, z.kPerGroup(), positions(z));
  }

  /** Positions with the same remainders by stride have the same taps: a product for each. */
  private static long dataTiles(Call c) {
    ConvShape z = conv(c);
    long positions = z.n() * blocks(z.h(), z.stride()) * blocks(z.w(), z.stride());
    return (long) z.stride() * z.stride() * z.group() * tiles(c, z.cPerGroup(), positions);
  }

  private static long filterTiles(Call c) {
    ConvShape z = conv(c);
    return z.group() * tiles(c, z.kPerGroup(), (long) z.cPerGroup() * z.r() * z.s());
  }

  private static long panels(Call c) {
    return Math.max(1, blocks(positions(conv(c)), PANEL));
  }
}
