package dev.samebits.analysis;

import dev.samebits.kernel.Philox;
import dev.samebits.result.Record.Interval;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Medians of ratios of paired forks, and geometric means of such medians, with 95 % intervals. All
 * is done on logarithms, so that a ratio and its inverse are treated alike.
 *
 * <p>The interval of one median is that of order statistics: between the k-th smallest and the k-th
 * largest ratio, k the largest with P(B &lt; k) at most 2.5 % for B binomial with n and 1/2. It
 * asks nothing of the distribution but that the pairs are independent. Six pairs give the whole
 * range (96.9 %); five pairs have no 95 % interval, and their range covers 93.8 %.
 *
 * <p>The interval of a geometric mean over several cases is a percentile bootstrap (Efron and
 * Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13) over the rounds of forks: a round
 * is drawn with all of its cases, because what slows the machine down for a while slows all of
 * them. Its random numbers are seeded, so that judging a run again gives the same interval.
 */
final class Median {
  private static final double TAIL = 0.025;
  private static final int RESAMPLES = 4000;
  private static final long SEED = 20261122;

  private Median() {}

  /**
   * The median of some ratios.
   *
   * @param ratios one per pair, positive and finite, at least one
   */
  static Interval of(double[] ratios) {
    double[] logs = Arrays.stream(ratios).map(Math::log).sorted().toArray();
    int n = logs.length;
    int k = Math.max(1, rank(n));
    return new Interval(Math.exp(middle(logs)), Math.exp(logs[k - 1]), Math.exp(logs[n - k]));
  }

  /** Largest k with P(B &lt; k) at most 2.5 %; 0 if there is none. */
  private static int rank(int n) {
    BinomialDistribution b = new BinomialDistribution(null, n, 0.5);
    int k = 0;
    while (b.cumulativeProbability(k) <= TAIL) {
      k++;
    }
    return k;
  }

  private static double middle(double[] sorted) {
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /**
   * The geometric mean over cases of the median over rounds.
   *
   * @param cases ratios by case and round; the same rounds in every case
   */
  static Interval geometricMean(List<double[]> cases) {
    if (cases.size() == 1) {
      return of(cases.get(0));
    }
    double[][] logs =
        cases.stream().map(c -> Arrays.stream(c).map(Math::log).toArray()).toArray(double[][]::new);
    int rounds = logs[0].length;
    int[] drawn = new int[rounds];
    Arrays.setAll(drawn, i -> i);
    double value = mean(logs, drawn);
    Philox random = new Philox(SEED, 0);
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < rounds; j++) {
        drawn[j] = random.bounded((long) i * rounds + j, rounds);
      }
      means[i] = mean(logs, drawn);
    }
    return new Interval(
        Math.exp(value),
        Math.exp(StatUtils.percentile(means, 100 * TAIL)),
        Math.exp(StatUtils.percentile(means, 100 * (1 - TAIL))));
  }

  private static double mean(double[][] logs, int[] rounds) {
    double sum = 0;
    double[] one = new double[rounds.length];
    for (double[] c : logs) {
      for (int j = 0; j < rounds.length; j++) {
        one[j] = c[rounds[j]];
      }
      Arrays.sort(one);
      sum += middle(one);
    }
    return sum / logs.length;
  }
}
