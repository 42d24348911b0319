package dev.samebits.metric;

/**
 * Distance in units in the last place on the ordered-integer line: the number of steps from one
 * floating-point number to the next. -0 and +0 share one place; the infinities come one step after
 * the largest finite numbers; NaN has no place.
 */
public final class Ulp {
  private Ulp() {}

  /**
   * Steps between two f32 numbers.
   *
   * @throws IllegalArgumentException if either is NaN
   */
  public static long distance(float a, float b) {
    requireNumbers(a, b);
    return Math.abs(place(a) - place(b));
  }

  /**
   * Steps between two f64 numbers, {@code Long.MAX_VALUE} if there are more than that.
   *
   * @throws IllegalArgumentException if either is NaN
   */
  public static long distance(double a, double b) {
    requireNumbers(a, b);
    long x = place(a);
    long y = place(b);
    long difference = Math.max(x, y) - Math.min(x, y);
    return difference < 0 ? Long.MAX_VALUE : difference;
  }

  private static long place(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits < 0 ? -(long) (bits & Integer.MAX_VALUE) : bits;
  }

  private static long place(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits < 0 ? -(bits & Long.MAX_VALUE) : bits;
  }

  private static void requireNumbers(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      throw new IllegalArgumentException("no ULP distance between " + a + " and " + b);
    }
  }
}
