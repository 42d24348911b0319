package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** The constants are what their comments say, computed again from exact series. */
class ConstantsTest {
  private static final MathContext DIGITS = new MathContext(60);

  /** ln 2 = 2 artanh(1/3). */
  private static final BigDecimal LN_2 = ln2();

  private static BigDecimal ln2() {
    BigDecimal sum = BigDecimal.ZERO;
    for (int n = 0; n < 70; n++) {
      BigDecimal power = new BigDecimal(3).pow(2 * n + 1).multiply(new BigDecimal(2 * n + 1));
      sum = sum.add(new BigDecimal(2).divide(power, DIGITS));
    }
    return sum;
  }

  private static BigDecimal ratio(long a, long b) {
    return new BigDecimal(a).divide(new BigDecimal(b), DIGITS);
  }

  @Test
  void coefficientsAreCorrectlyRounded() {
    long factorial = 1;
    for (int n = 2; n <= ConstantsF64.EXP_TERMS + 1; n++) {
      factorial *= n;
      BigDecimal exact = ratio(1, factorial);
      same(exact.doubleValue(), ConstantsF64.exp(ConstantsF64.EXP_TERMS + 1 - n));
      if (n <= ConstantsF32.EXP_TERMS + 1) {
        same(exact.floatValue(), ConstantsF32.exp(ConstantsF32.EXP_TERMS + 1 - n));
      }
    }
    for (int n = 1; n <= ConstantsF64.LOG_TERMS; n++) {
      BigDecimal exact = ratio(2, 2 * n + 1);
      same(exact.doubleValue(), ConstantsF64.log(ConstantsF64.LOG_TERMS - n));
      if (n <= ConstantsF32.LOG_TERMS) {
        same(exact.floatValue(), ConstantsF32.log(ConstantsF32.LOG_TERMS - n));
      }
    }
  }

  @Test
  void logarithmOfTwoIsSplitExactly() {
    same(LN_2.subtract(new BigDecimal(ConstantsF32.LN2_HI)).floatValue(), ConstantsF32.LN2_LO);
    same(LN_2.subtract(new BigDecimal(ConstantsF64.LN2_HI)).doubleValue(), ConstantsF64.LN2_LO);
    same(BigDecimal.ONE.divide(LN_2, DIGITS).floatValue(), ConstantsF32.LOG2_E);
    same(BigDecimal.ONE.divide(LN_2, DIGITS).doubleValue(), ConstantsF64.LOG2_E);
    same(0, Float.floatToIntBits(ConstantsF32.LN2_HI) & (1 << 24 - 15) - 1);
    same(0, Double.doubleToLongBits(ConstantsF64.LN2_HI) & (1 << 53 - 42) - 1);
  }

  @Test
  void bitsAreThoseOfTheirNumbers() {
    same(new BigDecimal(2).sqrt(DIGITS).floatValue(), ConstantsF32.SQRT_2);
    same(new BigDecimal(2).sqrt(DIGITS).doubleValue(), ConstantsF64.SQRT_2);
    same(Math.nextUp(ConstantsF32.SQRT_2) / 2, Float.intBitsToFloat(ConstantsF32.HALF_SQRT_2));
    same(Math.nextUp(ConstantsF64.SQRT_2) / 2, Double.longBitsToDouble(ConstantsF64.HALF_SQRT_2));
    same(0x1p23, Float.intBitsToFloat(ConstantsF32.INTEGER));
    same(0x1p52, Double.longBitsToDouble(ConstantsF64.INTEGER));
    same(1, Float.intBitsToFloat(ConstantsF32.ONE));
    same(1, Double.longBitsToDouble(ConstantsF64.ONE));
    same(-126, ConstantsF32.LOWEST_ROUNDED - ConstantsF32.ROUNDER);
    same(-1022, ConstantsF64.LOWEST_ROUNDED - ConstantsF64.ROUNDER);
  }

  private static void same(double wanted, double constant) {
    assertEquals(Double.toHexString(wanted), Double.toHexString(constant));
  }
}
