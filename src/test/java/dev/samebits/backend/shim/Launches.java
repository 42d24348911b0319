package dev.samebits.backend.shim;

import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * How a call is launched: what the headers of the {@code .cu} files say, written once more.
 *
 * @param scratch elements of each scratch array; 0 is a null pointer
 * @param sizes what follows the pointers
 * @param passes the launches
 */
record Launches(List<Long> scratch, List<Object> sizes, List<Pass> passes) {
  /** Elements of a block of a canonical sum. */
  static final int SUM_BLOCK = 16384;

  /** Threads of a block of the register-blocked product. */
  private static final int PRODUCT = 256;

  /** Parts of a reduction in blocks of threads. */
  static final int TREE_PARTS = 257;

  /**
   * One launch.
   *
   * @param name what its symbol ends with; empty if there is only one
   * @param work blocks if {@code block} is fixed, else threads that have something to do
   * @param block threads in a block; 0 if any multiple of 32 will do
   * @param one whether there is only one block
   */
  record Pass(String name, long work, int block, boolean one) {}

  /**
   * The launches of a call.
   *
   * @param sumBlock elements of a block of a canonical sum
   */
  static Launches of(Op op, int sumBlock) {
    Shape z = op.shape();
    return switch (op.kernel()) {
      case SUM, DOT, MEAN, NRM2 -> reduction(op, z.get("n"), sumBlock);
      case ROW_SUM -> rowSum(z.i("m"), z.i("n"), sumBlock);
      case COL_SUM -> colSum(z.i("m"), z.i("n"), sumBlock);
      case MATMUL -> matmul(op);
      case CONV2D_FORWARD, CONV2D_BACKWARD_DATA -> conv(op);
      case CONV2D_BACKWARD_FILTER -> filterGradient(op);
      case SCATTER_ADD -> scatterAdd(op, z.get("n"), z.i("t"));
      case GEMV -> new Launches(List.of(), sizes(op), List.of(free("", up(z.get("m"), 32) * 32)));
      case SOFTMAX -> softmax(z.i("m"), z.i("n"));
      default -> elementwise(op);
    };
  }

  private static long up(long a, long b) {
    return (a + b - 1) / b;
  }

  private static Pass free(String name, long threads) {
    return new Pass(name, threads, 0, false);
  }

  private static Pass fixed(String name, long blocks, int block) {
    return new Pass(name, blocks, block, false);
  }

  private static Pass one(String name, int block) {
    return new Pass(name, 1, block, true);
  }

  private static Launches reduction(Op op, long n, int sumBlock) {
    if (op.variant().equals("canonical")) {
      return new Launches(
          List.of(up(n, sumBlock)),
          List.of(n),
          List.of(free("blocks", 32 * up(n, sumBlock)), one("join", 32)));
    }
    if (op.variant().equals("exact")) {
      boolean sum = op.kernel() == Kernel.SUM;
      boolean f32 = op.dtype() == DType.F32;
      int block = sum ? f32 ? 256 : 64 : f32 ? 128 : 32;
      long words = sum ? f32 ? 18 : 68 : f32 ? 36 : 134;
      return new Launches(
          List.of(words * 8 / op.dtype().bytes()),
          List.of(n),
          List.of(one("clear", 32), fixed("add", up(n, 4L * block), block), one("round", 32)));
    }
    boolean atomic = op.variant().endsWith("atomic");
    return new Launches(
        List.of(atomic ? 0L : TREE_PARTS),
        List.of(n, TREE_PARTS),
        atomic
            ? List.of(one("clear", 32), fixed("blocks", TREE_PARTS, 64))
            : List.of(fixed("blocks", TREE_PARTS, 64), one("join", 64)));
  }

  private static Launches rowSum(int m, int n, int sumBlock) {
    long partials = m * up(n, sumBlock);
    return new Launches(
        List.of(partials),
        List.of(m, n),
        List.of(free("blocks", 32 * partials), free("join", 32L * m)));
  }

  private static Launches colSum(int m, int n, int sumBlock) {
    return new Launches(
        List.of(n * up(m, sumBlock)),
        List.of(m, n),
        List.of(
            fixed("blocks", up(n, 32) * up(m, sumBlock), 1024), fixed("join", up(n, 32), 1024)));
  }

  private static Launches scatterAdd(Op op, long n, int t) {
    if (op.variant().equals("exact")) {
      long words = (op.dtype() == DType.F32 ? 10L : 68L) * t;
      return new Launches(
          List.of(words * 8 / op.dtype().bytes()),
          List.of(n, t),
          List.of(free("clear", words), free("add", n), free("round", t)));
    }
    return new Launches(
        List.of(),
        List.of(n, t),
        op.variant().equals("canonical")
            ? List.of(fixed("", up(t, 256), 256))
            : List.of(free("clear", t), free("add", n)));
  }

