package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Philox;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * exp and log against StrictMath in f64 (f32; its own error below 1 ULP of f64 does not matter) and
 * against BigDecimal series of 50 digits (f64).
 */
class CanonicalMathTest {
  private static final MathContext DIGITS = new MathContext(50);

  /** A prime step through all 2^32 bit patterns: 1 in 2039 is tried here. */
  private static final int STEP = 2039;

  @Test
  void expOfFloatsIsWithinOneUlp() {
    double worst = 0;
    for (long bits = 0; bits < 1L << 32; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      worst = Math.max(worst, floatError(CanonicalMath.exp(x), StrictMath.exp(x), x));
    }
    assertTrue(worst < 1, "worst error in ULP: " + worst);
  }

  @Test
  void logOfFloatsIsWithinOneUlp() {
    double worst = 0;
    for (long bits = 0; bits < 1L << 32; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      worst = Math.max(worst, floatError(CanonicalMath.log(x), StrictMath.log(x), x));
    }
    assertTrue(worst < 1, "worst error in ULP: " + worst);
  }

  /** Error in units of f32's last place; infinity if one is NaN or infinite and should not be. */
  static double floatError(float y, double exact, float x) {
    if (Double.isNaN(exact)) {
      return Float.floatToRawIntBits(y) == 0x7fc00000 ? 0 : Double.POSITIVE_INFINITY;
    }
    float nearest = (float) exact;
    if (Float.isInfinite(y) || Float.isInfinite(nearest)) {
      return y == nearest ? 0 : Double.POSITIVE_INFINITY;
    }
    double ulp = Math.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
    double error = Math.abs(y - exact) / ulp;
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  @Test
  void expOfDoublesIsWithinOneUlp() {
    Philox random = new Philox(1, 0);
    double worst = 0;
    for (int i = 0; i < 20_000; i++) {
      double u = random.uniformDouble(i);
      double x = i % 2 == 0 ? u * 1450 - 742 : Math.scalb(u - 0.5, -(i % 60));
      worst = Math.max(worst, doubleError(CanonicalMath.exp(x), exp(x)));
    }
    assertTrue(worst < 1, "worst error in ULP: " + worst);
  }

  @Test
  void logOfDoublesIsWithinOneUlp() {
    Philox random = new Philox(2, 0);
    double worst = 0;
    for (int i = 0; i < 20_000; i++) {
      double u = random.uniformDouble(i);
      double x =
          i % 2 == 0 ? Double.longBitsToDouble((long) (u * 0x7ff0000000000000L)) : 0.5 + 1.5 * u;
      if (x > 0 && x != 1) {
        worst = Math.max(worst, doubleError(CanonicalMath.log(x), log(x)));
      }
    }
    assertTrue(worst < 1, "worst error in ULP: " + worst);
  }

  /** Error in units of f64's last place at the exact value. */
  static double doubleError(double y, BigDecimal exact) {
    int exponent = Math.max(Math.getExponent(exact.doubleValue()), Double.MIN_EXPONENT);
    if (Double.isNaN(y) || exponent > Double.MAX_EXPONENT || Double.isInfinite(y)) {
      return y == exact.doubleValue() ? 0 : Double.POSITIVE_INFINITY;
    }
    BigDecimal ulp = new BigDecimal(Math.scalb(1.0, exponent - 52));
    return new BigDecimal(y).subtract(exact).abs().divide(ulp, DIGITS).doubleValue();
  }

  /** e^x: Taylor's series at x / 2^12, squared twelve times. */
  static BigDecimal exp(double x) {
    BigDecimal r = new BigDecimal(x).divide(new BigDecimal(4096), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int n = 1; n < 30; n++) {
      term = term.multiply(r, DIGITS).divide(new BigDecimal(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < 12; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /** log x = y + log(1 + t) with y near log x and t = x e^-y - 1 below 1e-12. */
  static BigDecimal log(double x) {
    double y = StrictMath.log(x);
    BigDecimal t = new BigDecimal(x).multiply(exp(-y), DIGITS).subtract(BigDecimal.ONE, DIGITS);
    BigDecimal square = t.multiply(t, DIGITS);
    return new BigDecimal(y)
        .add(t)
        .subtract(square.divide(new BigDecimal(2), DIGITS))
        .add(square.multiply(t, DIGITS).divide(new BigDecimal(3), DIGITS), DIGITS);
  }

  @Test
  void specialValuesOfFloats() {
    assertFloats(CanonicalMath::exp, 0x1p-150, 1.0);
    assertFloats(CanonicalMath::exp, Double.NEGATIVE_INFINITY, 0.0);
    assertFloats(CanonicalMath::exp, -0.0, 1.0);
    assertFloats(CanonicalMath::log, 1.0, 0.0);
    assertFloats(CanonicalMath::log, -0.0, Double.NEGATIVE_INFINITY);
    assertFloats(CanonicalMath::log, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    assertFloats(CanonicalMath::log, -1.0, Double.NaN);
    assertFloats(CanonicalMath::exp, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  private interface FloatFunction {
    float apply(float x);
  }

  private static void assertFloats(FloatFunction f, double x, double y) {
    assertEquals(Float.floatToRawIntBits((float) y), Float.floatToRawIntBits(f.apply((float) x)));
  }

  @Test
  void specialValuesOfDoubles() {
    double inf = Double.POSITIVE_INFINITY;
    assertDoubles(CanonicalMath::exp, inf, inf);
    assertDoubles(CanonicalMath::exp, -inf, 0.0);
    assertDoubles(CanonicalMath::exp, -0.0, 1.0);
    assertDoubles(CanonicalMath::exp, 709.79, inf);
    assertDoubles(CanonicalMath::exp, -745.14, 0.0);
    assertDoubles(CanonicalMath::exp, Double.longBitsToDouble(0xfff8000000000123L), Double.NaN);
    assertDoubles(CanonicalMath::log, 1.0, 0.0);
    assertDoubles(CanonicalMath::log, 0.0, -inf);
    assertDoubles(CanonicalMath::log, -0.0, -inf);
    assertDoubles(CanonicalMath::log, inf, inf);
    assertDoubles(CanonicalMath::log, -Double.MIN_VALUE, Double.NaN);
  }

  private static void assertDoubles(DoubleUnaryOperator f, double x, double y) {
    assertEquals(Double.doubleToRawLongBits(y), Double.doubleToRawLongBits(f.applyAsDouble(x)));
  }
}
