package dev.samebits.backend.shim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.samebits.backend.KernelRunner;
import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Reductions compiled with small blocks, so that what needs millions of elements a thread, or 2^28
 * in all, happens here: carries on the way of an exact sum, the third level of a canonical one, and
 * further groups of partial sums of a column.
 */
class SmallBlocksIT {
  private static final Backend PLAIN = JvmBackend.plain();
  private static final int LANES = 128;

  private static Op op(String kernel, DType dtype, String shape, String variant) {
    Kernel k = Kernel.of(kernel);
    return Op.of(k, dtype, Shape.parse(k, shape), variant);
  }

  private static long[] bits(Backend backend, Op op, List<double[]> inputs) {
    double[] got = KernelRunner.run(backend, op, Conditions.NONE, inputs).get(0);
    return KernelRunner.bits(op.dtype(), got);
  }

  /** Integers are added, so carrying earlier changes nothing. */
  @ParameterizedTest
  @CsvSource({"sum, n300007", "dot, n100003"})
  void exactSumsCarryOnTheirWay(String kernel, String shape) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (InputKind kind : List.of(InputKind.WIDE, InputKind.CANCELLING)) {
        Op op = op(kernel, dtype, shape, "exact");
        List<double[]> inputs = KernelRunner.inputs(op, kind, 5);
        assertArrayEquals(
            bits(PLAIN, op, inputs), bits(ShimBackend.small(), op, inputs), op + " " + kind);
      }
    }
  }

  /** 17188 blocks: a second level of 135 blocks, a third of 2. */
  @ParameterizedTest
  @CsvSource({"sum, n2200003", "row_sum, m2n2100001"})
  void canonicalSumsHaveAThirdLevel(String kernel, String shape) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Op op = op(kernel, dtype, shape, "canonical");
      double[] x = KernelRunner.inputs(op, InputKind.NORMAL, 5).get(0);
      int rows = kernel.equals("sum") ? 1 : 2;
      double[] expected = new double[rows];
      for (int i = 0; i < rows; i++) {
        int n = x.length / rows;
        double[] row = Arrays.copyOfRange(x, i * n, (i + 1) * n);
        expected[i] = canonical(dtype, row, Shim.SMALL_SUM_BLOCK);
      }
      assertArrayEquals(
          KernelRunner.bits(dtype, expected),
          bits(ShimBackend.small(), op, List.of(x)),
          op.toString());
    }
  }

  /** 782 partial sums of each column, in 7 groups. */
  @Test
  void columnsHaveMoreThanOneGroupOfPartialSums() {
    int n = 3;
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Op op = op("col_sum", dtype, "m100003n" + n, "canonical");
      double[] x = KernelRunner.inputs(op, InputKind.NORMAL, 5).get(0);
      double[] expected = new double[n];
      for (int j = 0; j < n; j++) {
        double[] column = new double[x.length / n];
        for (int i = 0; i < column.length; i++) {
          column[i] = x[i * n + j];
        }
        expected[j] = canonical(dtype, column, Shim.SMALL_SUM_BLOCK);
      }
      assertArrayEquals(
          KernelRunner.bits(dtype, expected),
          bits(ShimBackend.small(), op, List.of(x)),
          op.toString());
    }
  }

  /** The sum below is the canonical one in blocks of 16384, and another one in smaller blocks. */
  @Test
  void theExpectedSumsAreThoseOfThePlainKernelInItsBlocks() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Op op = op("sum", dtype, "n300007", "canonical");
      List<double[]> inputs = KernelRunner.inputs(op, InputKind.NORMAL, 5);
      double[] x = inputs.get(0);
      long[] plain = bits(PLAIN, op, inputs);
      double[] same = {canonical(dtype, x, Launches.SUM_BLOCK)};
      double[] other = {canonical(dtype, x, Shim.SMALL_SUM_BLOCK)};
      assertArrayEquals(plain, KernelRunner.bits(dtype, same));
      assertFalse(Arrays.equals(plain, KernelRunner.bits(dtype, other)));
    }
  }

  private static double canonical(DType dtype, double[] x, int block) {
    double[] left = x;
    do {
      double[] sums = new double[(left.length + block - 1) / block];
      for (int b = 0; b < sums.length; b++) {
        sums[b] = ofBlock(dtype, left, b * block, Math.min(left.length, (b + 1) * block));
      }
      left = sums;
    } while (left.length > 1);
    return left[0];
  }

  private static double ofBlock(DType dtype, double[] x, int from, int to) {
    double[] lane = new double[LANES];
    Arrays.fill(lane, -0.0);
    for (int i = from; i < to; i++) {
      lane[i % LANES] = added(dtype, lane[i % LANES], x[i]);
    }
    for (int w = LANES / 2; w > 0; w /= 2) {
      for (int j = 0; j < w; j++) {
        lane[j] = added(dtype, lane[j], lane[j + w]);
      }
    }
    return lane[0];
  }

  /** The sum of two f32 numbers, rounded to f64 and then to f32, is rounded once. */
  private static double added(DType dtype, double a, double b) {
    return dtype == DType.F32 ? (float) (a + b) : a + b;
  }
}
