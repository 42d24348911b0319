package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.DeviceSample;
import dev.samebits.kernel.Philox;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bars on made-up times: each kind of outcome is planted and must be found. */
class BarsTest {
  private static final int ROUNDS = 6;
  private static final String AT = "threads=1";

  private final RunFixture run = new RunFixture();
  private final List<Manifest.PairInfo> pairs = new ArrayList<>();
  private final Philox random = new Philox(11, 0);
  private long draw;

  private static String key(int n, String who) {
    return "matmul/f32/m" + n + "n" + n + "k" + n + "/" + who + "/normal@1";
  }

  /** A pair whose times are {@code subject} and {@code opponent} ns, spread by {@code noise}. */
  private BarsTest pair(int n, double subject, double opponent, double noise) {
    return pair(n, subject, opponent, noise, ROUNDS, ROUNDS);
  }

  private BarsTest pair(
      int n, double subject, double opponent, double noise, int subjects, int opponents) {
    time(key(n, "jvm/canonical"), subject, noise, subjects);
    time(key(n, "openblas/default"), opponent, noise, opponents);
    pairs.add(
        new Manifest.PairInfo(
            key(n, "jvm/canonical") + "?" + AT,
            key(n, "openblas/default") + "?" + AT,
            key(0, "jvm/canonical") + "?" + AT,
            key(0, "openblas/default") + "?" + AT));
    return this;
  }

  private void time(String id, double nanos, double noise, int forks) {
    for (int fork = 0; fork < forks; fork++) {
      double best = nanos * Math.exp(noise * (2 * random.uniformDouble(draw++) - 1));
      run.timing(id, AT, fork, "p", best * 1.5, best, best * 1.2);
    }
  }

  private Record.Bar speed(double bar, Double each) {
    return judge("speed", bar, each, false);
  }

  private Record.Bar judge(String measure, double bar, Double each, boolean subtract) {
    run.bar(
        new Manifest.BarInfo(
            "row", "", "jvm/canonical", "openblas/default", measure, bar, each, subtract, pairs));
    List<Record.Bar> bars = Bars.judge(run.records(), run.manifest());
    assertEquals(1, bars.size());
    return bars.get(0);
  }

  @Test
  void metClearly() {
    Record.Bar b = pair(8, 100, 120, 0.01).pair(16, 200, 220, 0.01).speed(1, 0.9);
    assertEquals("MET", b.outcome());
    assertTrue(b.clear(), b.toString());
    assertEquals("", b.why());
    // sqrt(1.2 * 1.1) = 1.149, each of the medians within 2 % of it
    assertTrue(Math.abs(b.whole().value() - 1.149) < 0.03, b.whole().toString());
    assertTrue(b.whole().low() < b.whole().value() && b.whole().value() < b.whole().high());
  }

  @Test
  void missedClearly() {
    Record.Bar b = pair(8, 120, 100, 0.01).pair(16, 220, 200, 0.01).speed(1, null);
    assertEquals("MISSED", b.outcome());
    assertTrue(b.clear());
    assertTrue(b.why().startsWith("geometric mean 0.8"), b.why());
  }

  @Test
  void aFloorViolatedMissesAlthoughTheMeanIsMet() {
    Record.Bar b = pair(8, 100, 300, 0.01).pair(16, 100, 80, 0.01).speed(1, 0.9);
    assertEquals("MISSED", b.outcome());
    assertTrue(b.clear());
    assertTrue(b.whole().value() > 1.4);
    assertTrue(b.why().contains("matmul f32 m16n16k16 x1: 0.8"), b.why());
    assertFalse(b.cases().get(1).holds());
    assertTrue(b.cases().get(0).holds());
  }

  @Test
  void timeIsALargestOne() {
    pair(8, 110, 100, 0.001);
    assertEquals("MET", judge("time", 1.2, null, false).outcome());
  }

  @Test
  void timeAboveTheBarIsMissed() {
    pair(8, 130, 100, 0.001);
    Record.Bar b = judge("time", 1.2, null, false);
    assertEquals("MISSED", b.outcome());
    assertTrue(Math.abs(b.whole().value() - 1.3) < 0.01);
  }

  /** The device's times of all iterations of a fork, the warm-up first. */
  private void device(String id, int fork, double... nanos) {
    for (int i = 0; i < nanos.length; i++) {
      DeviceSample sample =
          new DeviceSample(9, nanos[i], nanos[i], nanos[i], -1, -1, -1, -1, List.of(), false);
      run.add(new Record.Device("timing-" + fork, id, AT, fork, i, sample));
    }
  }

  /** By the host 100 against 120, by the device 50 against 80; warm-ups of 1 ns mean nothing. */
  @Test
  void theClockOfTheDeviceDecidesWhereBothSidesHaveIt() {
    pair(8, 100, 120, 0);
    for (int fork = 0; fork < ROUNDS; fork++) {
      device(key(8, "jvm/canonical"), fork, 1, 50, 60, 60);
      device(key(8, "openblas/default"), fork, 1, 90, 80, 85);
    }
    Record.Bar b = speed(1.5, null);
    assertEquals("MET", b.outcome());
    assertTrue(Math.abs(b.whole().value() - 1.6) < 1e-12, b.toString());
    assertEquals("device", b.cases().get(0).clock());
  }

