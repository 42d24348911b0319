package dev.samebits.backend.jvm;

import static dev.samebits.backend.jvm.ExactReductionTest.check;
import static dev.samebits.backend.jvm.ExactReductionTest.fill;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.jvm.ExactReductionTest.Type;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Exact inner products in and around the windows that take rounded products and their errors. */
class ExactProductsTest {
  /**
   * Every width of exponents around a window's own. All but the lowest bit of the small products,
   * 2^-104 below the highest, cancels.
   */
  @Test
  void productsThatJustFitAWindowOrDoNot() {
    double odd = 1 + 0x1p-52;
    for (int width = 25; width < 60; width++) {
      double unit = Math.scalb(1.0, -width);
      double[] x = fill(Type.F64, 4096, i -> i % 2 == 0 ? 1.9 : -1.9);
      double[] y = fill(Type.F64, 4096, i -> odd);
      x[4000] = odd * unit;
      x[4001] = 0; // takes no place in a window
      x[4090] = -(1 + 0x1p-51) * unit;
      y[4090] = 1;
      x[4091] = 0;
      double[] backwards = fill(Type.F64, 4096, i -> x[4095 - i]);
      double[] yBackwards = fill(Type.F64, 4096, i -> y[4095 - i]);
      assertEquals(Math.scalb(unit, -104), check(Type.F64, "late " + width, x, y));
      assertEquals(
          Math.scalb(unit, -104), check(Type.F64, "early " + width, backwards, yBackwards));
    }
  }

  /** 1 + 2^-53 is a tie, which a product that underflows to zero decides. */
  @Test
  void aProductThatUnderflowsAmongOthersIsNotLost() {
    for (double tiny : new double[] {0, 1e-200, -1e-200, Double.MIN_VALUE, -0x1p-540}) {
      for (int n : new int[] {16, 1024, 5000}) {
        double[] x = fill(Type.F64, n, i -> i % 2 == 0 ? 1.5 : -1.5);
        double[] y = fill(Type.F64, n, i -> 1);
        x[0] = 1 + 0x1p-27;
        y[0] = 1 + 0x1p-26;
        x[1] = -0x3p-27;
        x[n - 2] = tiny;
        y[n - 2] = 1e-200;
        x[n - 1] = 0;
        assertEquals(tiny > 0 ? 1 + 0x1p-52 : 1, check(Type.F64, "tiny " + tiny, x, y));
      }
    }
  }

  /** The lowest window, whose last unit is 2^-1074, the highest, and what is beyond them. */
  @Test
  void productsAtTheEndsOfTheRange() {
    Random random = new Random(7);
    for (int exponent : new int[] {-1000, -970, -935, -931, -930, -925, 1000, 1010, 1012, 1016}) {
      int half = exponent / 2;
      double[] x = fill(Type.F64, 2500, i -> Math.scalb(random.nextGaussian(), half));
      double[] y = fill(Type.F64, 2500, i -> Math.scalb(random.nextGaussian(), exponent - half));
      check(Type.F64, "exponent " + exponent, x, y);
    }
  }

  /** All accumulators of products move the same way as far as they can, for many blocks. */
  @Test
  void windowsOfProductsFilledToTheirLimits() {
    for (double[] pair :
        new double[][] {{2, 2}, {0x1.fffffffffffffp0, 0x1.fffffffffffffp0}, {-3, 1.3}}) {
      // The first products set the window; all others are the largest that fit it.
      double[] x = fill(Type.F64, 270 * 1024 + 5, i -> i < 1024 ? Math.signum(pair[0]) : pair[0]);
      double[] y = fill(Type.F64, x.length, i -> i < 1024 ? 1 : pair[1]);
      check(Type.F64, "limit " + pair[0], x, y);
    }
    double x = 1 + 0x1p-26;
    for (double y : new double[] {x, 1 - 0x1p-27, 1 + 0x1p-44 - 0x1p-52}) {
      check(Type.F64, "errors", fill(Type.F64, 30_000, i -> x), fill(Type.F64, 30_000, i -> y));
    }
  }
}
