package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.ExactOracle;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The variant {@code exact}, with and without the Vector API, against exact arithmetic in unbounded
 * integers.
 */
class ExactReductionTest {
  private static final JvmBackend JVM = new JvmBackend();
  private static final int[] EDGES = {
    0, 1, 2, 15, 16, 17, 63, 65, 127, 129, 1008, 1023, 1024, 1025, 2047, 2049, 4097, 32767, 32769
  };

  enum Type {
    F32,
    F64;

    DType dtype() {
      return DType.valueOf(name());
    }

    boolean single() {
      return this == F32;
    }

    double round(double x) {
      return single() ? (float) x : x;
    }

    /** Any finite number, all exponents and subnormals alike. */
    double finite(Random random) {
      double x =
          single()
              ? Float.intBitsToFloat(random.nextInt())
              : Double.longBitsToDouble(random.nextLong());
      return Double.isFinite(x) ? x : finite(random);
    }
  }

  private static double run(Type type, int threads, boolean vector, double[] x, double[] y) {
    Kernel kernel = y == null ? Kernel.SUM : Kernel.DOT;
    Op op = Op.of(kernel, type.dtype(), Shape.parse(kernel, "n" + x.length), "exact");
    RealArray out = RealArray.of(type.dtype(), 1);
    List<RealArray> in =
        y == null ? List.of(array(type, x)) : List.of(array(type, x), array(type, y));
    out.set(0, 123);
    Conditions conditions = Conditions.of("threads", Integer.toString(threads));
    try (BoundKernel bound =
        vector
            ? op.bind(JVM, conditions, List.copyOf(in), List.of(out))
            : Call.onTeam(ExactReduction::bind)
                .bind(new Call(op, threads, List.copyOf(in), List.of(out)))) {
      bound.invoke();
      double first = out.get(0);
      bound.invoke();
      assertEquals(bits(first), bits(out.get(0)), "second invocation");
    }
    return out.get(0);
  }

  private static RealArray array(Type type, double[] x) {
    RealArray array = RealArray.of(type.dtype(), x.length);
    for (int i = 0; i < x.length; i++) {
      array.set(i, x[i]);
    }
    return array;
  }

  private static String bits(double x) {
    return Long.toHexString(Double.doubleToRawLongBits(x)) + " = " + Double.toHexString(x);
  }

  /** y is null for a sum. All values must be of the type. */
  static double check(Type type, String what, double[] x, double[] y) {
    double expected =
        y == null ? ExactOracle.sum(type.dtype(), x) : ExactOracle.dot(type.dtype(), x, y);
    for (int threads : x.length > 1 << 15 ? new int[] {1, 2, 3, 8} : new int[] {2}) {
      for (boolean vector : new boolean[] {false, true}) {
        assertEquals(
            bits(expected),
            bits(run(type, threads, vector, x, y)),
            type + " " + what + ", n=" + x.length + ", threads=" + threads + ", vector=" + vector);
      }
    }
    return expected;
  }

  static double[] fill(Type type, int n, IntToDoubleFunction f) {
    return IntStream.range(0, n).mapToDouble(i -> type.round(f.applyAsDouble(i))).toArray();
  }

