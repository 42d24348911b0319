package dev.samebits.analysis;

/**
 * Whether b is faster or slower than a. Three answers and an honest fourth:
 *
 * <ul>
 *   <li>{@code SAME}: the whole 95 % interval of the ratio lies within {@value #MARGIN_PERCENT} %;
 *   <li>{@code SLOWER}, {@code FASTER}: the interval leaves out 1 and the ratio itself is beyond
 *       the margin (both are asked for, so that neither noise nor a trifle is called);
 *   <li>{@code AMBIGUOUS}: anything else, with the reason.
 * </ul>
 *
 * @param call the answer, about b
 * @param reason why this answer
 * @param ratio time of b over time of a
 */
public record SpeedDecision(Call call, Reason reason, Ratio ratio) {
  /** Differences up to this many per cent count as none. */
  public static final int MARGIN_PERCENT = 3;

  private static final double MARGIN = 1 + MARGIN_PERCENT / 100.0;

  /** The answer. */
  public enum Call {
    /** b takes less time. */
    FASTER,
    /** b takes more time. */
    SLOWER,
    /** Neither, and the data can tell. */
    SAME,
    /** The data cannot tell. */
    AMBIGUOUS
  }

  /** Why. */
  public enum Reason {
    /** The interval lies within the margin. */
    WITHIN_MARGIN,
    /** The interval leaves out 1 and the ratio is beyond the margin. */
    BEYOND_MARGIN,
    /** A side has fewer than two forks, so the spread between forks is unknown. */
    TOO_FEW_FORKS,
    /** The interval holds 1 and reaches beyond the margin: forks differ too much. */
    TOO_NOISY,
    /** The interval leaves out 1, but the ratio is within the margin. */
    BORDERLINE
  }

  /** Decides from times per fork and iteration; forks of both sides interleaved in time. */
  public static SpeedDecision decide(double[][] a, double[][] b) {
    Ratio r = Ratio.of(a, b);
    if (r.forks() < 2) {
      return new SpeedDecision(Call.AMBIGUOUS, Reason.TOO_FEW_FORKS, r);
    } else if (r.low() >= 1 / MARGIN && r.high() <= MARGIN) {
      return new SpeedDecision(Call.SAME, Reason.WITHIN_MARGIN, r);
    } else if (r.low() <= 1 && r.high() >= 1) {
      return new SpeedDecision(Call.AMBIGUOUS, Reason.TOO_NOISY, r);
    } else if (r.value() > MARGIN) {
      return new SpeedDecision(Call.SLOWER, Reason.BEYOND_MARGIN, r);
    } else if (r.value() < 1 / MARGIN) {
      return new SpeedDecision(Call.FASTER, Reason.BEYOND_MARGIN, r);
    }
    return new SpeedDecision(Call.AMBIGUOUS, Reason.BORDERLINE, r);
  }

  /** Decides from one time per fork. */
  public static SpeedDecision decide(double[] a, double[] b) {
    return decide(forks(a), forks(b));
  }

  private static double[][] forks(double[] times) {
    double[][] forks = new double[times.length][];
    java.util.Arrays.setAll(forks, i -> new double[] {times[i]});
    return forks;
  }
}
