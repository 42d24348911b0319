package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.analysis.SpeedDecision.Call;
import dev.samebits.analysis.SpeedDecision.Reason;
import dev.samebits.kernel.Philox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fed with recorded times of the same code; the files say how they were made. */
class SpeedDecisionTest {
  private static final int SPLITS = 2000;
  private static final double[][] QUIET = read("timing-aa-quiet.csv");
  private static final double[][] LOADED = read("timing-aa-loaded.csv");

  private static double[][] read(String file) {
    try (var in = SpeedDecisionTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .map(l -> Arrays.stream(l.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Decides on many splits of the recorded forks into interleaved pairs: a window of the recording,
   * and a coin for each pair that says which of the two neighbours is a. All times of b are
   * multiplied by {@code factor}.
   */
  private static Map<Call, Integer> splits(double[][] forks, int pairs, double factor) {
    Philox random = new Philox(20261122, pairs);
    Map<Call, Integer> calls = new EnumMap<>(Call.class);
    for (Call c : Call.values()) {
      calls.put(c, 0);
    }
    long draw = 0;
    for (int split = 0; split < SPLITS; split++) {
      int from = random.bounded(draw++, forks.length - 2 * pairs + 1);
      double[][] a = new double[pairs][];
      double[][] b = new double[pairs][];
      for (int i = 0; i < pairs; i++) {
        int swap = random.bounded(draw++, 2);
        a[i] = forks[from + 2 * i + swap];
        b[i] = Arrays.stream(forks[from + 2 * i + 1 - swap]).map(t -> t * factor).toArray();
      }
      calls.merge(SpeedDecision.decide(a, b).call(), 1, Integer::sum);
    }
    return calls;
  }

  private static double share(Map<Call, Integer> calls, Call... which) {
    return Arrays.stream(which).mapToInt(calls::get).sum() / (double) SPLITS;
  }

  /** The interval alone may miss 1 in 5 % of splits; the margin brings that down. */
  @Test
  void doesNotCallTheSameCodeFasterOrSlower() {
    for (int pairs : new int[] {3, 5, 6, 8, 10, 12, 16, 24}) {
      double quiet = share(splits(QUIET, pairs, 1), Call.FASTER, Call.SLOWER);
      assertTrue(quiet <= 0.025, pairs + " pairs, quiet: false calls " + quiet);
    }
    for (int pairs : new int[] {3, 5, 6, 8, 10, 12, 16, 20}) {
      double loaded = share(splits(LOADED, pairs, 1), Call.FASTER, Call.SLOWER);
      assertTrue(loaded <= 0.05, pairs + " pairs, loaded: false calls " + loaded);
    }
    double all = share(splits(QUIET, 24, 1), Call.FASTER, Call.SLOWER);
    assertTrue(all <= 0.001, "24 pairs: false calls " + all);
  }

  @Test
  void callsFivePerCentAdded() {
    double slower = share(splits(QUIET, 24, 1.05), Call.SLOWER);
    assertTrue(slower >= 0.99, "24 pairs: called " + slower);
    double faster = share(splits(QUIET, 24, 1 / 1.05), Call.FASTER);
    assertTrue(faster >= 0.99, "24 pairs: called " + faster);
    for (int pairs : new int[] {3, 5, 8, 12, 24}) {
      double wrong = share(splits(QUIET, pairs, 1.05), Call.FASTER);
      assertEquals(0, wrong, pairs + " pairs: called faster");
    }
  }

  @Test
  void callsFiftyPerCentWithFewForks() {
    double five = share(splits(QUIET, 5, 1.5), Call.SLOWER);
    assertTrue(five >= 0.99, "5 pairs: called " + five);
    double three = share(splits(QUIET, 3, 1.5), Call.SLOWER);
    assertTrue(three >= 0.85, "3 pairs: called " + three);
  }

  @Test
  void oneForkASideDecidesNothing() {
    SpeedDecision d = SpeedDecision.decide(new double[] {1}, new double[] {9});
    assertEquals(Call.AMBIGUOUS, d.call());
    assertEquals(Reason.TOO_FEW_FORKS, d.reason());
  }

  @Test
  void reasonsAndTheirMargins() {
    double[] a = {100, 101, 99, 100};
    assertDecision(Call.SAME, Reason.WITHIN_MARGIN, a, new double[] {100.1, 101, 99.2, 100});
    assertDecision(Call.SLOWER, Reason.BEYOND_MARGIN, a, new double[] {110, 111.3, 109, 110});
    assertDecision(Call.FASTER, Reason.BEYOND_MARGIN, a, new double[] {90, 91, 89, 90});
    assertDecision(Call.AMBIGUOUS, Reason.TOO_NOISY, a, new double[] {80, 130, 95, 100});
    assertDecision(Call.AMBIGUOUS, Reason.BORDERLINE, a, new double[] {101, 105, 101, 104});
  }

  private static void assertDecision(Call call, Reason reason, double[] a, double[] b) {
    SpeedDecision d = SpeedDecision.decide(a, b);
    assertEquals(call + " " + reason, d.call() + " " + d.reason(), d.toString());
  }

  @Test
  void unequalNumbersOfForksAreNotPaired() {
    SpeedDecision d =
        SpeedDecision.decide(new double[] {100, 101, 99}, new double[] {150, 151, 149, 150});
    assertEquals(Call.SLOWER, d.call(), d.toString());
  }

  /** The exact 95 % interval of six pairs is the whole range of the differences. */
  @Test
  void sixPairsGiveTheRangeOfTheRatios() {
    double[] a = {1, 1, 1, 1, 1, 1};
    double[] b = {1.1, 1.2, 1.3, 1.4, 1.5, 1.6};
    Ratio r = SpeedDecision.decide(a, b).ratio();
    assertTrue(Math.abs(r.low() - 1.1) < 1e-12 && Math.abs(r.high() - 1.6) < 1e-12, r.toString());
  }

  @Test
  void rejectsTimesThatAreNone() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> SpeedDecision.decide(new double[] {1, bad}, new double[] {1, 1}));
    }
    assertThrows(
        IllegalArgumentException.class, () -> SpeedDecision.decide(new double[0], new double[1]));
  }
}
