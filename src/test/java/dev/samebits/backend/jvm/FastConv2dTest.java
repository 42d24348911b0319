package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.KernelRunner;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The convolutions on the Vector API have the bits of the plain ones. */
class FastConv2dTest {
  private static final Backend FAST = new JvmBackend();
  private static final Backend PLAIN = JvmBackend.plain();
  private static final List<Kernel> KERNELS =
      List.of(Kernel.CONV2D_FORWARD, Kernel.CONV2D_BACKWARD_DATA, Kernel.CONV2D_BACKWARD_FILTER);

  /** Without the Vector API both sides would be the same code. */
  @BeforeAll
  static void theVectorApiIsThere() {
    for (Kernel kernel : KERNELS) {
      assertEquals(
          true,
          JvmSettings.fast().flatMap(f -> f.algorithm(kernel, "canonical")).isPresent(),
          kernel.id());
    }
  }

  /** Every combination of what can be awkward. */
  static Stream<String> combinations() {
    List<String> shapes = new ArrayList<>();
    for (int stride = 1; stride <= 3; stride++) {
      for (int dil = 1; dil <= 2; dil++) {
        for (int pad = 0; pad <= 3; pad++) {
          for (String filter : new String[] {"r1s1", "r3s3", "r2s5", "r5s1"}) {
            shapes.add(
                "n2c4h11w13k6%spad%dstride%ddil%dgroup2".formatted(filter, pad, stride, dil));
          }
        }
      }
    }
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void everyStrideDilationPaddingAndFilter(String shape) {
    check(shape, "3", InputKind.WIDE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // One element, one row, one column; planes smaller, equal and larger than a vector.
        "n1c1h1w1k1r1s1",
        "n1c1h1w1k1r3s3pad1",
        "n1c3h1w67k5r1s3pad1",
        "n1c3h67w1k5r3s1pad1",
        "n7c5h7w7k9r3s3pad1",
        "n64c2h3w3k3r2s2",
        "n2c17h8w8k33r1s1",
        "n3c16h6w6k16r1s1stride2",
        "n1c13h16w16k31r3s3pad1",
        "n2c6h14w14k16r5s5",
        "n1c1h28w28k6r5s5pad2",
        // More groups than rows of a tile; one channel a group.
        "n1c12h9w9k12r3s3pad1group12",
        "n2c6h5w5k18r3s3pad1group6",
        // The filter reaches over everything; steps over taps; most inputs have no term.
        "n2c3h4w5k2r4s5",
        "n1c2h9w9k3r2s2stride5",
        "n1c2h9w9k3r1s1pad3stride7",
        "n1c2h3w3k2r1s1pad5stride4",
        "n1c1h3w3k1r3s3pad2stride1024dil1",
        // Nothing to do.
        "n0c2h3w3k2r2s2",
        "n2c0h3w3k2r2s2",
        "n2c2h3w3k0r2s2"
      })
  void sizes(String shape) {
    for (String threads : new String[] {"1", "2", "3", "8"}) {
      check(shape, threads, InputKind.NORMAL);
    }
  }

  /** More than 2048 terms, with panels that end inside a filter and panels without any term. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n1c256h5w6k2r3s3pad1",
        "n1c2h5w6k256r3s3pad1",
        "n1c2h7w9k300r3s3pad1stride2",
        "n1c4h7w9k600r3s3pad2stride2dil2group2",
        "n2c2h9w8k900r2s3pad1stride3",
        "n5c2h27w29k3r3s3pad1",
        "n3c2h57w61k3r3s3pad1stride2",
        "n1c1h70w70k2r70s70stride3pad2",
        "n1c700h1w1k1r3s1pad1",
        "n1c1h60w90k1r1s1"
      })
  void panels(String shape) {
    check(shape, "2", InputKind.WIDE);
  }

  /** The zeros of a border take part: with an infinite weight they give NaN. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n2c3h7w7k5r3s3pad1",
        "n1c2h9w8k4r3s2pad2stride2",
        "n1c4h8w8k4r3s3pad3stride2dil2group2"
      })
  void infinitiesMeetTheBorder(String shape) {
    for (Kernel kernel : KERNELS) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        Op op = Op.of(kernel, dtype, Shape.parse(kernel, shape), "canonical");
        for (int operand = 0; operand < 2; operand++) {
          List<double[]> inputs = KernelRunner.inputs(op, InputKind.NORMAL, 3);
          double[] x = inputs.get(operand);
          Arrays.fill(x, 0, (x.length + 1) / 2, Double.POSITIVE_INFINITY);
          x[x.length - 1] = Double.NEGATIVE_INFINITY;
          double[] fast = same(op, "2", inputs);
          if (kernel == Kernel.CONV2D_FORWARD && operand == 1) {
            assertEquals(true, Double.isNaN(fast[0]), op.toString());
          }
        }
      }
    }
  }

  /** A sample has the same bits alone and within a batch. */
  @ParameterizedTest
  @ValueSource(strings = {"c3h9w7k5r3s3pad1", "c2h8w9k4r3s3pad1stride2", "c5h6w6k7r1s1"})
  void aSampleInABatch(String shape) {
    for (Kernel kernel : List.of(Kernel.CONV2D_FORWARD, Kernel.CONV2D_BACKWARD_DATA)) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        for (int batch : new int[] {7, 64}) {
          samples(
              Op.of(kernel, dtype, Shape.parse(kernel, "n" + batch + shape), "canonical"),
              Op.of(kernel, dtype, Shape.parse(kernel, "n1" + shape), "canonical"),
              batch);
        }
      }
    }
  }

  private static void samples(Op whole, Op alone, int batch) {
    List<double[]> inputs = KernelRunner.inputs(whole, InputKind.NORMAL, 9);
    double[] all = run(FAST, whole, "2", inputs);
    for (int n = 0; n < batch; n++) {
      int in = inputs.get(0).length / batch;
      int out = all.length / batch;
      double[] one = Arrays.copyOfRange(inputs.get(0), n * in, (n + 1) * in);
      assertArrayEquals(
          KernelRunner.bits(whole.dtype(), run(FAST, alone, "1", List.of(one, inputs.get(1)))),
          KernelRunner.bits(whole.dtype(), Arrays.copyOfRange(all, n * out, (n + 1) * out)),
          whole + " sample " + n);
    }
  }

  /** What was left in the scratch memory and the output does not matter. */
  @Test
  void aSecondCallHasTheSameBits() {
    for (Kernel kernel : KERNELS) {
      Shape shape = Shape.parse(kernel, "n2c3h9w8k4r3s3pad1stride2");
      Op op = Op.of(kernel, DType.F64, shape, "canonical");
      List<double[]> inputs = KernelRunner.inputs(op, InputKind.WIDE, 2);
      List<List<double[]>> results =
          KernelRunner.run(FAST, op, Conditions.of("threads", "2"), inputs, 2);
      assertArrayEquals(
          KernelRunner.bits(DType.F64, results.get(0).get(0)),
          KernelRunner.bits(DType.F64, results.get(1).get(0)),
          kernel.id());
    }
  }

  private static void check(String shape, String threads, InputKind kind) {
    for (Kernel kernel : KERNELS) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        Op op = Op.of(kernel, dtype, Shape.parse(kernel, shape), "canonical");
        same(op, threads, KernelRunner.inputs(op, kind, 5));
      }
    }
  }

  private static double[] same(Op op, String threads, List<double[]> inputs) {
    double[] fast = run(FAST, op, threads, inputs);
    assertArrayEquals(
        KernelRunner.bits(op.dtype(), run(PLAIN, op, "1", inputs)),
        KernelRunner.bits(op.dtype(), fast),
        op + " on " + threads + " threads");
    return fast;
  }

  private static double[] run(Backend backend, Op op, String threads, List<double[]> inputs) {
    return KernelRunner.run(backend, op, Conditions.of("threads", threads), inputs).get(0);
  }
}
