package dev.samebits.backend.shim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import dev.samebits.backend.KernelRunner;
import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels on the CPU against the plain kernels of the jvm backend, and against themselves. */
class ShimBitsIT {
  private static final Backend PLAIN = JvmBackend.plain();

  private static List<double[]> run(Backend backend, Op op, List<double[]> inputs) {
    return KernelRunner.run(backend, op, Conditions.NONE, inputs);
  }

  private static long[] bits(Backend backend, Op op, List<double[]> inputs) {
    return KernelRunner.bits(op.dtype(), run(backend, op, inputs).get(0));
  }

  private static Op op(Kernel kernel, DType dtype, String shape, String variant) {
    return Op.of(kernel, dtype, Shape.parse(kernel, shape), variant);
  }

  /** Several tiles, blocks, panels, rounds of sums and groups, with ragged edges. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          matmul                 | m131n149k2300       | canonical
          matmul                 | m131n149k2300ta1tb1 | canonical
          matmul                 | m131n70k130tb1      | canonical_tiled
          matmul                 | m50n301k129ta1      | canonical
          matmul                 | m131n149k100batch3  | split_k_ordered
          gemv                   | m301n2500           | canonical
          sum                    | n300007             | canonical
          sum                    | n300007             | exact
          dot                    | n100003             | canonical
          dot                    | n100003             | exact
          nrm2                   | n50001              | canonical
          row_sum                | m3n40001            | canonical
          col_sum                | m40001n67           | canonical
          softmax                | m3n20011            | canonical
          scatter_add            | n10007t1021         | canonical
          conv2d_forward         | n3c17h19w23k129r3s3pad1               | canonical
          conv2d_forward         | n2c230h7w5k9r3s3pad1                  | canonical
          conv2d_forward         | n2c6h15w15k20r5s5pad2stride2group2    | canonical
          conv2d_backward_data   | n3c129h19w23k17r3s3pad1               | canonical
          conv2d_backward_data   | n2c9h9w8k230r3s3pad1                  | canonical
          conv2d_backward_data   | n1c4h15w15k460r3s3pad1stride2         | canonical
          conv2d_backward_data   | n2c6h15w17k20r5s5pad2stride3dil2group2 | canonical
          conv2d_backward_filter | n3c17h29w23k70r3s3pad1                | canonical
          conv2d_backward_filter | n3c17h29w23k70r3s3pad1                | ordered
          conv2d_backward_filter | n2c6h15w15k20r5s5pad2stride2group2    | ordered
          max_pool               | n3c29h28w27r2s2stride2                | canonical
          max_pool_backward      | n3c29h28w27r3s3stride2pad1            | canonical
          exp                    | n50021 | canonical
          log                    | n50021 | canonical
          tanh                   | n50021 | canonical
          sigmoid                | n50021 | canonical
          sgd_update             | n50021 | canonical
          """)
  void largerSizesHaveTheBitsOfThePlainKernels(String kernel, String shape, String variant) {
    Backend shim = new ShimBackend();
    String reference = variant.equals("canonical_tiled") ? "canonical" : variant;
    boolean halves = kernel.equals("matmul");
    for (DType dtype : halves ? REAL : List.of(DType.F32, DType.F64)) {
      Op ours = op(Kernel.of(kernel), dtype, shape, variant);
      Op theirs = op(Kernel.of(kernel), dtype, shape, reference);
      List<double[]> inputs = KernelRunner.inputs(ours, InputKind.WIDE, 3);
      List<double[]> expected = run(PLAIN, theirs, inputs);
      List<double[]> got = run(shim, ours, inputs);
      for (int o = 0; o < got.size(); o++) {
        assertArrayEquals(
            KernelRunner.bits(dtype, expected.get(o)),
            KernelRunner.bits(dtype, got.get(o)),
            ours.toString());
      }
    }
  }

  private static final List<DType> REAL = List.of(DType.F32, DType.F64, DType.F16, DType.BF16);

  /** Every exponent, both signs, the neighbours of every bound, infinities and NaN. */
  @ParameterizedTest
  @ValueSource(strings = {"exp", "log", "tanh", "sigmoid"})
  void functionsHaveTheBitsOfTheJavaSourcesEverywhere(String kernel) {
    Backend shim = new ShimBackend();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      double[] x = new double[1 << 17];
      for (int i = 0; i < x.length; i++) {
        x[i] =
            dtype == DType.F32
                ? Float.intBitsToFloat(i * 0x8003)
                : Double.longBitsToDouble(i * 0x800300070001L);
      }
      Op op = op(Kernel.of(kernel), dtype, "n" + x.length, "canonical");
      List<double[]> inputs = List.of(x);
      assertArrayEquals(bits(PLAIN, op, inputs), bits(shim, op, inputs), op.toString());
    }
  }

  /** Order of arrival shows as other bits under another seed; with none it is one order. */
  @ParameterizedTest
  @CsvSource({
    "matmul, m17n19k2000, split_k_atomic",
    "sum, n20000, block_tree_atomic",
    "dot, n20000, block_tree_atomic",
    "scatter_add, n5000t3, atomic",
    "conv2d_backward_filter, n4c3h16w16k8r3s3pad1, atomic"
  })
  void whatPromisesNothingVaries(String kernel, String shape, String variant) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Op op = op(Kernel.of(kernel), dtype, shape, variant);
      // The fractions of wide inputs are too short for sums in f64 to be rounded.
      InputKind kind = dtype == DType.F32 ? InputKind.WIDE : InputKind.NORMAL;
      List<double[]> inputs = KernelRunner.inputs(op, kind, 3);
      assertTrue(patterns(new ShimBackend(), op, inputs) >= 3, op + " hardly varies");
      assertEquals(1, patterns(new ShimBackend(true), op, inputs), op + " in ascending order");
    }
  }

  /** The twins, and everything else that promises to be the same when run again. */
  @Test
  void whatPromisesSomethingDoesNotVary() {
    ShimBackend shim = new ShimBackend();
    Map<Kernel, String> shapes =
        Map.of(
            Kernel.MATMUL, "m17n19k2000",
            Kernel.SUM, "n20000",
            Kernel.DOT, "n20000",
            Kernel.SCATTER_ADD, "n5000t3",
            Kernel.CONV2D_BACKWARD_FILTER, "n4c3h16w16k8r3s3pad1");
    int seen = 0;
    for (Variant variant : shim.variants()) {
      boolean promises = !variant.guarantee().equals(Guarantee.NOT_GUARANTEED);
      if (promises && shapes.containsKey(variant.kernel())) {
        Op op = op(variant.kernel(), DType.F32, shapes.get(variant.kernel()), variant.name());
        List<double[]> inputs = KernelRunner.inputs(op, InputKind.WIDE, 3);
        assertEquals(1, patterns(shim, op, inputs), op.toString());
        seen++;
      }
    }
    assertTrue(seen >= 14, "variants seen: " + seen);
  }

  /** The host may let blocks take each other's work. */
  @Test
  void permutedBlocksChangeNothing() {
    ShimBackend shim = new ShimBackend();
    Pointer step = Shim.get().blockOrderStep();
    for (Variant variant : shim.variants()) {
      String shape =
          switch (variant.kernel()) {
            case MATMUL -> "m131n149k64batch2";
            case SUM, DOT -> "n100003";
            case COL_SUM -> "m300n200";
            case EXP -> "n5003";
            case CONV2D_FORWARD, CONV2D_BACKWARD_DATA, CONV2D_BACKWARD_FILTER ->
                "n3c7h19w23k29r3s3pad1stride2";
            default -> "";
          };
      if (shape.isEmpty() || variant.guarantee().equals(Guarantee.NOT_GUARANTEED)) {
        continue;
      }
      Op op = op(variant.kernel(), DType.F32, shape, variant.name());
      List<double[]> inputs = KernelRunner.inputs(op, InputKind.WIDE, 3);
      long[] expected = bits(shim, op, inputs);
      step.setInt(0, 1_000_003); // a prime above every grid here
      try {
        assertArrayEquals(expected, bits(shim, op, inputs), op.toString());
      } finally {
        step.setInt(0, 1);
      }
    }
  }

  private static int patterns(ShimBackend shim, Op op, List<double[]> inputs) {
    Set<String> patterns = new HashSet<>();
    for (List<double[]> outputs : KernelRunner.run(shim, op, Conditions.NONE, inputs, 10)) {
      patterns.add(Arrays.toString(KernelRunner.bits(op.dtype(), outputs.get(0))));
    }
    return patterns.size();
  }

  /** alpha and beta, and C read only where beta is not 0. */
  @ParameterizedTest
  @CsvSource({"1, 0", "1, 1", "0.3, 0", "-1.7, 0.6", "0, 2", "1, -0.1"})
  void scalarsOfMatmulAreAppliedInTheCanonicalWay(double alpha, double beta) {
    ShimBackend shim = new ShimBackend();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (String size : List.of("m13n7k31", "m70n3k2100ta1batch2")) {
        Shape shape = Shape.parse(Kernel.MATMUL, size);
        Map<String, Double> scalars = Map.of("alpha", alpha, "beta", beta);
        for (String variant : List.of("canonical", "canonical_tiled", "split_k_ordered")) {
          Op ours = new Op(Kernel.MATMUL, dtype, shape, variant, scalars);
          String name = variant.equals("canonical_tiled") ? "canonical" : variant;
          Op theirs = new Op(Kernel.MATMUL, dtype, shape, name, scalars);
          double nan = Double.NaN;
          double old = beta == 0 ? nan : 0.7;
          assertArrayEquals(into(PLAIN, theirs, old), into(shim, ours, old), ours.toString());
        }
      }
    }
  }

  /** The raw output of a call into memory that holds the same number everywhere. */
  private static byte[] into(Backend backend, Op op, double old) {
    CaseId id = new CaseId(op.kernel(), op.dtype(), op.shape(), "jvm", "x", InputKind.NORMAL, 9);
    List<Memory> inputs = new ArrayList<>();
    for (ByteBuffer data : Inputs.of(id)) {
      var operand = op.inputs().get(inputs.size());
      inputs.add(backend.allocate(operand.dtype(), operand.elements()));
      inputs.get(inputs.size() - 1).write(data);
    }
    var operand = op.outputs().get(0);
    Memory output = backend.allocate(operand.dtype(), operand.elements());
    ByteBuffer c = ByteBuffer.allocate((int) output.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (c.hasRemaining()) {
      if (op.dtype() == DType.F32) {
        c.putFloat((float) old);
      } else {
        c.putDouble(old);
      }
    }
    output.write(c.flip());
    try (var bound = op.bind(backend, Conditions.NONE, inputs, List.of(output))) {
      bound.invoke();
    }
    ByteBuffer result = ByteBuffer.allocate((int) output.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    output.read(result);
    inputs.forEach(Memory::close);
    output.close();
    return result.array();
  }

  /** Matrices inside larger ones: the bits of dense ones, and nothing between the rows written. */
  @Test
  void leadingDimensionsChangeNothing() {
    int m = 37;
    int n = 29;
    int k = 2100;
    double[] a = KernelRunner.inputs(mnk(m, n, k), InputKind.WIDE, 4).get(0);
    double[] b = KernelRunner.inputs(mnk(m, n, k), InputKind.WIDE, 4).get(1);
    double[] dense = run(PLAIN, mnk(m, n, k), List.of(a, b)).get(0);
    for (int pad : new int[] {1, 3, 4}) {
      float[] c =
          padded(
              "matmul_canonical_f32",
              new Object[] {m, n, k, 0, 0, 1, k + pad, n + pad, n + pad, 1f, 0f},
              floats(a, k, pad),
              floats(b, n, pad),
              m * (n + pad));
      for (int i = 0; i < c.length; i++) {
        boolean inside = i % (n + pad) < n;
        float expected = inside ? (float) dense[i / (n + pad) * n + i % (n + pad)] : Float.NaN;
        assertEquals(
            Float.floatToIntBits(expected), Float.floatToIntBits(c[i]), "pad " + pad + " at " + i);
      }
    }
  }

  private static Op mnk(int m, int n, int k) {
    return op(Kernel.MATMUL, DType.F32, "m" + m + "n" + n + "k" + k, "canonical");
  }

  private static float[] floats(double[] x, int columns, int pad) {
    float[] all = new float[x.length / columns * (columns + pad)];
    Arrays.fill(all, Float.NaN);
    for (int i = 0; i < x.length; i++) {
      all[i / columns * (columns + pad) + i % columns] = (float) x[i];
    }
    return all;
  }

  private static float[] padded(String symbol, Object[] sizes, float[] a, float[] b, int c) {
    ByteBuffer abytes = ByteBuffer.allocate(4 * a.length).order(ByteOrder.LITTLE_ENDIAN);
    abytes.asFloatBuffer().put(a);
    ByteBuffer bbytes = ByteBuffer.allocate(4 * b.length).order(ByteOrder.LITTLE_ENDIAN);
    bbytes.asFloatBuffer().put(b);
    return launched(symbol, sizes, abytes, bbytes, c);
  }

  /** Runs a product of raw operands; C begins as NaN everywhere. */
  private static float[] launched(
      String symbol, Object[] sizes, ByteBuffer a, ByteBuffer b, int c) {
    GuardedMemory[] all = {
      new GuardedMemory(DType.F32, (a.capacity() + 3) / 4, false),
      new GuardedMemory(DType.F32, (b.capacity() + 3) / 4, false),
      new GuardedMemory(DType.F32, c, true),
      new GuardedMemory(DType.F32, c, true)
    };
    all[0].pointer().write(0, a.array(), 0, a.capacity());
    all[1].pointer().write(0, b.array(), 0, b.capacity());
    List<Object> arguments = new ArrayList<>();
    for (GuardedMemory memory : all) {
      arguments.add(memory.pointer());
    }
    arguments.addAll(Arrays.asList(sizes));
    Shim.get().launch(symbol, 3, 256, arguments, 7);
    Pointer result = all[2].pointer();
    float[] values = result.getFloatArray(0, c);
    for (GuardedMemory memory : all) {
      memory.checkGuards(symbol);
      memory.close();
    }
    return values;
  }

  /** Half-precision operands are widened exactly, then it is the product in f32. */
  @ParameterizedTest
  @ValueSource(strings = {"f16", "bf16"})
  void halfPrecisionHasTheBitsOfTheWidenedOperands(String dtype) {
    int m = 65;
    int n = 33;
    int k = 1993; // with n, all patterns of 16 bits
    for (int tb = 0; tb < 2; tb++) {
      short[] b = new short[k * n];
      short[] a = new short[m * k];
      for (int i = 0; i < b.length; i++) {
        b[i] = (short) i;
      }
      for (int i = 0; i < a.length; i++) {
        a[i] = (short) (i * 31 % 0x5000);
      }
      Op op = op(Kernel.MATMUL, DType.F32, "m%dn%dk%dtb%d".formatted(m, n, k, tb), "canonical");
      long[] expected = bits(PLAIN, op, List.of(widened(dtype, a), widened(dtype, b)));
      Object[] sizes = {m, n, k, 0, tb, 1, k, tb == 0 ? n : k, n, 1f, 0f};
      float[] got = launched("matmul_canonical_" + dtype, sizes, raw(a), raw(b), m * n);
      for (int i = 0; i < got.length; i++) {
        assertEquals(expected[i], Float.floatToRawIntBits(got[i]) & 0xFFFFFFFFL, dtype + " " + i);
      }
    }
  }

  private static ByteBuffer raw(short[] x) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * x.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(x);
    return bytes;
  }

  private static double[] widened(String dtype, short[] x) {
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = dtype.equals("bf16") ? Float.intBitsToFloat(x[i] << 16) : half(x[i] & 0xFFFF);
    }
    return values;
  }

  /** IEEE 754 binary16: 1 bit sign, 5 exponent, 10 fraction. */
  private static double half(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb(1024.0 + fraction, exponent - 25);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }
}