  @Test
  void aDeviceOnOneSideOnlyIsNoClockForBoth() {
    pair(8, 100, 120, 0);
    for (int fork = 0; fork < ROUNDS; fork++) {
      device(key(8, "jvm/canonical"), fork, 1, 50, 60, 60);
    }
    Record.Bar b = speed(1, null);
    assertTrue(Math.abs(b.whole().value() - 1.2) < 1e-12, b.toString());
    assertEquals("", b.cases().get(0).clock());
  }

  /** 4 004 bytes in 10 ns against 8 000 bytes in 16: 0.8 of the bytes a second. */
  @Test
  void aRateComparesWorkASecond() {
    String sum = "sum/f32/n1000/jvm/canonical/normal@1";
    String copy = "copy/f32/n1000/openblas/default/normal@1";
    time(sum, 10, 0, ROUNDS);
    time(copy, 16, 0, ROUNDS);
    pairs.add(new Manifest.PairInfo(sum + "?" + AT, copy + "?" + AT, null, null));
    Record.Bar b = judge("rate", 0.9, null, false);
    assertEquals("MISSED", b.outcome());
    assertTrue(Math.abs(b.whole().value() - 4004 / 10.0 / (8000 / 16.0)) < 1e-12, b.toString());
  }

  @Test
  void oneSideMissingIsNotMeasured() {
    Record.Bar b = pair(8, 100, 120, 0.01).pair(16, 100, 120, 0.01, ROUNDS, 0).speed(1, null);
    assertEquals("NOT_MEASURED", b.outcome());
    assertFalse(b.clear());
    assertTrue(b.why().contains("1 of 2 cases not measured"), b.why());
    assertTrue(b.why().contains("the opponent was not timed"), b.why());
    assertTrue(b.whole().value() > 1.1, "the other case is still shown");
  }

  @Test
  void aFailureIsNamed() {
    run.failure(key(16, "openblas/default"), AT, "timing", 2, "TIMEOUT", "no end within 60 s");
    Record.Bar b = pair(16, 100, 120, 0.01, ROUNDS, 2).speed(1, null);
    assertTrue(b.why().contains("TIMEOUT: no end within 60 s"), b.why());
  }

  @Test
  void fourPairsAreTooFewAndFiveAreEnough() {
    assertEquals("NOT_MEASURED", pair(8, 100, 120, 0.01, 6, 4).speed(1, null).outcome());
    assertEquals("MET", new BarsTest().pair(8, 100, 120, 0.01, 6, 5).speed(1, null).outcome());
  }

  @Test
  void forksOfDifferentRoundsAreNoPairs() {
    for (int fork = 0; fork < ROUNDS; fork++) {
      run.timing(key(8, "jvm/canonical"), AT, fork, "p", 100.0);
      run.timing(key(8, "openblas/default"), AT, fork + 3, "p", 120.0);
    }
    pair(8, 1, 1, 0, 0, 0);
    Record.Bar b = speed(1, null);
    assertEquals("NOT_MEASURED", b.outcome());
    assertEquals(3, b.cases().get(0).pairs());
  }

  @Test
  void hugeNoiseDecidesButNotClearly() {
    Record.Bar b = pair(8, 100, 105, 0.7).pair(16, 100, 105, 0.7).speed(1, null);
    assertFalse(b.clear(), b.toString());
    assertTrue(b.whole().low() < 1 && b.whole().high() > 1, b.whole().toString());
  }

  @Test
  void theFastestIterationOfAForkCounts() {
    Record.Bar b = pair(8, 100, 100, 0).speed(1, null);
    assertEquals(1, b.whole().value());
  }

  @Test
  void anEmptyCallIsSubtractedRoundByRound() {
    pair(8, 150, 300, 0);
    time(key(0, "jvm/canonical"), 50, 0, ROUNDS);
    time(key(0, "openblas/default"), 250, 0, ROUNDS);
    Record.Bar b = judge("speed", 1, null, true);
    assertTrue(Math.abs(b.whole().value() - 2) < 1e-9, b.whole().toString());
    assertTrue(Math.abs(b.net().value() - 0.5) < 1e-9, b.net().toString());
    assertEquals("MISSED", b.outcome());
  }

  @Test
  void anEmptyCallThatTakesAsLongIsNamed() {
    pair(8, 150, 300, 0);
    time(key(0, "jvm/canonical"), 50, 0, ROUNDS);
    time(key(0, "openblas/default"), 300, 0, ROUNDS);
    Record.Bar b = judge("speed", 1, null, true);
    assertEquals("NOT_MEASURED", b.outcome());
    assertNull(b.net());
    assertTrue(b.why().contains("takes as long as the case"), b.why());
  }

  @Test
  void runsWithoutBarsHaveNone() {
    assertEquals(List.of(), run.summary().bars());
    assertTrue(run.summary().missedBars().isEmpty());
  }

  @Test
  void noCaseIsNotMeasured() {
    Record.Bar b = speed(1, null);
    assertEquals("NOT_MEASURED", b.outcome());
    assertEquals("no case can be run here", b.why());
  }
}
