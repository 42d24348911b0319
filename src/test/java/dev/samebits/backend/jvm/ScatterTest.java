package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.KernelRunner;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Philox;
import dev.samebits.kernel.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** scatter_add at sizes at which its sources are shared and sorted, against one plain loop. */
class ScatterTest {
  private static final JvmBackend JVM = new JvmBackend();
  private static final List<Integer> THREADS = List.of(1, 2, 3, 4, 8);

  private static Op op(DType dtype, int n, int targets, String variant) {
    return Op.of(Kernel.SCATTER_ADD, dtype, Shape.of(Kernel.SCATTER_ADD, n, targets), variant);
  }

  private static double[] run(Op op, int threads, List<double[]> inputs) {
    Conditions c = Conditions.of("threads", Integer.toString(threads));
    return KernelRunner.run(JVM, op, c, inputs).get(0);
  }

  /** Wide exponents, so that any other order of a target's additions has other bits. */
  private static double[] sources(DType dtype, int n) {
    Philox random = new Philox(41, 0);
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      double wide = random.normal(i) * Math.scalb(1, random.word(i, 1) >>> 28);
      x[i] = dtype == DType.F32 ? (float) wide : wide;
    }
    return x;
  }

  private static double[] expected(DType dtype, int targets, List<double[]> inputs) {
    double[] out = new double[targets];
    for (int i = 0; i < inputs.get(0).length; i++) {
      int t = (int) inputs.get(1)[i];
      double sum = out[t] + inputs.get(0)[i];
      out[t] = dtype == DType.F32 ? (float) sum : sum;
    }
    for (int t = 0; t < targets; t++) {
      out[t] = Double.isNaN(out[t]) ? Double.NaN : out[t];
    }
    return out;
  }

  private static double[] index(int n, IntUnaryOperator target) {
    double[] index = new double[n];
    Arrays.setAll(index, i -> target.applyAsInt(i));
    return index;
  }

  static Stream<Arguments> cases() {
    Philox random = new Philox(43, 1);
    List<Arguments> all = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      all.add(of(dtype, 1, 20_011, "one source", any(random, 20_011)));
      all.add(of(dtype, 16_385, 20_011, "a block and one", any(random, 20_011)));
      all.add(of(dtype, 32_768, 16_384, "two blocks", any(random, 16_384)));
      all.add(of(dtype, 90_001, 8_195, "several", any(random, 8_195)));
      all.add(of(dtype, 590_003, 20_011, "regions", any(random, 20_011)));
      all.add(of(dtype, 90_001, 20_011, "low only", any(random, 100)));
      all.add(of(dtype, 90_001, 20_011, "high only", i -> 20_010 - i % 7));
      all.add(of(dtype, 90_001, 20_011, "one target", i -> 12_345));
      all.add(of(dtype, 90_001, 20_011, "long runs", i -> i / 1000 * 211));
      all.add(of(dtype, 90_001, 20_011, "two in turn", i -> i % 2 == 0 ? 0 : 20_010));
      all.add(of(dtype, 90_001, 257, "few targets", any(random, 257)));
      all.add(of(dtype, 40_000, 1, "one target in all", i -> 0));
    }
    return all.stream();
  }

  private static Arguments of(
      DType dtype, int n, int targets, String name, IntUnaryOperator target) {
    return Arguments.of(dtype, n, targets, name, target);
  }

  private static IntUnaryOperator any(Philox random, int bound) {
    return i -> random.bounded(i, bound);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void canonicalIsOneChainPerTarget(
      DType dtype, int n, int targets, String name, IntUnaryOperator target) {
    List<double[]> inputs = List.of(sources(dtype, n), index(n, target));
    double[] x = inputs.get(0);
    long[] expected = KernelRunner.bits(dtype, expected(dtype, targets, inputs));
    for (int threads : THREADS) {
      double[] got = run(op(dtype, n, targets, "canonical"), threads, inputs);
      assertArrayEquals(expected, KernelRunner.bits(dtype, got), name + ", threads " + threads);
    }
    x[n / 2] = Double.POSITIVE_INFINITY;
    x[n / 3] = Double.longBitsToDouble(0xfff8000040000000L);
    x[0] = -0.0;
    x[n - 1] = Double.NEGATIVE_INFINITY;
    expected = KernelRunner.bits(dtype, expected(dtype, targets, inputs));
    double[] got = run(op(dtype, n, targets, "canonical"), 3, inputs);
    assertArrayEquals(expected, KernelRunner.bits(dtype, got), name + " with special values");
  }

  /** What private_copies promises: its bits are those of this text, for each number of threads. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void privateCopiesAreJoinedInOrder(DType dtype) {
    int n = 10_007;
    int targets = 31;
    List<double[]> inputs = List.of(sources(dtype, n), index(n, any(new Philox(5, 1), targets)));
    List<double[]> results = new ArrayList<>();
    for (int threads : THREADS) {
      double[] sum = null;
      for (int part = 0; part < threads; part++) {
        int from = (int) ((long) n * part / threads);
        int to = (int) ((long) n * (part + 1) / threads);
        double[] copy =
            expected(
                dtype,
                targets,
                List.of(
                    Arrays.copyOfRange(inputs.get(0), from, to),
                    Arrays.copyOfRange(inputs.get(1), from, to)));
        for (int t = 0; sum != null && t < targets; t++) {
          copy[t] = dtype == DType.F32 ? (float) (sum[t] + copy[t]) : sum[t] + copy[t];
        }
        sum = copy;
      }
      double[] got = run(op(dtype, n, targets, "private_copies"), threads, inputs);
      assertArrayEquals(KernelRunner.bits(dtype, sum), KernelRunner.bits(dtype, got));
      results.add(got);
    }
    assertTrue(!Arrays.equals(results.get(0), results.get(1)), "threads make no difference");
    assertTrue(!JVM.variant(Kernel.SCATTER_ADD, "private_copies").guarantee().covers(Axis.THREADS));
  }

  /** The first bad index is named, wherever it is met first. */
  @Test
  void badIndicesAreNamed() {
    int n = 100_003;
    for (String variant : List.of("canonical", "private_copies", "atomic_arrival")) {
      for (int targets : new int[] {17, 20_011}) {
        for (int bad : new int[] {targets, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
          for (int at : new int[] {0, 50_001, n - 1}) {
            double[] index = index(n, i -> i % targets);
            index[at] = bad;
            List<double[]> inputs = List.of(new double[n], index);
            Op op = op(DType.F32, n, targets, variant);
            assertEquals(
                "index operand: element %d is %d; there are %d targets or classes, 0 to %d"
                    .formatted(at, bad, targets, targets - 1),
                assertThrows(IndexOutOfBoundsException.class, () -> run(op, 3, inputs))
                    .getMessage(),
                variant);
          }
        }
      }
      List<double[]> one = List.of(new double[1], new double[1]);
      String message =
          assertThrows(
                  IndexOutOfBoundsException.class, () -> run(op(DType.F32, 1, 0, variant), 2, one))
              .getMessage();
      assertTrue(message.contains("there are 0 targets"), message);
    }
  }
}
