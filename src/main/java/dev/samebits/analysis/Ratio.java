package dev.samebits.analysis;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Ratio of two times with its 95 % interval, from forks.
 *
 * <p>The unit is the fork: iterations of one process share its JIT decisions, heap layout and
 * machine state, so they are no independent samples (Kalibera and Jones, "Rigorous benchmarking in
 * reasonable time", ISMM 2013, doi:10.1145/2464157.2464160). A fork counts with its fastest
 * iteration, on a log scale: what else runs on a machine only ever adds time (Chen and Revels,
 * "Robust benchmarking in noisy environments", 2016, arXiv:1608.04295).
 *
 * <p>With equal numbers of forks, fork i of one side is paired with fork i of the other: they ran
 * next to each other, so drift of the machine cancels. From {@value #MIN_RANKED} pairs on, the
 * ratio is the Hodges-Lehmann estimate and the interval is the exact one of the Wilcoxon
 * signed-rank test, which a few disturbed forks cannot move far; from {@value #MIN_PAIRS} pairs on,
 * Student's t over the paired differences; else Welch's t over the two sides.
 *
 * @param value time of b over time of a
 * @param low lower end of the 95 % interval; 0 with fewer than two forks on a side
 * @param high upper end; positive infinity likewise
 * @param forks forks of the side with fewer
 */
public record Ratio(double value, double low, double high, int forks) {
  /** Fewest pairs for a paired interval. */
  public static final int MIN_PAIRS = 3;

  /** Fewest pairs at which the signed-rank test has a 95 % interval. */
  public static final int MIN_RANKED = 6;

  private static final double TAIL = 0.025;

  /**
   * Time of b over time of a.
   *
   * @param a time of each iteration of each fork, positive and finite
   * @param b the same of the other side
   */
  public static Ratio of(double[][] a, double[][] b) {
    double[] x = logBest("a", a);
    double[] y = logBest("b", b);
    int forks = Math.min(x.length, y.length);
    double middle = StatUtils.mean(y) - StatUtils.mean(x);
    if (forks < 2) {
      return new Ratio(Math.exp(middle), 0, Double.POSITIVE_INFINITY, forks);
    } else if (x.length != y.length || forks < MIN_PAIRS) {
      return around(middle, welch(x, y), forks);
    }
    double[] d = new double[forks];
    Arrays.setAll(d, i -> y[i] - x[i]);
    return forks < MIN_RANKED
        ? around(middle, t(forks - 1) * Math.sqrt(StatUtils.variance(d) / forks), forks)
        : signedRank(d);
  }

  private static Ratio around(double middle, double half, int forks) {
    return new Ratio(Math.exp(middle), Math.exp(middle - half), Math.exp(middle + half), forks);
  }

  /** Median of the means of all pairs of differences, and the exact interval around it. */
  private static Ratio signedRank(double[] d) {
    int n = d.length;
    double[] means = new double[n * (n + 1) / 2];
    int count = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        means[count++] = (d[i] + d[j]) / 2;
      }
    }
    Arrays.sort(means);
    int k = criticalRank(n);
    return new Ratio(
        Math.exp(StatUtils.percentile(means, 50)),
        Math.exp(means[k - 1]),
        Math.exp(means[count - k]),
        n);
  }

  /** Largest k with P(W &lt; k) at most 2.5 %, W the signed-rank statistic of n pairs. */
  private static int criticalRank(int n) {
    double[] p = new double[n * (n + 1) / 2 + 1];
    p[0] = 1;
    for (int i = 1; i <= n; i++) {
      for (int s = p.length - 1; s >= 0; s--) {
        p[s] = (p[s] + (s >= i ? p[s - i] : 0)) / 2;
      }
    }
    int k = 0;
    for (double sum = p[0]; sum <= TAIL; sum += p[k]) {
      k++;
    }
    return k;
  }

  private static double welch(double[] x, double[] y) {
    double u = StatUtils.variance(x) / x.length;
    double v = StatUtils.variance(y) / y.length;
    if (u + v == 0) {
      return 0;
    }
    double freedom = (u + v) * (u + v) / (u * u / (x.length - 1) + v * v / (y.length - 1));
    return t(freedom) * Math.sqrt(u + v);
  }

  private static double t(double freedom) {
    return new TDistribution(null, freedom).inverseCumulativeProbability(1 - TAIL);
  }

  private static double[] logBest(String side, double[][] forks) {
    if (forks.length == 0) {
      throw new IllegalArgumentException("side " + side + " has no forks");
    }
    double[] logs = new double[forks.length];
    for (int i = 0; i < forks.length; i++) {
      for (double t : forks[i]) {
        if (!(t > 0 && t < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "side " + side + ", fork " + i + ": time " + t + " is not positive and finite");
        }
      }
      if (forks[i].length == 0) {
        throw new IllegalArgumentException("side " + side + ", fork " + i + ": no iterations");
      }
      logs[i] = Math.log(StatUtils.min(forks[i]));
    }
    return logs;
  }
}
