package dev.samebits.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.DType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactSumTest {
  /** Any finite number, all exponents and subnormals alike. */
  private static double finite(Random random) {
    double x = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(x) ? x : finite(random);
  }

  private static void check(BigDecimal expected, ExactSum sum, String what) {
    assertEquals(expected.doubleValue() + 0.0, sum.round(DType.F64), what);
    assertEquals(expected.floatValue() + 0.0f, (float) sum.round(DType.F32), what);
  }

  @Test
  void sumsAndProductsOfAnyExponentAgreeWithBigDecimal() {
    Random random = new Random(1);
    for (int trial = 0; trial < 60; trial++) {
      ExactSum sum = new ExactSum();
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = 0; i < 20; i++) {
        double x = finite(random);
        double y = finite(random);
        sum.add(x);
        sum.addProduct(x, y);
        BigDecimal product = new BigDecimal(x).multiply(new BigDecimal(y));
        expected = expected.add(new BigDecimal(x)).add(product);
        // Take large terms away again, so that the result does not overflow every time.
        if (Math.abs(x * y) > 1e290 || Math.abs(x) > 1e290) {
          sum.addProduct(-x, y);
          sum.add(-x);
          expected = expected.subtract(new BigDecimal(x)).subtract(product);
        }
      }
      check(expected, sum, "trial " + trial);
    }
  }

  @Test
  void finiteResultsNearEveryBoundary() {
    Random random = new Random(2);
    for (int trial = 0; trial < 3000; trial++) {
      int exponent = random.nextInt(2300) - 1170;
      ExactSum sum = new ExactSum();
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = 0; i < 4; i++) {
        double x = Math.scalb(random.nextDouble() - 0.5, exponent / 2 + random.nextInt(9));
        double y = Math.scalb((double) random.nextInt(16), exponent - exponent / 2);
        sum.addProduct(x, y);
        expected = expected.add(new BigDecimal(x).multiply(new BigDecimal(y)));
      }
      check(expected, sum, "trial " + trial);
    }
  }

  @Test
  void tiesGoToEvenAndAnyBitBelowBreaksThem() {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      double half = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
      for (int odd = 0; odd < 2; odd++) {
        double base = 1 + odd * 2 * half;
        ExactSum sum = new ExactSum();
        sum.add(base);
        sum.add(half);
        assertEquals(odd == 0 ? base : base + 2 * half, sum.round(dtype));
        sum.addProduct(Double.MIN_VALUE, Double.MIN_VALUE);
        assertEquals(base + 2 * half, sum.round(dtype));
        sum.addProduct(-Double.MIN_VALUE, 2 * Double.MIN_VALUE);
        assertEquals(base, sum.round(dtype));
      }
    }
  }

  @Test
  void everythingCancels() {
    Random random = new Random(3);
    double[] x = random.doubles(1000, -1e300, 1e300).toArray();
    ExactSum sum = new ExactSum();
    for (double v : x) {
      sum.addProduct(v, 1e-200);
    }
    for (double v : x) {
      sum.addProduct(-v, 1e-200);
    }
    assertEquals(0.0, sum.round(DType.F64));
    sum.add(Double.MIN_VALUE);
    assertEquals(Double.MIN_VALUE, sum.round(DType.F64));
  }

  @Test
  void specialValues() {
    ExactSum sum = new ExactSum();
    sum.add(1);
    sum.add(Double.POSITIVE_INFINITY);
    assertEquals(Double.POSITIVE_INFINITY, sum.round(DType.F32));
    assertEquals(0.0, sum.ulpError(Double.POSITIVE_INFINITY, DType.F32));
    assertEquals(Double.POSITIVE_INFINITY, sum.ulpError(1, DType.F32));
    sum.addProduct(Double.NEGATIVE_INFINITY, 2);
    assertTrue(Double.isNaN(sum.round(DType.F64)));
    assertEquals(0.0, sum.ulpError(Double.NaN, DType.F64));
    ExactSum product = new ExactSum();
    product.addProduct(Double.POSITIVE_INFINITY, 0);
    assertTrue(Double.isNaN(product.round(DType.F64)));
    ExactSum large = new ExactSum();
    large.add(Double.MAX_VALUE);
    large.add(Double.MAX_VALUE);
    assertEquals(Double.POSITIVE_INFINITY, large.round(DType.F64));
    assertEquals(Double.POSITIVE_INFINITY, large.ulpError(Double.MAX_VALUE, DType.F64));
  }

  @Test
  void ulpErrorAgreesWithBigDecimal() {
    Random random = new Random(4);
    for (int trial = 0; trial < 500; trial++) {
      double x = random.nextGaussian();
      double y = Math.scalb(random.nextGaussian(), random.nextInt(60) - 30);
      ExactSum sum = new ExactSum();
      sum.addProduct(x, y);
      float computed = (float) (x * y) * (1 + random.nextInt(9) * 0x1p-23f);
      BigDecimal exact = new BigDecimal(x).multiply(new BigDecimal(y));
      double ulp = Math.scalb(1.0, Math.getExponent(exact.doubleValue()) - 23);
      double expected =
          exact
              .subtract(new BigDecimal(computed))
              .abs()
              .divide(new BigDecimal(ulp), MathContext.DECIMAL128)
              .doubleValue();
      assertEquals(expected, sum.ulpError(computed, DType.F32), "trial " + trial);
    }
    assertEquals(0.0, new ExactSum().ulpError(-0.0, DType.F32));
    assertEquals(3.0, new ExactSum().ulpError(3 * Float.MIN_VALUE, DType.F32));
  }

  @Test
  void manyAdditionsOfOneSignCarry() {
    ExactSum sum = new ExactSum();
    int n = 3_000_000;
    for (int i = 0; i < n; i++) {
      sum.addProduct(-0x1.fffffffffffffp0, 0x1.fffffffffffffp0);
    }
    BigDecimal each = new BigDecimal(0x1.fffffffffffffp0).pow(2).negate();
    check(each.multiply(BigDecimal.valueOf(n)), sum, "sum");
  }

  @Test
  void carriesBeforeADigitOverflowsAndMergesExactly() {
    Random random = new Random(5);
    ExactSum often = new ExactSum(3);
    ExactSum seldom = new ExactSum();
    ExactSum merged = new ExactSum();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i < 500; i++) {
      long significand = i == 0 ? Long.MIN_VALUE : random.nextLong();
      int exponent = random.nextInt(1800) - 1000;
      often.addScaled(significand, exponent);
      seldom.addScaled(significand, exponent);
      ExactSum part = new ExactSum();
      part.addScaled(significand, exponent);
      merged.add(part);
      BigDecimal power =
          exponent < 0
              ? BigDecimal.ONE.divide(BigDecimal.valueOf(2).pow(-exponent))
              : BigDecimal.valueOf(2).pow(exponent);
      expected = expected.add(BigDecimal.valueOf(significand).multiply(power));
      check(expected, often, "often " + i);
      check(expected, merged, "merged " + i);
    }
    check(expected, seldom, "seldom");
    merged.add(Double.POSITIVE_INFINITY);
    seldom.add(merged);
    assertEquals(Double.POSITIVE_INFINITY, seldom.round(DType.F64));
    seldom.clear();
    assertEquals("0x0.0p0", Double.toHexString(seldom.round(DType.F64)));
  }
}
