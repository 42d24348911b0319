package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelVocabularyTest {
  private final Locale locale = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(locale);
  }

  private static void assertMessage(Executable body, String... parts) {
    Exception e = assertThrows(IllegalArgumentException.class, body);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "'" + part + "' not in: " + e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "de-DE", "tr-TR", "ar-EG"})
  void textFormsDoNotDependOnTheLocale(String tag) {
    Locale.setDefault(Locale.forLanguageTag(tag));
    for (String text :
        List.of(
            "matmul/f32/m512n512k4096/openblas/default/normal@1",
            "matmul/f64/m1n2k3ta1/jvm/canonical/integer@0",
            "matmul/f16/m1n2k3/cuda/canonical/normal@1",
            "matmul/bf16/m1n2k3/cublas/pedantic/wide@1",
            "conv2d_forward/f32/n1c1h28w28k6r5s5pad2/cblas:libblas.so.3/single_thread/wide@7",
            "conv2d_backward_filter/f32/n2c4h9w9k4r3s3pad1stride2dil2group2/jvm/ordered/wide@12")) {
      assertEquals(text, CaseId.parse(text).toString());
      assertEquals(
          text + "?load=1;threads=2", CaseKey.parse(text + "?threads=2;load=1").toString());
      assertEquals(CaseId.parse(text), CaseId.parse(text));
    }
    assertEquals("nondeterministic", Mode.NONDETERMINISTIC.id());
    assertEquals("permutation", Axis.PERMUTATION.id());
    assertEquals("integer", InputKind.INTEGER.id());
    assertEquals(0, UnknownNameException.distance("WIDE", "wide"));
  }

  @Test
  void shapesAtTheirDefaultAreWrittenOnce() {
    Shape explicit = Shape.parse(Kernel.MATMUL, "k3m1ta0n2tb0");
    assertEquals("m1n2k3", explicit.toString());
    assertEquals(explicit, Shape.parse(Kernel.MATMUL, "m1n2k3"));
    assertEquals(explicit.hashCode(), Shape.of(Kernel.MATMUL, 1, 2, 3).hashCode());
    assertEquals(1, Shape.of(Kernel.MATMUL, 1, 2, 3, 1).get("ta"));
  }

  @Test
  void shapesNameWhatIsWrong() {
    assertMessage(() -> Shape.parse(Kernel.MATMUL, "m1n2"), "'k' is missing", "keys: m n k ta tb");
    assertMessage(() -> Shape.parse(Kernel.MATMUL, "m1n2k3k4"), "'k' is given twice");
    assertMessage(() -> Shape.parse(Kernel.MATMUL, "m1n2k3ta2"), "ta=2 is outside 0 to 1");
    assertMessage(() -> Shape.parse(Kernel.MATMUL, "m1n2k3q4"), "no such key [q]");
    assertMessage(() -> Shape.parse(Kernel.SUM, "n-4"), "cannot read 'n-4'");
    assertMessage(() -> Shape.parse(Kernel.SUM, "n99999999999999999999"), "too large");
    assertMessage(() -> Shape.parse(Kernel.SUM, ""), "cannot read ''");
    assertMessage(() -> Shape.parse(Kernel.COL_SUM, "m65536n65536"), "do not fit one Java array");
    assertMessage(() -> Shape.parse(Kernel.SUM, "n1").get("m"), "sum has no dimension m");
    assertMessage(
        () -> Shape.parse(Kernel.CONV2D_FORWARD, "n1c3h5w5k4r3s3group2"), "group=2", "c=3 and k=4");
    assertMessage(
        () -> Shape.parse(Kernel.CONV2D_FORWARD, "n1c1h2w2k1r5s5"), "reaches over 5", "only 2");
  }

  @Test
  void poolsWithoutAWindowOrAnElementAreRejected() {
    for (Kernel kernel : java.util.List.of(Kernel.MAX_POOL, Kernel.MAX_POOL_BACKWARD)) {
      assertMessage(() -> Shape.parse(kernel, "n1c1h4w4r2s3pad2"), "pad=2", "r=2 s=3");
      assertMessage(() -> Shape.parse(kernel, "n1c1h4w4r3s1pad1"), "pad=1", "r=3 s=1");
      assertMessage(() -> Shape.parse(kernel, "n1c1h4w4r0s3"), "window is empty", "r=0 s=3");
      assertMessage(() -> Shape.parse(kernel, "n1c1h0w4r3s3pad2"), "plane is empty", "h=0 w=4");
      assertMessage(() -> Shape.parse(kernel, "n1c1h2w4r5s3pad1"), "reaches over 5", "only 4");
    }
    assertEquals(
        4.0 * (2 * 3 * 8 * 8 + 2 * 3 * 4 * 4),
        Kernel.MAX_POOL.work(Shape.parse(Kernel.MAX_POOL, "n2c3h8w8r3s3pad1stride2"), DType.F32));
  }

  /**
   * Every dimension of every kernel: below its range, above it, and with products that overflow.
   */
  @Test
  void sizesOutOfRangeAreRejectedForEveryKernel() {
    for (Kernel kernel : Kernel.values()) {
      long[] ones = new long[kernel.dims().size()];
      for (int i = 0; i < ones.length; i++) {
        ones[i] = Math.max(1, kernel.dims().get(i).defaultValue());
        ones[i] = kernel.dims().get(i).optional() ? kernel.dims().get(i).defaultValue() : 1;
      }
      Shape.of(kernel, ones);
      for (int i = 0; i < ones.length; i++) {
        Shape.Dim dim = kernel.dims().get(i);
        for (long bad : new long[] {dim.min() - 1, dim.max() + 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
          long[] sizes = ones.clone();
          sizes[i] = bad;
          assertMessage(
              () -> Shape.of(kernel, sizes),
              kernel.id(),
              dim.key() + "=" + bad + " is outside " + dim.min() + " to " + dim.max());
        }
      }
      long[] all = ones.clone();
      for (int i = 0; i < all.length; i++) {
        all[i] = kernel.dims().get(i).optional() ? all[i] : Integer.MAX_VALUE;
      }
      assertMessage(() -> Shape.of(kernel, all), "operand", "elements do not fit one Java array");
    }
    assertMessage(
        () -> Shape.parse(Kernel.MATMUL, "m46341n1k46341"),
        "operand a: 46341 x 46341",
        "do not fit one Java array");
    // 2147483646 x 2147483647 x 4 is negative in 64 bits; n = 0 makes all but the weights empty.
    assertMessage(
        () ->
            Shape.parse(
                Kernel.CONV2D_FORWARD, "n0c2147483646h2147483647w2147483647k1r2147483647s4"),
        "operand w: 1 x",
        "do not fit one Java array");
  }

  @Test
  void operandsLargerThanABufferAreNamed() {
    assertMessage(
        () -> Inputs.of(CaseId.parse("sum/f64/n300000000/jvm/canonical/normal@1")),
        "operand x: 1 x 300000000 elements of f64 are 2400000000 bytes",
        "one buffer holds 2147483583");
  }

  @Test
  void caseIdsNameWhatIsWrong() {
    assertMessage(
        () -> CaseId.parse("sum/f32/n8"), "kernel/dtype/shape/backend/variant/input@seed");
    assertMessage(() -> CaseId.parse("summ/f32/n8/jvm/x/normal@1"), "did you mean 'sum'");
    assertMessage(() -> CaseId.parse("sum/f33/n8/jvm/x/normal@1"), "did you mean 'f32'");
    assertMessage(() -> CaseId.parse("sum/i32/n8/jvm/x/normal@1"), "unknown dtype 'i32'");
    assertMessage(() -> CaseId.parse("sum/f32/n8/JVM/x/normal@1"), "backend 'JVM'");
    assertMessage(() -> CaseId.parse("sum/f32/n8/jvm/x/normal"), "expected input@seed");
    assertMessage(() -> CaseId.parse("sum/f32/n8/jvm/x/normal@01"), "expected input@seed");
    assertMessage(() -> CaseId.parse("sum/f32/n8/jvm/x/norma@1"), "did you mean 'normal'");
  }

  @Test
  void conditionsSortTheirKeysAndRejectOthers() {
    Conditions c = Conditions.parse("threads=2;load=1");
    assertEquals("load=1;threads=2", c.toString());
    assertEquals(2, c.threads().getAsInt());
    assertEquals(Conditions.of("load", "1"), c.without("threads"));
    assertEquals(Conditions.NONE, Conditions.parse(""));
    assertMessage(() -> Conditions.parse("threads"), "expected k=v;k=v", "'threads'");
    assertMessage(() -> Conditions.parse("a=1;a=2"), "each key once", "'a=2'");
    assertMessage(() -> Conditions.parse("a=1;"), "got ''");
    assertMessage(() -> Conditions.of("Threads", "2"), "'Threads=2'");
    assertMessage(() -> Conditions.parse("threads=0").threads(), "threads=0");
    assertMessage(
        () -> c.requireOnly("jvm", java.util.Set.of("threads")), "jvm", "load=1", "[threads]");
  }

  @Test
  void guaranteesHaveTheirShorthand() {
    assertEquals("EVERYWHERE", Guarantee.EVERYWHERE.label());
    assertEquals("RUN_TO_RUN", Guarantee.RUN_TO_RUN.label());
    assertEquals("NOT_GUARANTEED", Guarantee.NOT_GUARANTEED.label());
    assertEquals(
        "repeat+threads", new Guarantee(java.util.Set.of(Axis.THREADS, Axis.REPEAT)).label());
    assertTrue(Guarantee.EVERYWHERE.axes().containsAll(Guarantee.CONFIGURATION.axes()));
    assertTrue(!Guarantee.EVERYWHERE.covers(Axis.PERMUTATION));
  }

  @Test
  void workIsCountedByTheStatedFormula() {
    assertEquals(
        2.0 * 3 * 5 * 7, Kernel.MATMUL.work(Shape.parse(Kernel.MATMUL, "m3n5k7"), DType.F32));
    assertEquals(
        2.0 * 2 * 4 * 6 * 5 * 2 * 3 * 3,
        Kernel.CONV2D_FORWARD.work(
            Shape.parse(Kernel.CONV2D_FORWARD, "n2c4h6w5k4r3s3pad1group2"), DType.F32));
    assertEquals(8.0 * (2 * 10 + 1), Kernel.DOT.work(Shape.parse(Kernel.DOT, "n10"), DType.F64));
    assertEquals(
        4.0 * (6 + 6 + 2 * 1 + 1),
        Kernel.CROSS_ENTROPY_GRADIENT.work(
            Shape.parse(Kernel.CROSS_ENTROPY_GRADIENT, "m3n2"), DType.F32));
  }

  @Test
  void scalarsTakeDefaultsAndUnknownOnesAreRejected() {
    Shape shape = Shape.parse(Kernel.SGD_UPDATE, "n3");
    Op op = new Op(Kernel.SGD_UPDATE, DType.F32, shape, "canonical", java.util.Map.of("mu", 0.5));
    assertEquals(0.5, op.scalar("mu"));
    assertEquals(0.1, op.scalar("lr"));
    assertMessage(
        () ->
            new Op(Kernel.SGD_UPDATE, DType.F32, shape, "canonical", java.util.Map.of("lrr", 1.0)),
        "scalar of sgd_update",
        "did you mean 'lr'");
  }

  @Test
  void integerInputsAreSmallAndNormalOnesAreStandard() {
    CaseId id = CaseId.parse("sum/f32/n20000/jvm/canonical/integer@3");
    var integers = Inputs.of(id).get(0).asFloatBuffer();
    while (integers.hasRemaining()) {
      float x = integers.get();
      assertTrue(x == Math.rint(x) && Math.abs(x) <= 2, "not a small integer: " + x);
    }
    var normals =
        Inputs.of(CaseId.parse("sum/f32/n20000/jvm/canonical/normal@3")).get(0).asFloatBuffer();
    double squares = 0;
    while (normals.hasRemaining()) {
      float x = normals.get();
      squares += x * (double) x / 20_000;
    }
    // The variance estimate's standard deviation is 0.01; five of them.
    assertTrue(Math.abs(squares - 1) < 0.05, "variance " + squares);
  }

  @Test
  void cancellingInputsAreOppositePairsOverTheWholeRangeAndSmallNumbersLeftOver() {
    for (String problem : new String[] {"sum/f64/n20001", "sum/f32/n20001"}) {
      CaseId id = CaseId.parse(problem + "/jvm/canonical/cancelling@3");
      int range = id.dtype() == DType.F64 ? 996 : 120;
      java.nio.ByteBuffer bytes = Inputs.of(id).get(0);
      java.util.Set<Double> unmatched = new java.util.HashSet<>();
      int lowest = range;
      int highest = -range;
      for (int i = 0; i < 20_001; i++) {
        double x = id.dtype().get(bytes, i);
        lowest = Math.min(lowest, Math.getExponent(x));
        highest = Math.max(highest, Math.getExponent(x));
        if (!unmatched.remove(-x)) {
          unmatched.add(x);
        }
      }
      assertEquals(-range, lowest);
      // (1 + u) 2^e with u near 1 may round up to 2^(e+1) in f32.
      assertTrue(highest >= range - 1 && highest <= range + 1, "highest exponent " + highest);
      assertEquals(625 * 2 + 1, unmatched.size());
      for (double x : unmatched) {
        assertTrue(Math.getExponent(x) <= -range + range / 8, "left over: " + x);
      }
    }
  }
}
