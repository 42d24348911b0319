package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Call.blocks;
import static dev.samebits.backend.cuda.Variants.canonical;
import static dev.samebits.backend.cuda.Variants.deterministic;
import static dev.samebits.backend.cuda.Variants.exact;
import static dev.samebits.backend.cuda.Variants.nondeterministic;
import static dev.samebits.kernel.Kernel.COL_SUM;
import static dev.samebits.kernel.Kernel.DOT;
import static dev.samebits.kernel.Kernel.MEAN;
import static dev.samebits.kernel.Kernel.NRM2;
import static dev.samebits.kernel.Kernel.ROW_SUM;
import static dev.samebits.kernel.Kernel.SCATTER_ADD;
import static dev.samebits.kernel.Kernel.SUM;
import static dev.samebits.kernel.Variant.Control.NEGATIVE;
import static dev.samebits.kernel.Variant.Control.NONE;
import static dev.samebits.kernel.Variant.Control.POSITIVE;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import java.util.List;
import java.util.stream.Stream;

/** Reductions and scatter_add. */
final class SumRows {
  private static final String FOLDER = "reduction";

  /** Elements of a block of the canonical sum. */
  private static final long BLOCK = 16384;

  /** Blocks of threads at most in a reduction that each adds to one total or one list. */
  private static final long MOST_PARTS = 2048;

  private SumRows() {}

  static List<Row> all() {
    return Stream.of(reductions(SUM), reductions(DOT), matrices(), scatterAdd())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Row> reductions(Kernel kernel) {
    return List.of(
        laneSum(canonical(kernel, "blocks of 16 384 elements, 128 lanes each, joined by halving")),
        exactSum(kernel),
        Row.of(
                nondeterministic(kernel, "block_tree_atomic", "a tree in each block, as they end")
                    .pairedWith("block_tree_two_pass", POSITIVE),
                FOLDER,
                256,
                Launch.one("clear"),
                Launch.blocks("blocks", SumRows::parts))
            .scratch(c -> 0)
            .and((c, to) -> to.int32(parts(c))),
        twoPass(
            deterministic(kernel, "block_tree_two_pass", "the same trees, blocks in order")
                .pairedWith("block_tree_atomic", NEGATIVE)),
        twoPass(deterministic(kernel, "warp_shuffle", "warps joined by shuffles, then blocks")));
  }

  private static List<Row> matrices() {
    return List.of(
        laneSum(canonical(MEAN, "the canonical sum, divided by n")),
        laneSum(canonical(NRM2, "square root of the canonical dot of x with itself")),
        Row.of(
                canonical(ROW_SUM, "the canonical sum along each row"),
                FOLDER,
                128,
                Launch.warps("blocks", c -> c.size("m") * blocks(c.size("n"), BLOCK)),
                Launch.warps("join", c -> c.size("m")))
            .scratch(c -> c.size("m") * blocks(c.size("n"), BLOCK)),
        Row.of(
                canonical(COL_SUM, "the canonical sum down each column"),
                FOLDER,
                1024,
                Launch.blocks("blocks", c -> blocks(c.size("n"), 32) * blocks(c.size("m"), BLOCK)),
                Launch.blocks("join", c -> blocks(c.size("n"), 32)))
            .fixed()
            .scratch(c -> c.size("n") * blocks(c.size("m"), BLOCK)));
  }

  private static List<Row> scatterAdd() {
    return List.of(
        Row.of(
                canonical(SCATTER_ADD, "sources ascending for each target")
                    .pairedWith("atomic", NONE),
                FOLDER,
                256,
                Launch.elements("", c -> c.size("t")))
            .fixed(),
        Row.of(
                exact(SCATTER_ADD, "a fixed-point number for each target"),
                FOLDER,
                256,
                Launch.elements("clear", c -> words(c, 10, 68) * c.size("t")),
                Launch.elements("add", c -> c.size("n")),
                Launch.elements("round", c -> c.size("t")))
            .words(c -> words(c, 10, 68) * c.size("t")),
        Row.of(
            nondeterministic(SCATTER_ADD, "atomic", "sources as they arrive")
                .pairedWith("canonical", NONE),
            FOLDER,
            256,
            Launch.elements("clear", c -> c.size("t")),
            Launch.elements("add", c -> c.size("n"))));
  }

  /** One warp for each block of 16 384, then one warp for their results. */
  private static Row laneSum(Variant variant) {
    return Row.of(
            variant,
            FOLDER,
            128,
            Launch.warps("blocks", c -> blocks(c.size("n"), BLOCK)),
            Launch.one("join", 32))
        .scratch(c -> blocks(c.size("n"), BLOCK));
  }

  private static Row twoPass(Variant variant) {
    return Row.of(variant, FOLDER, 256, Launch.blocks("blocks", SumRows::parts), Launch.one("join"))
        .scratch(SumRows::parts)
        .and((c, to) -> to.int32(parts(c)));
  }

  /** A superaccumulator for each block of threads, in shared memory, and one for all. */
  private static Row exactSum(Kernel kernel) {
    boolean sum = kernel == SUM;
    return Row.of(
            exact(kernel, "no rounding but the last; any order of the inputs"),
            FOLDER,
            sum ? 256 : 128,
            Launch.one("clear", 32),
            Launch.blocks(
                "add", c -> Math.min(MOST_PARTS / 4, blocks(c.size("n"), 4L * c.threads()))),
            Launch.one("round", 32))
        .fixed(sum ? 64 : 32)
        .words(c -> sum ? words(c, 18, 68) : words(c, 36, 134));
  }

  private static long words(Call c, long f32, long f64) {
    return c.op().dtype() == DType.F32 ? f32 : f64;
  }

  /** Parts of a sum in the order of a common reduction: one element a thread, up to a limit. */
  private static long parts(Call c) {
    return Math.max(1, Math.min(MOST_PARTS, blocks(c.size("n"), 256)));
  }
}
