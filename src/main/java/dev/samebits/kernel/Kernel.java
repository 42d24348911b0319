package dev.samebits.kernel;

import static dev.samebits.kernel.DType.I32;

import dev.samebits.kernel.Shape.Dim;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The operations, with the grammar of their shapes, their operands and their amount of work. The
 * canonical order of each one's arithmetic is defined in {@code src/site/markdown/determinism.md}.
 */
public enum Kernel {
  /**
   * C = alpha op(A) op(B) + beta C. A is m x k (k x m if ta), B is k x n (n x k if tb). With a
   * batch, each operand is that many matrices, one below the other.
   */
  MATMUL(
      "matmul",
      dims("m n k ta=0:0-1 tb=0:0-1 batch=1:1-1048576"),
      (s, t) ->
          List.of(
              s.get("ta") == 0
                  ? stacked(s, "a", t, s.get("m"), s.get("k"))
                  : stacked(s, "a", t, s.get("k"), s.get("m")),
              s.get("tb") == 0
                  ? stacked(s, "b", t, s.get("k"), s.get("n"))
                  : stacked(s, "b", t, s.get("n"), s.get("k"))),
      (s, t) -> List.of(stacked(s, "c", t, s.get("m"), s.get("n"))),
      Work.flops("2 m n k batch", s -> 2.0 * s.get("m") * s.get("n") * s.get("k") * s.get("batch")),
      Map.of("alpha", 1.0, "beta", 0.0)),
  /** y = A x. A is m x n. */
  GEMV(
      "gemv",
      dims("m n"),
      (s, t) ->
          List.of(new Operand("a", t, s.get("m"), s.get("n")), new Operand("x", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("y", t, s.get("m"), 1)),
      Work.BYTES,
      Map.of()),
  /** Sum of x. */
  SUM(
      "sum",
      dims("n"),
      (s, t) -> List.of(new Operand("x", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("sum", t, 1, 1)),
      Work.BYTES,
      Map.of()),
  /** Inner product of x and y. */
  DOT(
      "dot",
      dims("n"),
      (s, t) -> List.of(new Operand("x", t, 1, s.get("n")), new Operand("y", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("dot", t, 1, 1)),
      Work.BYTES,
      Map.of()),
  /** y = conv(x, w): NCHW data, KCRS weights, cross-correlation as in deep learning. */
  CONV2D_FORWARD(
      "conv2d_forward",
      dims(Conv.DIMS),
      (s, t) -> List.of(Conv.data(s, t, "x"), Conv.weights(s, t, "w")),
      (s, t) -> List.of(Conv.output(s, t, "y")),
      Conv.WORK,
      Map.of()),
  /** dx: the gradient of the loss by the data, from dy and w. */
  CONV2D_BACKWARD_DATA(
      "conv2d_backward_data",
      dims(Conv.DIMS),
      (s, t) -> List.of(Conv.output(s, t, "dy"), Conv.weights(s, t, "w")),
      (s, t) -> List.of(Conv.data(s, t, "dx")),
      Conv.WORK,
      Map.of()),
  /** dw: the gradient of the loss by the weights, from x and dy. */
  CONV2D_BACKWARD_FILTER(
      "conv2d_backward_filter",
      dims(Conv.DIMS),
      (s, t) -> List.of(Conv.data(s, t, "x"), Conv.output(s, t, "dy")),
      (s, t) -> List.of(Conv.weights(s, t, "dw")),
      Conv.WORK,
      Map.of()),
  /** out = 0; out[index[i]] += src[i] for n sources and t targets. */
  SCATTER_ADD(
      "scatter_add",
      dims("n t"),
      (s, t) ->
          List.of(new Operand("src", t, 1, s.get("n")), new Operand("index", I32, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("out", t, 1, s.get("t"))),
      Work.BYTES,
      Map.of()),
  /** y: the largest element in each r x s window of each of n c planes. */
  MAX_POOL(
      "max_pool",
      dims(Pool.DIMS),
      (s, t) -> List.of(Pool.data(s, t, "x")),
      (s, t) -> List.of(Pool.output(s, t, "y")),
      Work.BYTES,
      Map.of()),
  /** dx = 0; dx += dy at the place of the largest element in each window of x. */
  MAX_POOL_BACKWARD(
      "max_pool_backward",
      dims(Pool.DIMS),
      (s, t) -> List.of(Pool.data(s, t, "x"), Pool.output(s, t, "dy")),
      (s, t) -> List.of(Pool.data(s, t, "dx")),
      Work.BYTES,
      Map.of()),
  /** Sum down each column of an m x n matrix. */
  COL_SUM(
      "col_sum",
      dims("m n"),
      (s, t) -> List.of(new Operand("x", t, s.get("m"), s.get("n"))),
      (s, t) -> List.of(new Operand("sum", t, 1, s.get("n"))),
      Work.BYTES,
      Map.of()),
  /** Sum along each row of an m x n matrix. */
  ROW_SUM(
      "row_sum",
      dims("m n"),
      (s, t) -> List.of(new Operand("x", t, s.get("m"), s.get("n"))),
      (s, t) -> List.of(new Operand("sum", t, s.get("m"), 1)),
      Work.BYTES,
      Map.of()),
  /** Mean of x: its sum divided by n. */
  MEAN(
      "mean",
      dims("n"),
      (s, t) -> List.of(new Operand("x", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("mean", t, 1, 1)),
      Work.BYTES,
      Map.of()),
  /** Euclidean norm of x, unscaled: the square root of its inner product with itself. */
  NRM2(
      "nrm2",
      dims("n"),
      (s, t) -> List.of(new Operand("x", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("norm", t, 1, 1)),
      Work.BYTES,
      Map.of()),
  /** Softmax of each of m rows of n. */
  SOFTMAX(
      "softmax",
      dims("m n"),
      (s, t) -> List.of(new Operand("x", t, s.get("m"), s.get("n"))),
      (s, t) -> List.of(new Operand("y", t, s.get("m"), s.get("n"))),
      Work.BYTES,
      Map.of()),
  /** y = e to the power x. */
  EXP("exp", dims("n"), Line.X, Line.Y, Work.BYTES, Map.of()),
  /** y = natural logarithm of x. */
  LOG("log", dims("n"), Line.X, Line.Y, Work.BYTES, Map.of()),
  /** y = hyperbolic tangent of x. */
  TANH("tanh", dims("n"), Line.X, Line.Y, Work.BYTES, Map.of()),
  /** y = 1 / (1 + e to the power -x). */
  SIGMOID("sigmoid", dims("n"), Line.X, Line.Y, Work.BYTES, Map.of()),
  /** y = max(x, 0). */
  RELU("relu", dims("n"), Line.X, Line.Y, Work.BYTES, Map.of()),
  /**
   * y = x, then r times y = fma(y, -3/4, 1): no memory, no dependence between elements. It shows
   * the peak of the machine's arithmetic.
   */
  FMA_CHAIN(
      "fma_chain",
      dims("n r"),
      Line.X,
      Line.Y,
      Work.flops("2 n r", s -> 2.0 * s.get("n") * s.get("r")),
      Map.of()),
  /** y = x: the bytes that the machine's memory can read and write. */
  COPY("copy", dims("n"), Line.X, Line.Y, Work.BYTES, Map.of()),
  /** dx = y &gt; 0 ? dy : +0, from relu's output y. */
  RELU_BACKWARD(
      "relu_backward",
      dims("n"),
      (s, t) -> List.of(new Operand("y", t, 1, s.get("n")), new Operand("dy", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("dx", t, 1, s.get("n"))),
      Work.BYTES,
      Map.of()),
  /** y = x + b, b added to each of m rows of n. */
  BIAS_ADD(
      "bias_add",
      dims("m n"),
      (s, t) ->
          List.of(new Operand("x", t, s.get("m"), s.get("n")), new Operand("b", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("y", t, s.get("m"), s.get("n"))),
      Work.BYTES,
      Map.of()),
  /** dz = (p - onehot(label)) / m for m rows of n class probabilities. */
  CROSS_ENTROPY_GRADIENT(
      "cross_entropy_gradient",
      dims("m n"),
      (s, t) ->
          List.of(
              new Operand("p", t, s.get("m"), s.get("n")),
              new Operand("label", I32, 1, s.get("m"))),
      (s, t) -> List.of(new Operand("dz", t, s.get("m"), s.get("n"))),
      Work.BYTES,
      Map.of()),
  /** g = fma(wd, w, g) if wd != 0; v = fma(mu, v, g); w = fma(-lr, v, w). */
  SGD_UPDATE(
      "sgd_update",
      dims("n"),
      (s, t) ->
          List.of(
              new Operand("w", t, 1, s.get("n")),
              new Operand("v", t, 1, s.get("n")),
              new Operand("g", t, 1, s.get("n"))),
      (s, t) -> List.of(new Operand("w", t, 1, s.get("n")), new Operand("v", t, 1, s.get("n"))),
      Work.BYTES,
      Map.of("lr", 0.1, "mu", 0.9, "wd", 0.0));

  private final String id;
  private final List<Dim> dims;
  private final BiFunction<Shape, DType, List<Operand>> inputs;
  private final BiFunction<Shape, DType, List<Operand>> outputs;
  private final Work work;
  private final Map<String, Double> scalars;

  Kernel(
      String id,
      List<Dim> dims,
      BiFunction<Shape, DType, List<Operand>> inputs,
      BiFunction<Shape, DType, List<Operand>> outputs,
      Work work,
      Map<String, Double> scalars) {
    this.id = id;
    this.dims = dims;
    this.inputs = inputs;
    this.outputs = outputs;
    this.work = work;
    this.scalars = scalars;
  }

  /** The name used in case ids. */
  public String id() {
    return id;
  }

  /** The dimensions of its shapes, in writing order. */
  public List<Dim> dims() {
    return dims;
  }

  /** What it reads: operands of the dtype, and integers. */
  public List<Operand> inputs(Shape shape, DType dtype) {
    return inputs.apply(shape, dtype);
  }

  /**
   * What it writes: operands of the dtype's {@link DType#result}. An output with an input's name
   * may share that input's memory.
   */
  public List<Operand> outputs(Shape shape, DType dtype) {
    return outputs.apply(shape, dtype.result());
  }

  /** Scalar parameters and the values a case uses. */
  public Map<String, Double> scalars() {
    return scalars;
  }

  /** The unit of {@link #work}: {@code GFLOP/s} or {@code GB/s}. */
  public String rateUnit() {
    return work == Work.BYTES ? "GB/s" : "GFLOP/s";
  }

  /** The formula of {@link #work} in words. */
  public String workFormula() {
    return work.formula();
  }

  /** Floating-point operations of one call, or bytes of all operands, each counted once. */
  public double work(Shape shape, DType dtype) {
    if (work != Work.BYTES) {
      return work.amount().applyAsDouble(shape);
    }
    double bytes = 0;
    for (Operand o : inputs(shape, dtype)) {
      bytes += o.bytes();
    }
    for (Operand o : outputs(shape, dtype)) {
      bytes += o.bytes();
    }
    return bytes;
  }

  /** All ids, in order. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Kernel::id).toList();
  }

  /**
   * The kernel with the given id.
   *
   * @throws UnknownNameException if there is none
   */
  public static Kernel of(String id) {
    return Arrays.stream(values())
        .filter(k -> k.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new UnknownNameException("kernel", id, ids()));
  }

  /** Rejects sizes that do not fit together or do not fit a Java array. */
  void check(Shape shape) {
    inputs(shape, DType.F64);
    outputs(shape, DType.F64);
  }

  private static Operand stacked(Shape s, String name, DType t, long rows, long cols) {
    return new Operand(name, t, s.get("batch") * rows, cols);
  }

  /** Parses {@code "m n k ta=0:0-1"}: names, optional ones with default and range. */
  private static List<Dim> dims(String text) {
    return Arrays.stream(text.split(" ")).map(Kernel::dim).toList();
  }

  private static Dim dim(String text) {
    String[] p = text.split("[=:-]");
    return p.length == 1
        ? Dim.size(p[0])
        : Dim.optional(p[0], Long.parseLong(p[1]), Long.parseLong(p[2]), Long.parseLong(p[3]));
  }

  /** How the work of one call is counted. */
  private record Work(String formula, ToDoubleFunction<Shape> amount) {
    static final Work BYTES = new Work("bytes of all operands, each once", s -> 0);

    static Work flops(String formula, ToDoubleFunction<Shape> amount) {
      return new Work(formula, amount);
    }
  }

  /** The operands of a function applied to each of n elements. */
  private static final class Line {
    static final BiFunction<Shape, DType, List<Operand>> X =
        (s, t) -> List.of(new Operand("x", t, 1, s.get("n")));
    static final BiFunction<Shape, DType, List<Operand>> Y =
        (s, t) -> List.of(new Operand("y", t, 1, s.get("n")));
  }

  /** The operands of max-pooling and its gradient. */
  private static final class Pool {
    static final String DIMS = "n c h w r s pad=0:0-1024 stride=1:1-1024";

    static Operand data(Shape z, DType t, String name) {
      PoolShape pool = PoolShape.of(z);
      return new Operand(name, t, pool.planes(), (long) pool.h() * pool.w());
    }

    static Operand output(Shape z, DType t, String name) {
      PoolShape pool = PoolShape.of(z);
      return new Operand(name, t, pool.planes(), (long) pool.p() * pool.q());
    }
  }

  /** The operands that the three convolutions share. */
  private static final class Conv {
    static final String DIMS =
        "n c h w k r s pad=0:0-1024 stride=1:1-1024 dil=1:1-1024 group=1:1-65536";
    static final Work WORK =
        Work.flops(
            "2 n k p q (c/group) r s",
            z ->
                2.0
                    * z.get("n")
                    * z.get("k")
                    * ConvShape.of(z).p()
                    * ConvShape.of(z).q()
                    * (z.get("c") / z.get("group"))
                    * z.get("r")
                    * z.get("s"));

    static Operand data(Shape z, DType t, String name) {
      return new Operand(name, t, z.get("n") * z.get("c"), z.get("h") * z.get("w"));
    }

    static Operand weights(Shape z, DType t, String name) {
      return new Operand(
          name,
          t,
          z.get("k"),
          Operand.product(z.get("c") / z.get("group"), z.get("r"), z.get("s")));
    }

    static Operand output(Shape z, DType t, String name) {
      ConvShape c = ConvShape.of(z);
      return new Operand(name, t, z.get("n") * z.get("k"), (long) c.p() * c.q());
    }
  }
}
