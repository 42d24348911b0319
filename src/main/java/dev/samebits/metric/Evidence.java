package dev.samebits.metric;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * What clean repeats on a sampled axis prove. If each repeat differed with probability p, R repeats
 * would all be clean with probability (1 - p)^R; the p at which that is 5 % is the upper end of the
 * one-sided 95 % interval of Clopper and Pearson (Biometrika 26, 1934, doi:10.1093/biomet/26.4.404)
 * for 0 of R. It holds for independent repeats.
 */
public final class Evidence {
  private Evidence() {}

  /**
   * Upper bound of p at 95 % after clean repeats: {@code 1 - 0.05^(1/R)}.
   *
   * @param repeats R; 0 proves nothing and gives 1
   */
  public static double upperBound(long repeats) {
    if (repeats < 0) {
      throw new IllegalArgumentException(repeats + " repeats");
    }
    return repeats == 0 ? 1 : -Math.expm1(Math.log(0.05) / repeats);
  }

  /**
   * The bound in words, e.g. {@code 0 of 200 repeats differ: p < 1.5 % at 95 %}. The percentage is
   * rounded up, to one decimal or two significant digits, whichever is finer.
   */
  public static String words(long repeats) {
    BigDecimal percent = BigDecimal.valueOf(upperBound(repeats)).movePointRight(2);
    int leadingZeros = percent.scale() - percent.precision();
    return String.format(
        Locale.ROOT,
        "0 of %d repeats differ: p < %s %% at 95 %%",
        repeats,
        percent.setScale(Math.max(1, leadingZeros + 2), RoundingMode.CEILING).toPlainString());
  }
}
