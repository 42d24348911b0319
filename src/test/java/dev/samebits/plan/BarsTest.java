package dev.samebits.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Kernel;
import dev.samebits.plan.Plan.Bar;
import dev.samebits.plan.Plan.TimedCase;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code bars} of a suite file, read and planned. */
class BarsTest {
  private static final String ROW =
      "name: fast, kernels: matmul, dtypes: [f32, f64], shapes: [m8n8k8, m4n4k4],"
          + " subject: jvm/canonical, threads: [1, max]";
  private static final String AGAINST =
      ", against: [{who: openblas/default, speed: 1.0, each: 0.9}]";

  private static Suite suite(String row) {
    return SuiteReader.read(
        "x.yaml",
        ("{suite: x, timing: {forks: 6}, bars: [{" + row + "}]}").getBytes(StandardCharsets.UTF_8));
  }

  private static Plan plan(String row, Filters filters, int cores) {
    return PlanBuilder.build(suite(row), TableBackend.pair(), filters, cores);
  }

  private static Plan plan(String row) {
    return plan(row, Filters.NONE, 2);
  }

  @Test
  void aRowStandsForTheProductOfItsLists() {
    Plan plan = plan(ROW + AGAINST);
    assertEquals(1, plan.bars().size());
    Bar bar = plan.bars().get(0);
    assertEquals(2 * 2 * 2, bar.pairs().size());
    assertEquals(1, bar.bar());
    assertEquals(0.9, bar.each());
    assertEquals(BarSpec.Measure.SPEED, bar.measure());
    bar.pairs()
        .forEach(
            p -> {
              assertEquals(p.subject().id().problem(), p.opponent().id().problem());
              assertEquals(p.subject().conditions(), p.opponent().conditions());
              assertNull(p.emptySubject());
            });
    assertEquals(16, plan.timings().size());
  }

  @Test
  void bothSidesOfAPairAreNeighboursInOneContest() {
    List<TimedCase> timings = plan(ROW + AGAINST).timings();
    for (int i = 0; i < timings.size(); i += 2) {
      TimedCase a = timings.get(i);
      TimedCase b = timings.get(i + 1);
      assertEquals(a.contest(), b.contest());
      assertNotEquals("", a.contest());
      assertEquals(Set.of("jvm", "openblas"), Set.of(a.id().backend(), b.id().backend()));
    }
    Set<String> contests = new HashSet<>();
    timings.forEach(t -> contests.add(t.contest()));
    assertEquals(8, contests.size());
  }

  @Test
  void anEmptyCallIsTimedOnBothSides() {
    Plan plan = plan(ROW + AGAINST + ", empty_call: m0n0k0, subtract_empty_call: true");
    assertEquals(16 + 8, plan.timings().size());
    Bar bar = plan.bars().get(0);
    assertTrue(bar.subtract());
    assertEquals(
        "matmul/f32/m0n0k0/openblas/default/normal@1?threads=1",
        bar.pairs().get(0).emptyOpponent().toString());
  }

  @Test
  void everyOpponentIsABarOfItsOwnAndTheSubjectIsTimedOnce() {
    Plan plan =
        plan(
            ROW
                + ", against: [{who: openblas/default, speed: 1.0},"
                + " {who: openblas/single_thread, time: 2.5}]");
    assertEquals(2, plan.bars().size());
    assertEquals(BarSpec.Measure.TIME, plan.bars().get(1).measure());
    assertEquals(24, plan.timings().size());
  }

  @Test
  void whatAGroupTimesTooIsTimedOnce() {
    String yaml =
        "{suite: x, cases: [{kernel: matmul, dtypes: [f32, f64], shapes: m8n8k8, timed: true,"
            + " variants: {jvm: canonical}}], bars: [{"
            + ROW
            + AGAINST
            + "}]}";
    Plan plan =
        PlanBuilder.build(
            SuiteReader.read("x.yaml", yaml.getBytes(StandardCharsets.UTF_8)),
            TableBackend.pair(),
            Filters.NONE,
            2);
    assertEquals(16, plan.timings().size());
    assertEquals(plan.units().size(), new HashSet<>(plan.units()).size());
  }

  @Test
  void filtersKeepWholePairs() {
    List<String> none = List.of();
    String row = ROW + AGAINST;
    assertEquals(
        8, plan(row, new Filters(none, none, none, List.of("f32"), ""), 2).timings().size());
    assertEquals(
        16, plan(row, new Filters(none, none, none, none, "bar fast"), 2).timings().size());
    assertEquals(
        16, plan(row, new Filters(none, none, none, none, "openblas"), 2).timings().size());
    assertEquals(8, plan(row, new Filters(none, none, none, none, "m4n4"), 2).timings().size());
    assertThrows(
        IllegalArgumentException.class,
        () -> plan(row, new Filters(none, List.of("jvm"), none, none, ""), 2));
  }

  @Test
  void tooFewCoresLeaveABarWithoutCases() {
    Plan plan = plan((ROW + AGAINST).replace("[1, max]", "[1, 4]"));
    assertEquals(4, plan.bars().get(0).pairs().size());
    assertEquals(8, plan.skipped().size());
    assertEquals("needs 4 cores, here are 2", plan.skipped().get(0).why());
    assertEquals(4, plan(ROW + AGAINST, Filters.NONE, 1).bars().get(0).pairs().size());
  }

