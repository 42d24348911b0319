package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.KernelRunner;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The canonical sums of the Vector API against the plain ones, bit for bit. */
class FastSumsTest {
  private static final JvmBackend FAST = new JvmBackend();
  private static final JvmBackend PLAIN = JvmBackend.plain();
  private static final Conditions ONE = Conditions.of("threads", "1");

  private static void same(Op op, Conditions conditions, List<double[]> inputs) {
    double[] expected = KernelRunner.run(PLAIN, op, ONE, inputs).get(0);
    double[] got = KernelRunner.run(FAST, op, conditions, inputs).get(0);
    assertArrayEquals(
        KernelRunner.bits(op.dtype(), expected),
        KernelRunner.bits(op.dtype(), got),
        op + " " + conditions);
  }

  private static Op op(Kernel kernel, DType dtype, String shape) {
    return Op.of(kernel, dtype, Shape.parse(kernel, shape), "canonical");
  }

  /** Every number of elements in the last row, and of full rows from none to eight. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64"})
  void everyLengthUpTo1100(DType dtype) {
    for (int n = 0; n <= 1100; n++) {
      for (Kernel kernel : List.of(Kernel.SUM, Kernel.DOT)) {
        Op op = op(kernel, dtype, "n" + n);
        same(op, ONE, KernelRunner.inputs(op, InputKind.WIDE, n));
      }
    }
  }

  /** Around the ends of blocks, with more blocks than a thread takes at once. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3", "8"})
  void lengthsAroundBlocks(String threads) {
    for (int n : new int[] {16383, 16384, 16385, 32768, 49151, 49152 + 128, 600_011}) {
      for (Kernel kernel : List.of(Kernel.SUM, Kernel.DOT, Kernel.MEAN, Kernel.NRM2)) {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
          Op op = op(kernel, dtype, "n" + n);
          same(op, Conditions.of("threads", threads), KernelRunner.inputs(op, InputKind.WIDE, 3));
        }
      }
    }
  }

  /** What a missing element must not disturb: -0, NaN, infinities, subnormals. */
  @Test
  void specialValues() {
    List<IntToDoubleFunction> specials =
        List.of(
            i -> -0.0,
            i -> i % 2 == 0 ? -0.0 : 0,
            i -> i == 0 ? Double.NaN : i,
            i -> Double.POSITIVE_INFINITY,
            i -> i % 5 == 0 ? Double.NEGATIVE_INFINITY : i % 7 == 0 ? 1 / 0.0 : i,
            i -> (i - 9) * (double) Float.MIN_VALUE,
            i -> (i - 9) * Double.MIN_VALUE,
            i -> (i % 2 == 0 ? 1 : -1) * (double) Float.MAX_VALUE);
    for (IntToDoubleFunction special : specials) {
      for (int n : new int[] {1, 5, 16, 17, 127, 128, 129, 200, 1000, 16384 + 77}) {
        double[] x = new double[n];
        Arrays.setAll(x, special);
        double[] minusZero = new double[n];
        Arrays.fill(minusZero, -0.0);
        for (DType dtype : List.of(DType.F32, DType.F64)) {
          double[] rounded =
              Arrays.stream(x).map(v -> dtype == DType.F32 ? (float) v : v).toArray();
          same(op(Kernel.SUM, dtype, "n" + n), ONE, List.of(rounded));
          same(op(Kernel.DOT, dtype, "n" + n), ONE, List.of(rounded, minusZero));
          same(op(Kernel.DOT, dtype, "n" + n), ONE, List.of(rounded, rounded));
          same(op(Kernel.NRM2, dtype, "n" + n), ONE, List.of(rounded));
          same(op(Kernel.COL_SUM, dtype, "m" + n + "n1"), ONE, List.of(rounded));
        }
      }
    }
  }

  /** A row has the bits of its sum alone, wherever it stands in a batch; so has a column. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64})
  void aRowAloneOrInABatch(int batch) {
    for (int n : new int[] {1, 3, 10, 127, 129, 1000, 16385}) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        Op rows = op(Kernel.ROW_SUM, dtype, "m" + batch + "n" + n);
        List<double[]> x = KernelRunner.inputs(rows, InputKind.WIDE, 9);
        double[] transposed = new double[batch * n];
        double[] alone = new double[batch];
        for (int i = 0; i < batch; i++) {
          double[] row = Arrays.copyOfRange(x.get(0), i * n, (i + 1) * n);
          alone[i] =
              KernelRunner.run(PLAIN, op(Kernel.SUM, dtype, "n" + n), ONE, List.of(row)).get(0)[0];
          for (int j = 0; j < n; j++) {
            transposed[j * batch + i] = row[j];
          }
        }
        for (String threads : List.of("1", "2", "3", "8")) {
          Conditions c = Conditions.of("threads", threads);
          assertArrayEquals(alone, KernelRunner.run(FAST, rows, c, x).get(0), rows + " " + c);
          Op columns = op(Kernel.COL_SUM, dtype, "m" + n + "n" + batch);
          assertArrayEquals(
              alone,
              KernelRunner.run(FAST, columns, c, List.of(transposed)).get(0),
              columns + " " + c);
        }
      }
    }
  }

  /** The order of the unordered opponent depends on width and threads only, so repeats agree. */
  @Test
  void eightAccumulatorsAreExactOnIntegersAndRepeatThemselves() {
    for (String name : List.of("n1000", "n1000003")) {
      for (Kernel kernel : List.of(Kernel.SUM, Kernel.DOT)) {
        Shape shape = Shape.parse(kernel, name);
        Op op = Op.of(kernel, DType.F32, shape, "eight_accumulators");
        List<double[]> integers = KernelRunner.inputs(op, InputKind.INTEGER, 1);
        List<double[]> wide = KernelRunner.inputs(op, InputKind.WIDE, 1);
        for (String threads : List.of("1", "2", "3")) {
          Conditions c = Conditions.of("threads", threads);
          Op canonical = Op.of(kernel, DType.F32, shape, "canonical");
          assertEquals(
              KernelRunner.run(FAST, canonical, c, integers).get(0)[0],
              KernelRunner.run(FAST, op, c, integers).get(0)[0],
              op + " " + c);
          List<List<double[]>> repeats = KernelRunner.run(FAST, op, c, wide, 20);
          for (List<double[]> repeat : repeats) {
            assertArrayEquals(repeats.get(0).get(0), repeat.get(0), op + " " + c);
          }
        }
      }
    }
  }
}
