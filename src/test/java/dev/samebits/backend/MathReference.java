package dev.samebits.backend;

import dev.samebits.backend.jvm.CanonicalMath;
import dev.samebits.kernel.Kernel;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * The elementary functions, known well enough to judge a result in f32 (f64 by StrictMath, whose
 * error of an ULP of f64 does not matter) and in f64 (series of 50 digits).
 */
public enum MathReference {
  /** e to the power x. */
  EXP(StrictMath::exp, MathReference::exp),
  /** Natural logarithm. */
  LOG(StrictMath::log, MathReference::log),
  /** Hyperbolic tangent. */
  TANH(StrictMath::tanh, MathReference::tanh),
  /** 1 / (1 + exp(-x)). */
  SIGMOID(MathReference::sigmoidOfDouble, MathReference::sigmoid);

  private static final MathContext DIGITS = new MathContext(50);
  private static final BigDecimal TWO = new BigDecimal(2);

  private final DoubleUnaryOperator near;
  private final DoubleFunction<BigDecimal> exact;

  MathReference(DoubleUnaryOperator near, DoubleFunction<BigDecimal> exact) {
    this.near = near;
    this.exact = exact;
  }

  /** The canonical function in f32. */
  public float single(float x) {
    return switch (this) {
      case EXP -> CanonicalMath.exp(x);
      case LOG -> CanonicalMath.log(x);
      case TANH -> CanonicalMath.tanh(x);
      case SIGMOID -> CanonicalMath.sigmoid(x);
    };
  }

  /** The canonical function in f64. */
  public double twice(double x) {
    return switch (this) {
      case EXP -> CanonicalMath.exp(x);
      case LOG -> CanonicalMath.log(x);
      case TANH -> CanonicalMath.tanh(x);
      case SIGMOID -> CanonicalMath.sigmoid(x);
    };
  }

  /** The function of a kernel. */
  static MathReference of(Kernel kernel) {
    return valueOf(kernel.name());
  }

  /** The kernel's id. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Error of f32's result in units of its last place; infinity for a wrong special value. */
  public double singleError(float x) {
    return singleError(x, single(x));
  }

  /** Error of a result y in f32. */
  public double singleError(float x, float y) {
    double correct = near.applyAsDouble(x);
    if (Double.isNaN(correct)) {
      return Float.floatToRawIntBits(y) == 0x7fc00000 ? 0 : Double.POSITIVE_INFINITY;
    }
    float nearest = (float) correct;
    if (Float.isInfinite(y) || Float.isInfinite(nearest) || nearest == 0) {
      return error(y, nearest);
    }
    int exponent = Math.max(Math.getExponent(correct), Float.MIN_EXPONENT);
    double error = Math.abs(y - correct) * Double.longBitsToDouble(1023L + 23 - exponent << 52);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  private static double error(float y, float wanted) {
    return Float.floatToRawIntBits(y) == Float.floatToRawIntBits(wanted)
        ? 0
        : Math.abs(y - wanted) <= Float.MIN_VALUE ? 1 : Double.POSITIVE_INFINITY;
  }

  /** Error of f64's result for a finite x with a finite result that is not 0. */
  public double twiceError(double x) {
    double y = twice(x);
    if (!Double.isFinite(y)) {
      return Double.POSITIVE_INFINITY;
    }
    BigDecimal correct = exact.apply(x);
    int exponent = Math.max(Math.getExponent(correct.doubleValue()), Double.MIN_EXPONENT);
    BigDecimal ulp = new BigDecimal(Math.scalb(1.0, exponent - 52));
    return new BigDecimal(y).subtract(correct).abs().divide(ulp, DIGITS).doubleValue();
  }

  private static double sigmoidOfDouble(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  /** e^x: Taylor's series at x / 2^12, squared twelve times. */
  private static BigDecimal exp(double x) {
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
  private static BigDecimal log(double x) {
    double y = StrictMath.log(x);
    BigDecimal t = new BigDecimal(x).multiply(exp(-y), DIGITS).subtract(BigDecimal.ONE, DIGITS);
    BigDecimal square = t.multiply(t, DIGITS);
    return new BigDecimal(y)
        .add(t)
        .subtract(square.divide(TWO, DIGITS))
        .add(square.multiply(t, DIGITS).divide(new BigDecimal(3), DIGITS), DIGITS);
  }

  /** (1 - e^-2x) / (1 + e^-2x); for small x, where that cancels, x - x^3/3 + 2x^5/15. */
  private static BigDecimal tanh(double x) {
    BigDecimal exactX = new BigDecimal(x);
    if (Math.abs(x) < 1e-8) {
      BigDecimal square = exactX.multiply(exactX, DIGITS);
      BigDecimal inner = square.multiply(TWO).divide(new BigDecimal(15), DIGITS);
      BigDecimal third = BigDecimal.ONE.divide(new BigDecimal(3), DIGITS);
      BigDecimal factor = BigDecimal.ONE.subtract(square.multiply(third.subtract(inner), DIGITS));
      return exactX.multiply(factor, DIGITS);
    }
    BigDecimal e = exp(-2 * x);
    return BigDecimal.ONE.subtract(e).divide(BigDecimal.ONE.add(e), DIGITS);
  }

  private static BigDecimal sigmoid(double x) {
    return BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(-x)), DIGITS);
  }
}