  private static double[] shuffled(double[] x, long seed) {
    List<Double> list = Arrays.asList(Arrays.stream(x).boxed().toArray(Double[]::new));
    Collections.shuffle(list, new Random(seed));
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void anyBitPatterns(Type type) {
    Random random = new Random(1);
    for (int n : EDGES) {
      double[] x = fill(type, n, i -> type.finite(random));
      double[] y = fill(type, n, i -> type.finite(random));
      check(type, "any bits", x, null);
      check(type, "any bits", x, y);
      // Scaled down so that the result is finite, products below the range of f64 included.
      double scale = type.single() ? 0x1p-60 : 0x1p-500;
      double[] u = fill(type, n, i -> x[i] * scale);
      double[] v = fill(type, n, i -> y[i] * scale);
      check(type, "small", u, null);
      check(type, "small", u, v);
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersCloseTogether(Type type) {
    Random random = new Random(2);
    for (int exponent : type.single() ? new int[] {-149, -126, 0, 100} : narrowExponents()) {
      for (int n : EDGES) {
        double[] x = fill(type, n, i -> Math.scalb(random.nextGaussian(), exponent));
        double[] y = fill(type, n, i -> random.nextInt(4) == 0 ? 0 : random.nextGaussian());
        check(type, "exponent " + exponent, x, null);
        check(type, "exponent " + exponent, x, y);
      }
    }
  }

  private static int[] narrowExponents() {
    return new int[] {
      -1074, -1060, -1022, -1010, -985, -984, -960, -930, 0, 1000, 1010, 1012, 1013
    };
  }

  /**
   * What a window takes and declines: every width of exponents around its own. Everything large
   * cancels, so that the lowest bit of the small numbers is in the result.
   */
  @Test
  void exponentsThatJustFitAWindowOrDoNot() {
    for (int width = 25; width < 60; width++) {
      for (double s : new double[] {1, -1}) {
        double small = s * Math.scalb(1 + 0x1p-52, -width);
        double[] mixed = fill(Type.F64, 3000, i -> i < 2990 ? (i % 2 == 0 ? 1.9 : -1.9) : small);
        check(Type.F64, "mixed " + width, shuffled(mixed, width), null);
        // The large numbers first, so that the window is theirs; and the other way round.
        double[] late = fill(Type.F64, 4096, i -> i < 2048 ? (i % 2 == 0 ? 1.9 : -1.9) : small);
        check(Type.F64, "late " + width, late, null);
        check(Type.F64, "early " + width, fill(Type.F64, 4096, i -> late[4095 - i]), null);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneNumberOutOfTheWindowAnywhere(Type type) {
    Random random = new Random(4);
    double[] odd =
        type.single()
            ? new double[] {0, -0.0, 0x1p100, -0x1p-149, 0x1.8p-120}
            : new double[] {0, -0.0, 0x1p1000, -0x1p-1074, 0x1.8p-1000, Double.MAX_VALUE};
    for (int n : new int[] {1024, 5000, 70_000}) {
      for (double value : odd) {
        double[] x = fill(type, n, i -> random.nextGaussian());
        double[] y = fill(type, n, i -> random.nextGaussian());
        x[random.nextInt(n)] = value;
        x[n - 1 - random.nextInt(10)] = value;
        check(type, "one of " + value, x, null);
        check(type, "one of " + value, x, y);
      }
    }
  }

  /** All accumulators of a window move the same way as far as they can, for many blocks. */
  @Test
  void windowsFilledToTheirLimits() {
    for (double value : new double[] {2, 0x1.fffffffffffffp1, 0x1.0000000000001p1, -3.99}) {
      // The first numbers set the window; all others are the largest that fit it.
      double[] x = fill(Type.F64, 270 * 1024 + 5, i -> i < 1024 ? Math.signum(value) : value);
      check(Type.F64, "limit " + value, x, null);
    }
    // The rest of each addition is as large as can be, and always of the same sign.
    for (double value : new double[] {1 + 0x1p-44 - 0x1p-52, -1 - 0x1p-44 + 0x1p-52}) {
      check(Type.F64, "rests " + value, fill(Type.F64, 30_000, i -> value), null);
    }
    double value = 0x1.fffffffffffffp1;
    double[] x = fill(Type.F64, 5_000_000, i -> i < 1024 ? 1 : value);
    BigDecimal exact = new BigDecimal(value).multiply(new BigDecimal(x.length - 1024));
    assertEquals(
        exact.add(new BigDecimal(1024)).doubleValue(), run(Type.F64, 1, true, x, null), "many");
  }

  /** More numbers of one exponent than a cell of the table holds, out of reach of any window. */
  @ParameterizedTest
  @EnumSource
  void cellsOfTheTableOverflow(Type type) {
    double large = type.single() ? Math.scalb(2 - 0x1p-23, 100) : Math.nextDown(0x1p900);
    double small = type.single() ? Math.scalb(2 - 0x1p-23, -100) : Math.nextDown(0x1p-900);
    for (int n : new int[] {2048, 2049, 4096, 4098, 9001, 140_001}) {
      check(type, "positive", fill(type, n, i -> i % 2 == 0 ? large : small), null);
      check(type, "negative", fill(type, n, i -> i % 2 == 0 ? -large : -small), null);
      double tiny = type.single() ? Float.MIN_NORMAL - Float.MIN_VALUE : 0x0.fffffffffffffp-1022;
      check(type, "subnormal", fill(type, n, i -> i % 2 == 0 ? large : -tiny), null);
      check(type, "zeros", fill(type, n, i -> i % 3 == 0 ? large : i % 3 == 1 ? 0 : small), null);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tiesAndWhatBreaksThem(Type type) {
    Random random = new Random(5);
    double half = type.single() ? 0x1p-24 : 0x1p-53;
    double lowest = type.single() ? Float.MIN_VALUE : Double.MIN_VALUE;
    for (int n : new int[] {2, 3, 1025, 3000}) {
      for (double base : new double[] {1, 1 + 2 * half, -1, -1 - 2 * half}) {
        for (double breaker : new double[] {0, lowest, -lowest}) {
          double[] x = new double[n];
          x[0] = base;
          x[1] = Math.signum(base) * half;
          x[n - 1] += n > 2 ? breaker : 0;
          for (int i = 2; i + 2 < n; i += 2) {
            x[i] = type.round(Math.scalb(random.nextGaussian(), random.nextInt(100)));
            x[i + 1] = -x[i];
          }
          check(type, "tie", x, null);
          check(type, "tie", shuffled(x, n), null);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyPermutationHasTheSameBits(Type type) {
    Random random = new Random(6);
    int range = type.single() ? 120 : 1000;
    double[] x = new double[10_001];
    for (int i = 0; i + 1 < x.length; i += 2) {
      x[i] = type.round(Math.scalb(random.nextGaussian(), random.nextInt(2 * range) - range));
      x[i + 1] = -x[i];
    }
    x[x.length - 1] = type.round(Math.scalb(1.23, -range));
    String expected = bits(check(type, "sorted", x, null));
    assertEquals(bits(x[x.length - 1]), expected);
    double[] y = fill(type, x.length, i -> 3);
    for (int trial = 0; trial < 5; trial++) {
      double[] permuted = shuffled(x, trial);
      assertEquals(expected, bits(check(type, "permuted", permuted, null)));
      check(type, "permuted", permuted, y);
    }
  }

  @Test
  void overflowIsDecidedByTheFinalSum() {
    double max = Double.MAX_VALUE;
    double halfUlp = 0x1p970;
    double[][] sums = {
      {1e308, 1e308, -1e308},
      {max, max, max, -max, -max},
      {max, halfUlp},
      {max, Math.nextDown(halfUlp)},
      {max, halfUlp, -Double.MIN_VALUE},
      {-max, -halfUlp},
      {-max, -halfUlp, Double.MIN_VALUE},
      {max, max},
    };
    double[] expected = {1e308, max, 1 / 0., max, max, -1 / 0., -max, 1 / 0.};
    for (int i = 0; i < sums.length; i++) {
      assertEquals(expected[i], check(Type.F64, "case " + i, sums[i], null));
    }
    float top = Float.MAX_VALUE;
    assertEquals(top, check(Type.F32, "max", new double[] {top, Math.nextDown(0x1p103f)}, null));
    assertEquals(1 / 0., check(Type.F32, "overflow", new double[] {top, 0x1p103f}, null));
    assertEquals(top, check(Type.F32, "back", new double[] {top, top, -top}, null));
    double[] many = fill(Type.F64, 5000, i -> i % 2 == 0 ? max : i < 4998 ? -max : 0);
    assertEquals(max, check(Type.F64, "many", many, null));
  }

  @Test
  void productsAreExactBeyondTheRangeOfTheirType() {
    double a = 0x1.23456789abcdfp-600;
    double b = 0x1.fedcba987654fp-560;
    check(
        Type.F64,
        "underflow",
        new double[] {a, -a, Math.scalb(a, 200)},
        new double[] {b, Math.nextUp(b), Math.scalb(b, 200)});
    check(
        Type.F64,
        "tie below 2^-1074",
        new double[] {1, 0x1p-1074, Double.MIN_VALUE},
        new double[] {Double.MIN_VALUE, 0.5, Double.MIN_VALUE});
    check(Type.F64, "overflow", new double[] {1e200, 1e200, 3}, new double[] {1e200, -1e200, 5});
    check(Type.F64, "infinite", new double[] {1e200}, new double[] {-1e200});
    double[] x = fill(Type.F64, 3000, i -> i % 2 == 0 ? 1e200 : -1e200);
    double[] y = fill(Type.F64, 3000, i -> 1e180 * (1 + i / 2 * 0x1p-40));
    assertEquals(0.0, check(Type.F64, "large products", x, y));
    double[] z = fill(Type.F64, 3000, i -> Math.scalb(1 + i * 0x1p-50, -540));
    check(Type.F64, "small products", z, fill(Type.F64, 3000, i -> (i % 2 - 0.5) * z[i / 3]));
  }

  @ParameterizedTest
  @EnumSource
  void signedZeros(Type type) {
    for (int n : new int[] {1, 17, 1024, 3000, 40_000}) {
      double[] negative = fill(type, n, i -> -0.0);
      double[] ones = fill(type, n, i -> 1);
      assertEquals("-0x0.0p0", hex(check(type, "all -0", negative, null)));
      assertEquals("-0x0.0p0", hex(check(type, "all -0", negative, ones)));
      double[] one = negative.clone();
      one[n / 2] = 0;
      assertEquals("0x0.0p0", hex(check(type, "one +0", one, null)));
      assertEquals("0x0.0p0", hex(check(type, "one +0", one, ones)));
    }
    assertEquals("0x0.0p0", hex(check(type, "none", new double[0], null)));
    assertEquals("0x0.0p0", hex(check(type, "none", new double[0], new double[0])));
    assertEquals("0x0.0p0", hex(check(type, "cancels", new double[] {-1, 1}, null)));
    double lowest = type.single() ? Float.MIN_VALUE : Double.MIN_VALUE;
    double[] tiny = {-lowest};
    assertEquals("0x0.0p0", hex(check(type, "underflows", tiny, new double[] {lowest})));
  }

  private static String hex(double x) {
    return Double.toHexString(x);
  }

  @ParameterizedTest
  @EnumSource
  void infinitiesAndNaN(Type type) {
    double inf = Double.POSITIVE_INFINITY;
    for (int n : new int[] {2, 16, 1024, 2500, 40_000}) {
      double[] ones = fill(type, n, i -> 1);
      for (int wide = 0; wide < 2; wide++) {
        double[] x = fill(type, n, wide == 0 ? i -> i : i -> Math.scalb(1.0, i % 200 - 99));
        x[n / 3] = inf;
        assertEquals(inf, check(type, "+inf", x, null));
        assertEquals(inf, check(type, "+inf", x, ones));
        x[n - 1] = inf;
        assertEquals(inf, check(type, "+inf twice", x, null));
        x[n - 1] = -inf;
        assertTrue(Double.isNaN(check(type, "+inf -inf", x, null)));
        assertTrue(Double.isNaN(check(type, "+inf -inf", x, ones)));
        x[n / 3] = -1;
        assertEquals(-inf, check(type, "-inf", x, null));
        double[] zero = ones.clone();
        zero[n - 1] = 0;
        assertTrue(Double.isNaN(check(type, "inf * 0", x, zero)));
        x[n - 1] = Double.longBitsToDouble(0xfff8000040000000L);
        assertTrue(Double.isNaN(check(type, "NaN", x, null)));
        assertTrue(Double.isNaN(check(type, "NaN", x, ones)));
      }
    }
  }
}
