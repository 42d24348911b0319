package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.samebits.backend.KernelRunner;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who wins in a window; sizes and ordinary values are held by the contract test. */
class MaxPoolTest {
  private static final JvmBackend JVM = new JvmBackend();
  private static final double NAN = Double.NaN;
  private static final double OTHER_NAN = Double.longBitsToDouble(0xfff8000060000000L);
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double[] run(Kernel kernel, DType dtype, String shape, List<double[]> inputs) {
    Op op = Op.of(kernel, dtype, Shape.parse(kernel, shape), "canonical");
    return KernelRunner.run(JVM, op, Conditions.of("threads", "2"), inputs).get(0);
  }

  /** One window over all of x; its winner is found from the gradient. */
  private static void assertWinner(DType dtype, int winner, double... x) {
    String shape = "n1c1h2w" + x.length / 2 + "r2s" + x.length / 2;
    double[] y = run(Kernel.MAX_POOL, dtype, shape, List.of(x));
    double expected = Double.isNaN(x[winner]) ? NAN : x[winner];
    assertBits(dtype, new double[] {expected}, y);
    double[] dx = new double[x.length];
    dx[winner] = 3;
    double[] dy = {3};
    assertBits(dtype, dx, run(Kernel.MAX_POOL_BACKWARD, dtype, shape, List.of(x, dy)));
  }

  private static void assertBits(DType dtype, double[] expected, double[] got) {
    assertArrayEquals(KernelRunner.bits(dtype, expected), KernelRunner.bits(dtype, got));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void theFirstLargestWins(DType dtype) {
    double tiny = dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
    assertWinner(dtype, 1, 1, 2, 2, 2);
    assertWinner(dtype, 0, -1, -1, -1, -2);
    assertWinner(dtype, 3, -4, -3, -2, -1);
    assertWinner(dtype, 0, -0.0, 0, 0, -0.0);
    assertWinner(dtype, 0, 0, -0.0, -0.0, 0);
    assertWinner(dtype, 2, -tiny, -1, -0.0, 0);
    assertWinner(dtype, 3, -0.0, 0, -tiny, tiny);
    assertWinner(dtype, 0, -INF, -INF, -INF, -INF);
    assertWinner(dtype, 1, 5, INF, INF, 7, 8, 9);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void theFirstNanWins(DType dtype) {
    assertWinner(dtype, 1, INF, OTHER_NAN, NAN, 3);
    assertWinner(dtype, 1, INF, NAN, OTHER_NAN, 3);
    assertWinner(dtype, 3, -INF, INF, -0.0, OTHER_NAN);
    assertWinner(dtype, 0, OTHER_NAN, NAN, NAN, INF);
  }

  /** Padding does not win against negative elements, nor against -infinity. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void paddingNeverWins(DType dtype) {
    String shape = "n1c1h2w2r3s3pad2stride1";
    double[] x = {-5, -INF, -7, -INF};
    double[] expected = {-5, -5, -5, -INF, -5, -5, -5, -INF, -5, -5, -5, -INF, -7, -7, -7, -INF};
    assertBits(dtype, expected, run(Kernel.MAX_POOL, dtype, shape, List.of(x)));
  }

  /** Overlapping windows: one chain per element, outputs ascending, from +0. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void gradientsAreAddedInOrder(DType dtype) {
    double big = dtype == DType.F32 ? 0x1p24 : 0x1p53;
    double[] x = {0, 0, 9, 0, 0};
    String shape = "n1c1h1w5r1s3";
    double[] dx = run(Kernel.MAX_POOL_BACKWARD, dtype, shape, List.of(x, new double[] {big, 1, 1}));
    assertBits(dtype, new double[] {0, 0, big, 0, 0}, dx);
    dx = run(Kernel.MAX_POOL_BACKWARD, dtype, shape, List.of(x, new double[] {1, 1, big}));
    assertBits(dtype, new double[] {0, 0, big + 2, 0, 0}, dx);
    dx = run(Kernel.MAX_POOL_BACKWARD, dtype, shape, List.of(x, new double[] {-0.0, -0.0, -0.0}));
    assertBits(dtype, new double[] {0, 0, 0, 0, 0}, dx);
    dx = run(Kernel.MAX_POOL_BACKWARD, dtype, shape, List.of(x, new double[] {INF, 1, -INF}));
    assertBits(dtype, new double[] {0, 0, NAN, 0, 0}, dx);
  }
}
