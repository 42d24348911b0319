package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samebits.backend.KernelRunner;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import dev.samebits.kernel.Variant.Control;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmBackendTest {
  private static final JvmBackend JVM = new JvmBackend();

  private static void assertMessage(Executable body, String... parts) {
    Exception e = assertThrows(RuntimeException.class, body);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "'" + part + "' not in: " + e.getMessage());
    }
  }

  @Test
  void everyKernelHasACanonicalVariantAndTwinsNameEachOther() {
    for (Kernel kernel : Kernel.values()) {
      assertEquals("EVERYWHERE", JVM.variant(kernel, "canonical").guarantee().label());
    }
    for (Variant v : JVM.variants()) {
      assertTrue(v.control() == Control.NONE || v.twin().isPresent(), v.toString());
      v.twin().ifPresent(twin -> JVM.variant(v.kernel(), twin));
    }
  }

  @Test
  void oneSettingServesEveryVariant() {
    Set<ForkSettings> settings = new HashSet<>();
    for (Variant v : JVM.variants()) {
      settings.add(JVM.forkSettings(v, Conditions.of("threads", "2")));
    }
    assertEquals(1, settings.size(), settings.toString());
  }

  @Test
  void wrongOperandsAreRejectedWithBothValuesNamed() {
    Op op = Op.of(Kernel.DOT, DType.F32, Shape.parse(Kernel.DOT, "n7"), "canonical");
    Memory seven = JVM.allocate(DType.F32, 7);
    Memory one = JVM.allocate(DType.F32, 1);
    assertMessage(
        () -> op.bind(JVM, Conditions.NONE, List.of(seven, one), List.of(one)),
        "input y needs 7 f32",
        "got 1 f32");
    assertMessage(
        () ->
            op.bind(JVM, Conditions.NONE, List.of(seven, JVM.allocate(DType.F64, 7)), List.of(one)),
        "needs 7 f32",
        "got 7 f64");
    assertMessage(
        () -> op.bind(JVM, Conditions.NONE, List.of(seven), List.of(one)), "takes 2 inputs, not 1");
    assertMessage(
        () -> op.bind(JVM, Conditions.parse("align=4"), List.of(seven, seven), List.of(one)),
        "cannot honour the condition align=4",
        "[isa, jit, threads, vector]");
    assertMessage(
        () -> op.bind(JVM, Conditions.parse("vector=7"), List.of(seven, seven), List.of(one)),
        "vector=7 was asked for",
        "runs with vector=");
    assertMessage(() -> JVM.variant(Kernel.SUM, "canonica"), "did you mean 'canonical'");
  }

  @Test
  void onlyProductsTakeSixteenBits() {
    CaseId id = CaseId.parse("sum/f16/n9/jvm/canonical/normal@1");
    assertMessage(
        () -> BoundCase.bind(JVM, id, Conditions.NONE),
        "variant canonical of sum on jvm takes [f32, f64], not f16");
    for (Variant v : JVM.variants()) {
      assertEquals(v.kernel() == Kernel.MATMUL, v.dtypes().contains(DType.F16), v.toString());
      assertEquals(v.kernel() == Kernel.MATMUL, v.dtypes().contains(DType.BF16), v.toString());
    }
  }

  /** Enough elements that several threads convert them. */
  @ParameterizedTest
  @ValueSource(strings = {"f16", "bf16"})
  void sixteenBitsAreConvertedAndThenItIsTheProductInF32(String type) {
    DType dtype = DType.of(type);
    Shape shape = Shape.parse(Kernel.MATMUL, "m5n301k517tb1");
    for (Variant v : JVM.variants()) {
      if (v.kernel() == Kernel.MATMUL && v.guarantee().covers(Axis.THREADS)) {
        Op half = Op.of(Kernel.MATMUL, dtype, shape, v.name());
        Op single = Op.of(Kernel.MATMUL, DType.F32, shape, v.name());
        List<double[]> inputs = KernelRunner.inputs(half, InputKind.WIDE, 3);
        Conditions three = Conditions.of("threads", "3");
        assertArrayEquals(
            KernelRunner.bits(DType.F32, KernelRunner.run(JVM, single, three, inputs).get(0)),
            KernelRunner.bits(dtype, KernelRunner.run(JVM, half, three, inputs).get(0)),
            type + " " + v.name());
      }
    }
  }

  @Test
  void anOutputMustNotLieOnAnotherInput() {
    Op op = Op.of(Kernel.EXP, DType.F32, Shape.parse(Kernel.EXP, "n7"), "canonical");
    Memory seven = JVM.allocate(DType.F32, 7);
    assertMessage(
        () -> op.bind(JVM, Conditions.NONE, List.of(seven), List.of(seven)),
        "output y and input x share memory");
  }

  @Test
  void settingsOfAJvmThatDoNotExistAreRefusedBeforeItIsStarted() {
    Variant sum = JVM.variant(Kernel.SUM, "canonical");
    for (String bad : List.of("vector=300", "isa=avx9", "jit=c3")) {
      assertMessage(() -> JVM.forkSettings(sum, Conditions.parse(bad)), "condition " + bad);
    }
  }

  @Test
  void badIndicesAreNamed() {
    Op op =
        Op.of(Kernel.SCATTER_ADD, DType.F32, Shape.parse(Kernel.SCATTER_ADD, "n2t3"), "canonical");
    List<double[]> inputs = List.of(new double[] {1, 1}, new double[] {0, 3});
    assertMessage(
        () -> KernelRunner.run(JVM, op, Conditions.of("threads", "2"), inputs),
        "element 1 is 3",
        "0 to 2");
  }

  @Test
  void threadsAreReadBack() {
    for (Variant v : JVM.variants()) {
      String shape =
          switch (v.kernel()) {
            case MATMUL -> "m2n2k2";
            case CONV2D_FORWARD, CONV2D_BACKWARD_DATA, CONV2D_BACKWARD_FILTER -> "n1c1h3w3k1r2s2";
            case SCATTER_ADD -> "n2t2";
            case FMA_CHAIN -> "n4r2";
            case SUM,
                DOT,
                MEAN,
                NRM2,
                COPY,
                RELU,
                RELU_BACKWARD,
                SGD_UPDATE,
                EXP,
                LOG,
                TANH,
                SIGMOID ->
                "n4";
            case MAX_POOL, MAX_POOL_BACKWARD -> "n1c1h3w3r2s2";
            default -> "m2n2";
          };
      CaseId id =
          CaseId.parse(v.kernel().id() + "/f32/" + shape + "/jvm/" + v.name() + "/normal@1");
      try (BoundCase bound = BoundCase.bind(JVM, id, Conditions.of("threads", "3"))) {
        assertEquals(Map.of("threads", v.parallel() ? "3" : "1"), bound.effective(), id.toString());
      }
    }
  }

  /** alpha, beta and the old C, and beta = 0 that must not read C. */
  @Test
  void matmulScalesAndAddsTheOldResult() {
    for (String variant : List.of("canonical", "serial_ijk", "split_k_ordered", "split_k_atomic")) {
      assertEquals(3 * 10 + 2 * 5, matmul(variant, Map.of("alpha", 3.0, "beta", 2.0), 5), variant);
      assertEquals(10, matmul(variant, Map.of(), Double.NaN), variant);
    }
  }

  private static double matmul(String variant, Map<String, Double> scalars, double oldC) {
    Shape shape = Shape.parse(Kernel.MATMUL, "m1n1k2");
    Op op = new Op(Kernel.MATMUL, DType.F64, shape, variant, scalars);
    Memory a = vector(2, 4);
    Memory b = vector(1, 2);
    Memory c = vector(oldC);
    try (BoundKernel bound =
        op.bind(JVM, Conditions.of("threads", "2"), List.of(a, b), List.of(c))) {
      bound.invoke();
    }
    ByteBuffer out = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    c.read(out);
    return out.getDouble(0);
  }

  private static Memory vector(double... values) {
    Memory memory = JVM.allocate(DType.F64, values.length);
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) {
      buffer.putDouble(v);
    }
    memory.write(buffer.flip());
    return memory;
  }

  @Test
  void sgdMayUpdateInPlace() {
    Op op =
        new Op(
            Kernel.SGD_UPDATE,
            DType.F64,
            Shape.parse(Kernel.SGD_UPDATE, "n1"),
            "canonical",
            Map.of("lr", 0.5, "mu", 0.25, "wd", 0.5));
    Memory w = vector(8);
    Memory v = vector(4);
    try (BoundKernel bound =
        op.bind(JVM, Conditions.of("threads", "1"), List.of(w, v, vector(2)), List.of(w, v))) {
      bound.invoke();
    }
    ByteBuffer out = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    w.read(out);
    v.read(out);
    assertEquals(0.25 * 4 + (2 + 0.5 * 8), out.getDouble(8));
    assertEquals(8 - 0.5 * 7, out.getDouble(0));
  }

  /** The order of arrival is seen in the bits; the same partial results in index order are not. */
  @Test
  void positiveControlsVaryAndTheirTwinsDoNot() {
    assumeTrue(
        Runtime.getRuntime().availableProcessors() > 1, "order of arrival needs 2 processors");
    for (String problem : List.of("sum/f32/n200000", "dot/f64/n100000", "matmul/f32/m32n32k4096")) {
      Kernel kernel = Kernel.of(problem.substring(0, problem.indexOf('/')));
      for (Variant v : JVM.variants()) {
        if (v.kernel() == kernel && v.control() != Control.NONE) {
          int repeats = v.control() == Control.POSITIVE ? 1000 : 100;
          int seen = distinct(repeats, CaseId.parse(problem + "/jvm/" + v.name() + "/normal@1"));
          assertTrue(
              v.control() == Control.POSITIVE ? seen > 1 : seen == 1,
              problem + " " + v.name() + ": " + seen + " distinct results");
        }
      }
    }
  }

  private static int distinct(int repeats, CaseId id) {
    Set<Integer> seen = new HashSet<>();
    try (BoundCase bound = BoundCase.bind(JVM, id, Conditions.of("threads", "2"))) {
      ByteBuffer out = bound.newOutputBuffer();
      for (int i = 0; i < repeats; i++) {
        bound.invoke();
        bound.readOutput(out);
        seen.add(out.hashCode());
        if (seen.size() > 1) {
          break;
        }
      }
    }
    return seen.size();
  }
}
