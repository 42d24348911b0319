package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.kernel.DType;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The oracle of the exact sums against another exact arithmetic with a rounding of its own. */
class ExactOracleTest {
  @Test
  void agreesWithBigDecimalOverAllExponents() {
    Random random = new Random(1);
    for (int trial = 0; trial < 2000; trial++) {
      ExactOracle oracle = new ExactOracle();
      BigDecimal exact = BigDecimal.ZERO;
      int exponent = random.nextInt(2200) - 1120;
      for (int i = 0; i < 3; i++) {
        double a = Math.scalb(random.nextDouble() - 0.5, exponent / 2 + random.nextInt(60));
        double b = Math.scalb((double) random.nextInt(100), exponent - exponent / 2);
        oracle.add(a, b);
        exact = exact.add(new BigDecimal(a).multiply(new BigDecimal(b)));
      }
      assertEquals(exact.doubleValue() + 0.0, oracle.round(DType.F64), "trial " + trial);
      assertEquals(exact.floatValue() + 0f, (float) oracle.round(DType.F32), "trial " + trial);
    }
  }
}