  private static Launches softmax(int m, int n) {
    return new Launches(List.of(), List.of(m, n), List.of(free("", 32L * m)));
  }

  private static Object real(DType dtype, double value) {
    return dtype.result() == DType.F32 ? (Object) (float) value : (Object) value;
  }

  /** Tiles of the register-blocked product. */
  private static long tiles(DType dtype, long m, long n) {
    int half = dtype.result() == DType.F32 ? 64 : 32;
    return up(m, m <= half ? half : 2 * half) * up(n, 2 * half);
  }

  private static Launches matmul(Op op) {
    Shape z = op.shape();
    int m = z.i("m");
    int n = z.i("n");
    int k = z.i("k");
    List<Object> sizes = new ArrayList<>(List.of(m, n, k, z.i("ta"), z.i("tb"), z.i("batch")));
    sizes.addAll(List.of(z.i("ta") == 0 ? k : m, z.i("tb") == 0 ? n : k, n));
    sizes.add(real(op.dtype(), op.scalar("alpha")));
    sizes.add(real(op.dtype(), op.scalar("beta")));
    long c = z.get("batch") * m * n;
    long tiles = z.get("batch") * tiles(op.dtype(), m, n);
    return switch (op.variant()) {
      case "canonical" ->
          new Launches(List.of(k > 2048 ? c : 0), sizes, List.of(fixed("", tiles, PRODUCT)));
      case "canonical_tiled" ->
          new Launches(
              List.of(),
              sizes,
              List.of(fixed("", z.get("batch") * up(m, 16) * up(n, 16), PRODUCT)));
      case "split_k_atomic" ->
          new Launches(
              List.of(c),
              sizes,
              List.of(free("clear", c), fixed("parts", 32 * tiles, PRODUCT), free("store", c)));
      case "split_k_ordered" ->
          new Launches(
              List.of(32 * c),
              sizes,
              List.of(fixed("parts", 32 * tiles, PRODUCT), free("join", c)));
      default -> throw new IllegalArgumentException(op.variant());
    };
  }

  private static List<Object> sizes(Op op) {
    List<Object> sizes = new ArrayList<>();
    op.kernel().dims().forEach(d -> sizes.add(op.shape().i(d.key())));
    return sizes;
  }

  private static Launches conv(Op op) {
    ConvShape z = ConvShape.of(op.shape());
    long positions = op.kernel() == Kernel.CONV2D_FORWARD ? (long) z.n() * z.p() * z.q() : 0;
    long rows = z.kPerGroup();
    long classes = z.group();
    if (op.kernel() == Kernel.CONV2D_BACKWARD_DATA) {
      positions = z.n() * up(z.h(), z.stride()) * up(z.w(), z.stride());
      rows = z.cPerGroup();
      classes *= (long) z.stride() * z.stride();
    }
    long tiles = classes * tiles(op.dtype(), rows, positions);
    return new Launches(List.of(), sizes(op), List.of(fixed("", tiles, PRODUCT)));
  }

  private static Launches filterGradient(Op op) {
    ConvShape z = ConvShape.of(op.shape());
    long size = op.outputs().get(0).elements();
    long tiles = z.group() * tiles(op.dtype(), z.kPerGroup(), z.cPerGroup() * z.r() * z.s());
    long panels = Math.max(1, up((long) z.n() * z.p() * z.q(), 2048));
    List<Object> sizes = sizes(op);
    return switch (op.variant()) {
      case "canonical" ->
          new Launches(
              List.of(panels * size),
              sizes,
              List.of(fixed("panels", panels * tiles, PRODUCT), free("join", size)));
      case "ordered" ->
          new Launches(
              List.of(64 * size),
              sizes,
              List.of(fixed("parts", 64 * tiles, PRODUCT), free("join", size)));
      default ->
          new Launches(
              List.of(0L),
              sizes,
              List.of(free("clear", size), fixed("parts", 64 * tiles, PRODUCT)));
    };
  }

  private static Launches elementwise(Op op) {
    List<Object> sizes = new ArrayList<>();
    Shape z = op.shape();
    if (op.kernel().dims().size() == 1) {
      sizes.add(z.get("n"));
    } else if (op.kernel() == Kernel.FMA_CHAIN) {
      sizes.addAll(List.of(z.get("n"), z.i("r")));
    } else {
      op.kernel().dims().forEach(d -> sizes.add(z.i(d.key())));
    }
    op.scalars().forEach((name, value) -> sizes.add(real(op.dtype(), value)));
    return new Launches(List.of(), sizes, List.of(free("", op.outputs().get(0).elements())));
  }
}