  @Test
  void theTextNamesBarAndPairsAndTheDigestFollows() {
    Plan plan = plan(ROW + AGAINST);
    String text = PlanText.of(plan);
    assertTrue(
        text.contains(
            "bar fast: jvm/canonical against openblas/default: speed at least 1.0,"
                + " each case at least 0.9"),
        text);
    assertTrue(
        text.contains("  matmul/f32/m4n4k4/jvm/canonical/normal@1?threads=2  against  "), text);
    assertNotEquals(plan.digest(), plan((ROW + AGAINST).replace("0.9", "0.8")).digest());
  }

  private static Plan onGpu(String timing, String row) {
    List<Backend> backends =
        List.of(
            new TableBackend("jvm").offer(Kernel.SUM, "canonical", true),
            new TableBackend("gpu")
                .offer(Kernel.SUM, "canonical atomic", true)
                .offer(Kernel.COPY, "driver", true)
                .offer(Kernel.MATMUL, "canonical", true)
                .asAccelerator());
    String yaml = "{suite: x, timing: {forks: 6" + timing + "}, bars: [{" + row + "}]}";
    return PlanBuilder.build(
        SuiteReader.read("x.yaml", yaml.getBytes(StandardCharsets.UTF_8)),
        backends,
        Filters.NONE,
        2);
  }

  private static final String SUMS =
      "name: sums, kernels: sum, dtypes: f32, shapes: n64, subject: gpu/canonical, ";

  @Test
  void anOpponentWithAKernelOfItsOwnIsTimedInTheSubjectsContest() {
    Plan plan =
        onGpu(
            ", together: 3",
            SUMS
                + "against: [{kernel: copy, who: gpu/driver, rate: 0.9}, {who: gpu/atomic, speed: 1}]");
    Bar rate = plan.bars().get(0);
    assertEquals(BarSpec.Measure.RATE, rate.measure());
    assertEquals("copy gpu/driver", rate.opponent());
    assertEquals(
        "copy/f32/n64/gpu/driver/normal@1", rate.pairs().get(0).opponent().id().toString());
    assertEquals(3, plan.timings().size());
    assertEquals(1, plan.timings().stream().map(TimedCase::contest).distinct().count());
    String text = PlanText.of(plan);
    assertTrue(text.contains("against copy gpu/driver: rate at least 0.9"), text);
    assertTrue(text.contains("6 rounds, 3 in a process, "), text);
    assertNotEquals(
        plan.digest(),
        onGpu(", together: 2", SUMS + "against: [{who: gpu/atomic, speed: 1}]").digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "against: [{who: jvm/canonical, speed: 1}] | one process can only time variants of accel",
        "against: [{kernel: matmul, who: gpu/canonical, rate: 1}] | have different units",
      })
  void whatCannotBeTimedOrComparedIsRefused(String against, String expected) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> onGpu(", together: 3", SUMS + against));
    assertTrue(e.getMessage().startsWith("x.yaml: bars[1] (sums): "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "against: [{kernel: copy, who: a/b, speed: 1}] | is compared by rate, no other is",
        "against: [{who: a/b, rate: 1}] | is compared by rate, no other is",
        "empty_call: m0n0k0, against: [{kernel: gemv, who: a/b, rate: 1}] | empty_call: not where",
        "against: [{who: openblas/default}] | bars[1]: against[1]: give one of speed",
        "against: [{who: openblas/default, speed: 1, time: 1}] | give one of speed",
        "against: [{who: openblas/default, speed: -1}] | speed: expected a ratio above 0",
        "against: [{who: openblas/default, sped: 1}] | did you mean 'speed'?",
        "against: [{who: openblas, speed: 1}] | who: expected backend/variant",
        "against: [{who: 'openblas/default?thread=1', speed: 1}] | unknown condition 'thread'",
        "against: [] | against: no opponent given",
        "against: [{who: jvm/a, speed: 1}, {who: jvm/a, time: 1}] | jvm/a is given twice",
        "subtract_empty_call: true, against: [{who: a/b, speed: 1}] | needs the shape of an empty",
        "empty_call: m1n1k9, against: [{who: a/b, speed: 1}] | is no empty call",
        "empty_call: n0, against: [{who: a/b, speed: 1}] | empty_call: shape 'n0'",
      })
  void aWrongRowIsRefusedWithItsPlace(String more, String expected) {
    var e = assertThrows(IllegalArgumentException.class, () -> suite(ROW + ", " + more));
    assertTrue(e.getMessage().startsWith("x.yaml: bars[1]"), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openblas/defualt | did you mean 'default'?",
        "openblsa/default | unknown backend 'openblsa'; did you mean 'openblas'?",
      })
  void unknownNamesAreRefusedWhenPlanned(String who, String expected) {
    String row = ROW + AGAINST.replace("openblas/default", who);
    var e = assertThrows(IllegalArgumentException.class, () -> plan(row));
    assertTrue(e.getMessage().startsWith("x.yaml: bars[1] (fast): "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void twoRowsOfOneNameAreRefused() {
    String row = "{" + ROW + AGAINST + "}";
    String yaml = "{suite: x, bars: [" + row + ", " + row + "]}";
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> SuiteReader.read("x.yaml", yaml.getBytes(StandardCharsets.UTF_8)));
    assertTrue(e.getMessage().contains("'fast' is taken"), e.getMessage());
  }
}
