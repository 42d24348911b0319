package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.result.Record;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontTest {
  private static final String AT = "threads=2";
  private final RunFixture run = new RunFixture();

  private static String id(String variant) {
    return "sum/f32/n1000/jvm/" + variant + "/normal@1";
  }

  /** A variant with its time and error, whose repeats and threads vary or not. */
  private FrontTest variant(
      String name, double nanos, double error, boolean repeats, boolean threads) {
    run.variant("sum", "jvm", name, "nondeterministic", List.of());
    String id = id(name);
    run.timing(id, AT, 0, "a", nanos, nanos);
    if (repeats) {
      run.capture(id, AT, 0, 50, 1, "a", "b");
    } else {
      run.clean(id, AT, 0, 50, "a");
    }
    run.clean(id, "threads=1", 0, 50, threads ? "c" : "a");
    run.add(new Record.Accuracy("capture-0", id, AT, 1, 1, error, error, 0));
    return this;
  }

  private Front front() {
    List<Front> all = run.summary().fronts();
    assertEquals(1, all.size());
    return all.get(0);
  }

  @Test
  void frontLevelsAndPrices() {
    Front f =
        variant("atomic", 100, 4, true, false)
            .variant("fast", 200, 2, false, true)
            .variant("canonical", 250, 1, false, false)
            .variant("slow", 400, 3, false, false)
            .front();
    assertEquals(
        List.of("jvm atomic", "jvm fast", "jvm canonical", "jvm slow"),
        f.points().stream().map(Front.Point::who).toList());
    assertEquals(
        List.of(true, true, true, false), f.points().stream().map(Front.Point::front).toList());
    assertEquals(
        List.of(Level.VARIES, Level.RUN_TO_RUN, Level.ALL_TRIED, Level.ALL_TRIED),
        f.points().stream().map(Front.Point::level).toList());
    assertEquals(
        List.of(
            "VARIES jvm atomic 1.00", "RUN_TO_RUN jvm fast 2.00", "ALL_TRIED jvm canonical 2.50"),
        f.prices().stream()
            .map(
                p ->
                    p.level()
                        + " "
                        + p.who()
                        + String.format(java.util.Locale.ROOT, " %.2f", p.price()))
            .toList());
  }

  @Test
  void whoKeepsMoreAndIsFastestCostsNothing() {
    Front f =
        variant("a", 100, 1, false, false)
            .variant("b", 200, 2, true, false)
            .variant("c", 300, 3, false, true)
            .front();
    f.prices().forEach(p -> assertEquals("jvm a", p.who()));
    assertTrue(f.points().get(0).front());
    assertFalse(f.points().get(1).front());
  }

  @Test
  void equalsAreBothOnTheFront() {
    Front f =
        variant("a", 100, 1, false, false)
            .variant("b", 100, 1, false, false)
            .variant("c", 100, 2, false, false)
            .front();
    assertEquals(2, f.points().stream().filter(Front.Point::front).count());
  }

  @Test
  void twoVariantsOrNoErrorMakeNoPicture() {
    variant("a", 100, 1, false, false).variant("b", 100, Double.NaN, false, false);
    variant("c", 100, 1, false, false);
    assertEquals(List.of(), run.summary().fronts());
  }

  @Test
  void aFailedProcessLeavesTheLevelUnknown() {
    run.failure(id("a"), AT, "capture", 1, "FAILED", "died");
    variant("a", 100, 1, false, false)
        .variant("b", 200, 2, false, false)
        .variant("c", 300, 3, false, false);
    assertEquals(Level.UNKNOWN, front().points().get(0).level());
    assertEquals(Level.UNKNOWN, Level.of(Map.of()));
  }

  @Test
  void peaksAreTheFastestIterationsByTypeAndThreads() {
    run.timing(
        "fma_chain/f32/n1000r50/jvm/canonical/normal@1", "threads=1", 0, "a", 2000.0, 1000.0);
    run.timing("fma_chain/f32/n1000r50/jvm/canonical/normal@1", AT, 0, "a", 500.0);
    run.timing("fma_chain/f64/n1000r50/jvm/canonical/normal@1", AT, 0, "a", 800.0);
    run.timing("sum/f32/n100000000/jvm/canonical/normal@1", AT, 0, "a", 2e7);
    run.timing("dot/f32/n100000000/jvm/canonical/normal@1", AT, 0, "a", 2e7);
    run.timing("dot/f32/n1000/jvm/canonical/normal@1", AT, 0, "a", 1.0);
    List<String> peaks =
        run.summary().peaks().stream()
            .map(p -> p.what() + p.dtype() + " x" + p.threads() + " " + Math.round(p.value()))
            .toList();
    assertEquals(
        List.of(
            "arithmeticf32 x1 100",
            "arithmeticf32 x2 200",
            "arithmeticf64 x2 125",
            "memory read x2 40"),
        peaks);
  }
}
