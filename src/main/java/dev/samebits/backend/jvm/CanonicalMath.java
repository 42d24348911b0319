package dev.samebits.backend.jvm;

/**
 * exp, log, tanh and the logistic sigmoid of the canonical order. The source of {@link F32Math} and
 * the hex constants of {@link ConstantsF32} and {@link ConstantsF64} are the definition: they use
 * only addition, subtraction, multiplication, division and fma, each rounded to nearest even, so
 * the bits are the same wherever those five are IEEE 754; other backends copy the constants.
 *
 * <p>Error below 1 ULP over the whole range, subnormals included; the largest seen over all
 * 2<sup>32</sup> arguments of f32 and a random sample of f64 stands in {@code
 * src/site/markdown/determinism.md}. Every NaN returned is the canonical one. {@code exp(-inf) =
 * +0}, {@code exp(+-0) = 1}, {@code log(1) = +0}, {@code log(+-0) = -inf}, {@code log(x < 0) =
 * NaN}, {@code tanh(+-0) = +-0}, {@code tanh(+-inf) = +-1}, {@code sigmoid(-inf) = +0}, {@code
 * sigmoid(inf) = 1}.
 *
 * <p><b>exp.</b> x = k ln 2 + r with k the integer nearest to x / ln 2, so |r| &lt; 0.347. ln 2 is
 * split in two (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980): the
 * high part has so few bits that k times it is exact, and c keeps what r loses in rounding. The
 * polynomial is Taylor's, its coefficients the correctly rounded 1/n!: the first term left out is
 * below 2<sup>-31</sup> of the result in f32 (r<sup>9</sup>/9!) and 2<sup>-62</sup> in f64
 * (r<sup>15</sup>/15!). 1 + r is added without loss (Fast2Sum: T. J. Dekker,
 * doi:10.1007/BF01397083) and 2<sup>k</sup> multiplied in two exact steps; only a subnormal result
 * is rounded again.
 *
 * <p><b>log.</b> x = 2<sup>e</sup> (1 + f) with 1 + f in (sqrt 1/2, sqrt 2] and s = f / (2 + f).
 * Then log(1 + f) = 2 artanh s = f - f<sup>2</sup>/2 + s (f<sup>2</sup>/2 + R) with R = 2
 * s<sup>2</sup>/3 + 2 s<sup>4</sup>/5 + ..., the form of fdlibm's e_log.c (Sun Microsystems, 1993);
 * here R has the correctly rounded coefficients of the series itself, cut where s<sup>2</sup> &lt;
 * 0.0295 makes the next term smaller than 2<sup>-30</sup> (f32) or 2<sup>-60</sup> (f64) of the
 * result. e ln 2 is added in two parts.
 *
 * <p><b>tanh, sigmoid.</b> With E = exp(-2|x|), tanh |x| = (1 - E) / (1 + E). With E = exp(-|x|),
 * the sigmoid is 1 / (1 + E) for x &gt;= 0 and E / (1 + E) below. E is kept as a sum of two
 * numbers, and so are numerator and denominator; the quotient of their high parts is corrected once
 * by its remainder, to which the low parts are added. So nothing but the last fma rounds by half an
 * ULP; the rest, at most a third of an ULP, comes from the tail of E.
 */
public final class CanonicalMath {
  private CanonicalMath() {}

  /** e to the power x. */
  public static float exp(float x) {
    return F32Math.exp(x);
  }

  /** e to the power x. */
  public static double exp(double x) {
    return F64Math.exp(x);
  }

  /** Natural logarithm of x. */
  public static float log(float x) {
    return F32Math.log(x);
  }

  /** Natural logarithm of x. */
  public static double log(double x) {
    return F64Math.log(x);
  }

  /** Hyperbolic tangent of x. */
  public static float tanh(float x) {
    return F32Math.tanh(x);
  }

  /** Hyperbolic tangent of x. */
  public static double tanh(double x) {
    return F64Math.tanh(x);
  }

  /** 1 / (1 + e to the power -x). */
  public static float sigmoid(float x) {
    return F32Math.sigmoid(x);
  }

  /** 1 / (1 + e to the power -x). */
  public static double sigmoid(double x) {
    return F64Math.sigmoid(x);
  }
}
