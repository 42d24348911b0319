package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.MathReference;
import dev.samebits.kernel.Philox;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The error of the elementary functions, and their special values. */
class CanonicalMathTest {
  /** A prime step through all 2^32 bit patterns: 1 in 2039 is tried here. */
  private static final int STEP = 2039;

  private static final int SAMPLE = 2_000;

  @ParameterizedTest
  @EnumSource
  void floatsAreWithinOneUlp(MathReference function) {
    Worst worst = new Worst();
    for (long bits = 0; bits < 1L << 32; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      worst.see(x, function.singleError(x));
    }
    worst.requireBelow(1);
  }

  /**
   * Every argument of f32, a quarter of an hour of one core per function: {@code mvn test
   * -Dtest=CanonicalMathTest -Dexhaustive=exp}, or log, tanh, sigmoid, or several with | between.
   * The figures printed stand in determinism.md.
   */
  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "exhaustive", matches = ".+", disabledReason = "takes an hour")
  void allFloatsAreWithinOneUlp(MathReference function) {
    if (function.id().matches(System.getProperty("exhaustive"))) {
      Worst worst = new Worst();
      IntStream.range(0, 1 << 12).parallel().mapToObj(i -> slice(function, i)).forEach(worst::see);
      System.out.println(function.id() + " f32, all arguments: " + worst);
      worst.requireBelow(1);
    }
  }

  private static Worst slice(MathReference function, int slice) {
    Worst worst = new Worst();
    for (int i = 0; i < 1 << 20; i++) {
      float x = Float.intBitsToFloat(slice << 20 | i);
      worst.see(x, function.singleError(x));
    }
    return worst;
  }

  /**
   * Arguments of f64 between two bounds, uniform or with a uniform logarithm. {@code -Dsamples=50}
   * tries 50 times as many and prints the figures of determinism.md.
   */
  @ParameterizedTest
  @CsvSource({
    "EXP, -745.13, 709.78, false", // the whole range
    "EXP, -745.13, -708, false", // subnormal results
    "EXP, -1, 1, false",
    "EXP, 1e-18, 1, true",
    "LOG, 4.9e-324, 1.7e308, true", // the whole range
    "LOG, 0.5, 2, false", // cancellation
    "LOG, 0.70710, 0.70711, false", // where the exponent changes
    "LOG, 1.41421, 1.41422, false",
    "TANH, 4.9e-324, 20, true", // the whole range
    "TANH, 0, 1, false",
    "TANH, 0.173286, 0.173287, false", // where k goes from 0 to 1, and from 1 to 2
    "TANH, 0.51986, 0.51987, false",
    "TANH, 17, 20, false", // up to 1
    "SIGMOID, -745.13, 40, false", // the whole range
    "SIGMOID, -745.13, -708, false", // subnormal results
    "SIGMOID, -3, 3, false",
    "SIGMOID, 30, 40, false", // up to 1
    "SIGMOID, 1e-300, 1, true",
  })
  void doublesAreWithinOneUlp(MathReference function, double low, double high, boolean ratio) {
    Philox random = new Philox(1, 0);
    Worst worst = new Worst();
    int sample = SAMPLE * Integer.getInteger("samples", 1);
    for (int i = 0; i < sample; i++) {
      double u = random.uniformDouble(i);
      double x = ratio ? low * StrictMath.pow(high / low, u) : low + (high - low) * u;
      if (ratio && !(high / low < Double.POSITIVE_INFINITY)) {
        x = StrictMath.exp(StrictMath.log(low) + u * (StrictMath.log(high) - StrictMath.log(low)));
      }
      x = function == MathReference.TANH && i % 2 == 1 ? -x : x;
      worst.see(x, x == 1 && function == MathReference.LOG ? 0 : function.twiceError(x));
    }
    if (sample > SAMPLE) {
      System.out.println(function.id() + " f64 " + low + " to " + high + ": " + worst);
    }
    worst.requireBelow(1);
  }

  /** The largest error seen and where. */
  private static final class Worst {
    private double error;
    private double at;

    synchronized void see(double x, double e) {
      if (!(e <= error)) {
        error = e;
        at = x;
      }
    }

    void see(Worst other) {
      see(other.at, other.error);
    }

    void requireBelow(double bound) {
      assertTrue(error < bound, toString());
    }

    @Override
    public String toString() {
      return error + " ULP at " + Double.toHexString(at);
    }
  }

  @Test
  void specialValuesOfFloats() {
    float inf = Float.POSITIVE_INFINITY;
    assertFloats(CanonicalMath::exp, 0x1p-150, 1);
    assertFloats(CanonicalMath::exp, -0.0, 1);
    assertFloats(CanonicalMath::exp, inf, inf);
    assertFloats(CanonicalMath::exp, -inf, 0);
    assertFloats(CanonicalMath::log, 1, 0);
    assertFloats(CanonicalMath::log, -0.0, -inf);
    assertFloats(CanonicalMath::log, inf, inf);
    assertFloats(CanonicalMath::log, -1, Float.NaN);
    assertFloats(CanonicalMath::tanh, 0, 0);
    assertFloats(CanonicalMath::tanh, -0.0, -0f);
    assertFloats(CanonicalMath::tanh, -Float.MIN_VALUE, -Float.MIN_VALUE);
    assertFloats(CanonicalMath::tanh, inf, 1);
    assertFloats(CanonicalMath::tanh, -inf, -1);
    assertFloats(CanonicalMath::sigmoid, -0.0, 0.5f);
    assertFloats(CanonicalMath::sigmoid, inf, 1);
    assertFloats(CanonicalMath::sigmoid, -inf, 0);
    assertFloats(CanonicalMath::sigmoid, -103.98, 0);
    assertFloats(CanonicalMath::sigmoid, -103.97, Float.MIN_VALUE);
  }

  private interface FloatFunction {
    float apply(float x);
  }

  private static void assertFloats(FloatFunction f, double x, float y) {
    assertEquals(Float.floatToRawIntBits(y), Float.floatToRawIntBits(f.apply((float) x)));
  }

  @Test
  void specialValuesOfDoubles() {
    double inf = Double.POSITIVE_INFINITY;
    double tiny = Double.MIN_VALUE;
    assertDoubles(CanonicalMath::exp, inf, inf);
    assertDoubles(CanonicalMath::exp, -inf, 0);
    assertDoubles(CanonicalMath::exp, -0.0, 1);
    assertDoubles(CanonicalMath::exp, 709.79, inf);
    assertDoubles(CanonicalMath::exp, -745.14, 0);
    assertDoubles(CanonicalMath::log, 1, 0);
    assertDoubles(CanonicalMath::log, 0, -inf);
    assertDoubles(CanonicalMath::log, -0.0, -inf);
    assertDoubles(CanonicalMath::log, inf, inf);
    assertDoubles(CanonicalMath::log, -tiny, Double.NaN);
    assertDoubles(CanonicalMath::tanh, 0, 0);
    assertDoubles(CanonicalMath::tanh, -0.0, -0.0);
    assertDoubles(CanonicalMath::tanh, tiny, tiny);
    assertDoubles(CanonicalMath::tanh, 1e300, 1);
    assertDoubles(CanonicalMath::tanh, -inf, -1);
    assertDoubles(CanonicalMath::sigmoid, 0, 0.5);
    assertDoubles(CanonicalMath::sigmoid, inf, 1);
    assertDoubles(CanonicalMath::sigmoid, -inf, 0);
    assertDoubles(CanonicalMath::sigmoid, -745.14, 0);
    assertDoubles(CanonicalMath::sigmoid, -745.13, tiny);
  }

  private static void assertDoubles(DoubleUnaryOperator f, double x, double y) {
    assertEquals(Double.doubleToRawLongBits(y), Double.doubleToRawLongBits(f.applyAsDouble(x)));
  }

  @ParameterizedTest
  @EnumSource
  void everyNaNBecomesTheCanonicalOne(MathReference f) {
    for (int bits : new int[] {0x7fc00000, 0x7f800001, 0xffc00000, 0xffffffff, 0x7fedcba9}) {
      float y = f.single(Float.intBitsToFloat(bits));
      assertEquals(0x7fc00000, Float.floatToRawIntBits(y));
    }
    for (long bits : new long[] {-1, 0x7ff0000000000001L, 0xfff8000000000123L}) {
      double y = f.twice(Double.longBitsToDouble(bits));
      assertEquals(0x7ff8000000000000L, Double.doubleToRawLongBits(y));
    }
  }
}
