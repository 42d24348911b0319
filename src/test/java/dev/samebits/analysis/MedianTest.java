package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Philox;
import dev.samebits.result.Record.Interval;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
  /** Ranks from binomial tables: n 5 none (the range), 6 to 8 first, 9 second, 17 fifth. */
  @Test
  void endsAreTheRightOrderStatistics() {
    int[][] table = {{5, 1}, {6, 1}, {8, 1}, {9, 2}, {12, 3}, {17, 5}, {20, 6}};
    for (int[] row : table) {
      double[] x = new double[row[0]];
      for (int i = 0; i < x.length; i++) {
        x[i] = Math.pow(2, (7 * i) % x.length); // some order; distinct powers of two
      }
      Interval m = Median.of(x);
      java.util.Arrays.sort(x);
      assertTrue(Math.abs(m.low() / x[row[1] - 1] - 1) < 1e-12, row[0] + ": " + m);
      assertTrue(Math.abs(m.high() / x[x.length - row[1]] - 1) < 1e-12, row[0] + ": " + m);
    }
  }

  @Test
  void anEvenNumberIsJoinedGeometrically() {
    Interval m = Median.of(new double[] {1, 2, 8, 100});
    assertTrue(Math.abs(m.value() - 4) < 1e-12, m.toString());
  }

  @Test
  void ratiosAndTheirInversesAreTreatedAlike() {
    double[] x = {0.7, 1.1, 1.3, 0.9, 2, 1.05};
    double[] y = java.util.Arrays.stream(x).map(v -> 1 / v).toArray();
    assertTrue(Math.abs(Median.of(x).value() * Median.of(y).value() - 1) < 1e-12);
    assertTrue(Math.abs(Median.of(x).low() * Median.of(y).high() - 1) < 1e-12);
  }

  @Test
  void oneCaseHasTheIntervalOfItsMedian() {
    double[] x = {0.7, 1.1, 1.3, 0.9, 2, 1.05};
    assertEquals(Median.of(x), Median.geometricMean(List.of(x)));
  }

  /** Half the rounds are slow for all cases alike: a bootstrap of single cases would not see it. */
  @Test
  void driftSharedByAllCasesWidensTheInterval() {
    List<double[]> shared = new ArrayList<>();
    for (int c = 0; c < 30; c++) {
      shared.add(new double[] {1, 1, 1, 1.2, 1.2, 1.2});
    }
    Interval m = Median.geometricMean(shared);
    assertTrue(m.low() < 1.01 && m.high() > 1.19, m.toString());
  }

  /** The true ratio is 1: at most a tenth of the intervals of six rounds may leave it out. */
  @Test
  void coverageIsNearWhatIsSaid() {
    Philox random = new Philox(5, 0);
    int left = 0;
    int trials = 300;
    for (int t = 0; t < trials; t++) {
      List<double[]> cases = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        double[] x = new double[6];
        for (int i = 0; i < 6; i++) {
          x[i] = Math.exp(0.05 * random.normal((t * 4L + c) * 6 + i));
        }
        cases.add(x);
      }
      Interval m = Median.geometricMean(cases);
      left += m.low() > 1 || m.high() < 1 ? 1 : 0;
    }
    assertTrue(left <= trials / 10, left + " of " + trials);
  }
}
