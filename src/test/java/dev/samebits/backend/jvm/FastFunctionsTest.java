package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.Requires;
import dev.samebits.backend.KernelRunner;
import dev.samebits.backend.MathReference;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectors of exp, log, tanh and sigmoid have the bits of the scalar source. */
class FastFunctionsTest {
  private static final JvmBackend JVM = new JvmBackend();

  /** No lane must depend on its neighbours: each of these comes to lie in each of them. */
  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    1,
    -1,
    0x1p-149,
    -0x1p-149,
    0x1p-126,
    -0x1.fffffcp-127,
    0x1.fffffep127,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    Double.longBitsToDouble(-1),
    88.7,
    88.73,
    89,
    89.1,
    -87.4,
    -103.9,
    -104,
    -104.1,
    0.34657,
    0.34658,
    -0.5,
    9.01,
    -40,
    40.1,
    1.4142135,
    1.4142137,
    0.7071067,
    0.7071069,
    3,
    0.1,
    709.7,
    709.8,
    710,
    711,
    -708.5,
    -745.2,
    -746,
    -746.1,
    0x1p-1074,
    -0x1p-1074,
    0x1p-1022,
    1.4142135623730951,
    1.4142135623730954,
    19.5
  };

  @BeforeAll
  static void needsTheVectorApi() {
    Requires.that(JvmSettings.fast().isPresent(), "vector", "no kernels of the Vector API here");
  }

  @ParameterizedTest
  @EnumSource
  void specialValuesInEveryLaneAndInTheRemainder(MathReference function) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (int n : new int[] {1, 2, 3, 5, 8, 9, 15, 16, 17, 31, 33, 63, 70, 94}) {
        for (int shift = 0; shift < SPECIAL.length; shift++) {
          int first = shift;
          compare(function, dtype, n, "1", i -> SPECIAL[(first + i) % SPECIAL.length]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyNumberOfThreads(MathReference function) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (int n : new int[] {16_383, 16_384, 16_385, 50_001, 147_457}) {
        for (String threads : List.of("1", "2", "3", "8")) {
          compare(function, dtype, n, threads, i -> (i % 4001 - 2000) * 0.0371);
        }
      }
    }
  }

  /** Every 257th argument of f32; all with {@code -Dexhaustive=exp}, as CanonicalMathTest's. */
  @ParameterizedTest
  @EnumSource
  void floatsOfAllKinds(MathReference function) {
    int n = 1 << 20;
    for (int part = 0; part < (1 << 24) / n; part++) {
      int first = part * n;
      compare(function, DType.F32, n, "2", i -> Float.intBitsToFloat((first + i) * 257));
    }
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "exhaustive", matches = ".+", disabledReason = "takes long")
  void allFloats(MathReference function) {
    if (function.id().matches(System.getProperty("exhaustive"))) {
      IntStream.range(0, 1 << 12)
          .parallel()
          .forEach(
              part ->
                  compare(
                      function,
                      DType.F32,
                      1 << 20,
                      "1",
                      i -> Float.intBitsToFloat(part << 20 | i)));
    }
  }

  private static void compare(
      MathReference function, DType dtype, int n, String threads, IntToDoubleFunction argument) {
    Kernel kernel = Kernel.of(function.id());
    Op op = Op.of(kernel, dtype, Shape.parse(kernel, "n" + n), "canonical");
    double[] x = IntStream.range(0, n).mapToDouble(argument).toArray();
    double[] y = KernelRunner.run(JVM, op, Conditions.of("threads", threads), List.of(x)).get(0);
    for (int i = 0; i < n; i++) {
      double wanted = dtype == DType.F32 ? function.single((float) x[i]) : function.twice(x[i]);
      if (Double.doubleToRawLongBits(wanted) != Double.doubleToRawLongBits(y[i])) {
        assertEquals(
            Double.toHexString(wanted),
            Double.toHexString(y[i]),
            op + " element " + i + " of " + Double.toHexString(x[i]));
      }
    }
  }
}
