package dev.samebits.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.analysis.Judge;
import dev.samebits.analysis.SpeedDecision;
import dev.samebits.backend.Backends;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.plan.Plan;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions over {@link FaultyBackend}: every planted fault is recorded as what it is. */
class SessionIT {
  private static final Conditions ONE = Conditions.of(Conditions.THREADS, "1");

  @TempDir Path temp;
  private final List<String> notes = new ArrayList<>();
  private ResultStore store;

  @BeforeEach
  void plantFaults() throws IOException {
    System.setProperty("samebits.backends", FaultyBackend.class.getName());
    System.setProperty(FaultyBackend.STATE, Files.createDirectory(temp.resolve("state")) + "");
    System.setProperty(SessionContext.STALL, "6");
  }

  @AfterEach
  void clear() {
    System.clearProperty("samebits.backends");
    System.clearProperty(FaultyBackend.STATE);
    System.clearProperty(SessionContext.STALL);
  }

  private static CaseId id(String variant) {
    return CaseId.parse("relu/f32/n1000/faulty/" + variant + "/normal@1");
  }

  private static Plan.CaptureBatch batch(int process, int repeats, String... variants) {
    Backend backend = Backends.of(FaultyBackend.NAME);
    return new Plan.CaptureBatch(
        FaultyBackend.NAME,
        settings(variants[0]),
        ONE,
        process,
        Stream.of(variants)
            .map(v -> new Plan.CaptureCase(id(v), backend.variant(id(v).kernel(), v), repeats, 0.5))
            .toList());
  }

  private static Plan.TimedCase timed(String variant, int forks) {
    return timed(variant, new Plan.JmhSettings(forks, 1, 0.05, 3, 0.05));
  }

  private static Plan.TimedCase timed(String variant, Plan.JmhSettings settings) {
    Backend backend = Backends.of(FaultyBackend.NAME);
    return new Plan.TimedCase(
        id(variant),
        backend.variant(id(variant).kernel(), variant),
        ONE,
        settings(variant),
        settings);
  }

  private static ForkSettings settings(String variant) {
    Backend backend = Backends.of(FaultyBackend.NAME);
    return backend.forkSettings(backend.variant(id(variant).kernel(), variant), ONE);
  }

  private List<Record> run(boolean complete, Plan plan) {
    store = ResultStore.create(temp.resolve("run"));
    Session.Outcome outcome =
        new Session(
                plan,
                Backends.all(),
                store,
                new Session.Options(false, List.of("test"), "host"),
                new Listener())
            .run();
    assertEquals(complete, outcome.complete(), notes::toString);
    return store.records();
  }

  private static Plan plan(List<Plan.CaptureBatch> captures, List<Plan.TimedCase> timings) {
    return new Plan("test", "", captures, timings, List.of(), List.of());
  }

  private static <T extends Record.OfCase> List<T> of(
      List<Record> records, Class<T> type, String variant) {
    return records.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(r -> r.caseId().equals(id(variant).toString()))
        .toList();
  }

  /** What the analysis makes of the run, on one axis. */
  private Record.Verdict verdict(String variant, Axis axis) {
    return Judge.verdicts(store.records(), store.manifest().orElseThrow(), store::blob).stream()
        .filter(v -> v.caseId().equals(id(variant).toString()) && v.axis().equals(axis.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDifferenceInForkTwoShowsInItsFingerprint() {
    List<Record> records =
        run(
            true,
            plan(
                List.of(
                    batch(0, 5, "healthy", "one_ulp_in_fork_two"),
                    batch(1, 5, "healthy", "one_ulp_in_fork_two")),
                List.of()));
    List<Record.Output> healthy = of(records, Record.Output.class, "healthy");
    List<Record.Output> faulty = of(records, Record.Output.class, "one_ulp_in_fork_two");
    assertEquals(2, healthy.size());
    assertEquals(healthy.get(0).fingerprint(), healthy.get(1).fingerprint());
    assertEquals(2, faulty.size());
    assertFalse(faulty.get(0).fingerprint().equals(faulty.get(1).fingerprint()));
    assertEquals("IDENTICAL", verdict("healthy", Axis.PROCESS).outcome());
    assertEquals("IDENTICAL", verdict("one_ulp_in_fork_two", Axis.REPEAT).outcome());
    Record.Verdict process = verdict("one_ulp_in_fork_two", Axis.PROCESS);
    assertEquals("VARIES", process.outcome());
    assertEquals(1, process.maxUlp());
    assertTrue(process.promised());
  }

  @Test
  void aDeathInForkTwoCostsThatUnitAlone() {
    List<Record> records =
        run(
            false,
            plan(
                List.of(
                    batch(0, 5, "death_in_fork_two", "healthy"),
                    batch(1, 5, "death_in_fork_two", "healthy")),
                List.of()));
    List<Record.Failure> failures = of(records, Record.Failure.class, "death_in_fork_two");
    assertEquals(1, failures.size());
    assertEquals("FAILED", failures.get(0).verdict());
    assertTrue(failures.get(0).why().contains("exit code 77"), failures.get(0).why());
    assertEquals(1, failures.get(0).process());
    assertEquals("FAILED", verdict("death_in_fork_two", Axis.PROCESS).outcome());
    assertEquals("IDENTICAL", verdict("death_in_fork_two", Axis.REPEAT).outcome());
    assertEquals(1, of(records, Record.Capture.class, "death_in_fork_two").size());
    assertEquals(2, of(records, Record.Capture.class, "healthy").size());
  }

  /** The process ends after the case that lost the device, and the next one does the rest. */
  @Test
  void aLostDeviceCostsThatUnitAlone() {
    List<Record> records =
        run(
            false,
            plan(List.of(batch(0, 5, "one_ulp_in_fork_two", "device_lost", "healthy")), List.of()));
    Record.Failure failure = of(records, Record.Failure.class, "device_lost").get(0);
    assertEquals("FAILED", failure.verdict());
    assertEquals("planted: every later call fails too", failure.why());
    List<Record.Capture> before = of(records, Record.Capture.class, "one_ulp_in_fork_two");
    List<Record.Capture> after = of(records, Record.Capture.class, "healthy");
    assertEquals(1, before.size());
    assertEquals(1, after.size());
    assertFalse(before.get(0).fork().equals(after.get(0).fork()));
    assertEquals(1, records.stream().filter(Record.Failure.class::isInstance).count());
  }

  @Test
  void aHangIsEndedAndNamedAndTheNextCaseRuns() {
    List<Record> records = run(false, plan(List.of(batch(0, 5, "hang", "healthy")), List.of()));
    Record.Failure failure = of(records, Record.Failure.class, "hang").get(0);
    assertEquals("TIMEOUT", failure.verdict());
    assertTrue(failure.why().contains("no progress for 6 s"), failure.why());
    assertEquals("TIMEOUT", verdict("hang", Axis.REPEAT).outcome());
    assertEquals(1, of(records, Record.Capture.class, "healthy").size());
  }

  @Test
  void aNaNOnceAndADifferenceOnceInAThousandAreSeen() {
    List<Record> records =
        run(true, plan(List.of(batch(0, 1000, "nan_once", "once_in_a_thousand")), List.of()));
    List<Record.Output> nan = of(records, Record.Output.class, "nan_once");
    assertEquals(2, nan.size());
    assertEquals(4, nan.get(1).invocation());
    assertEquals(1, nan.get(1).difference().ulpHistogram().get("nan"));
    List<Record.Output> rare = of(records, Record.Output.class, "once_in_a_thousand");
    assertEquals(2, rare.size());
    assertEquals(1, rare.get(1).count());
    assertEquals(499, rare.get(1).invocation());
    assertEquals(1, rare.get(1).difference().maxUlp());
    assertEquals(1000, of(records, Record.Capture.class, "once_in_a_thousand").get(0).repeats());
    assertEquals("VARIES", verdict("nan_once", Axis.REPEAT).outcome());
    assertEquals(2, verdict("once_in_a_thousand", Axis.REPEAT).distinct());
  }

  @Test
  void aPinThatDidNotPinIsMistrustedAndOutOfMemoryIsFailed() {
    List<Record> records =
        run(
            false,
            plan(List.of(batch(0, 5, "wrong_threads", "out_of_memory", "healthy")), List.of()));
    Record.Failure pin = of(records, Record.Failure.class, "wrong_threads").get(0);
    assertEquals("MISTRUSTED", pin.verdict());
    assertTrue(pin.why().contains("threads=1") && pin.why().contains("threads=7"), pin.why());
    Record.Failure memory = of(records, Record.Failure.class, "out_of_memory").get(0);
    assertEquals("FAILED", memory.verdict());
    assertEquals(1, of(records, Record.Capture.class, "healthy").size());
  }

  @Test
  void aPinThatDidNotPinIsMistrustedWhereItIsTimedToo() {
    List<Record> records = run(false, plan(List.of(), List.of(timed("wrong_threads", 2))));
    List<Record.Failure> pins = of(records, Record.Failure.class, "wrong_threads");
    assertEquals(List.of(0, 1), pins.stream().map(Record.Failure::process).sorted().toList());
    for (Record.Failure pin : pins) {
      assertEquals("timing", pin.pass());
      assertEquals("MISTRUSTED", pin.verdict());
      assertTrue(pin.why().contains("threads=1") && pin.why().contains("threads=7"), pin.why());
    }
  }

  @Test
  void aVariableOfTheUsersIsTakenOutWhereAVariantNeedsItUnset() {
    assertTrue(System.getenv("PATH") != null, "the test needs a PATH");
    List<Record> records =
        run(true, plan(List.of(batch(0, 2, "without_path")), List.of(timed("without_path", 1))));
    assertEquals(1, of(records, Record.Capture.class, "without_path").size());
    assertEquals(1, of(records, Record.Timing.class, "without_path").size());
  }

  /** What a library loads when it is called first is known at the end of the process. */
  @Test
  void librariesThatAreLoadedLateAreRecorded() {
    Plan plan = plan(List.of(batch(0, 2, "loads_late")), List.of(timed("loads_late", 1)));
    List<Record.Bound> bound = of(run(true, plan), Record.Bound.class, "loads_late");
    assertEquals(4, bound.size(), "of each process, at its beginning and its end");
    for (int i = 0; i < 4; i++) {
      boolean late =
          bound.get(i).libraries().stream().anyMatch(l -> l.path().endsWith(FaultyBackend.LATE));
      assertEquals(i % 2 == 1, late, bound.get(i)::toString);
      assertEquals(bound.get(i / 2 * 2).effective(), bound.get(i).effective());
    }
  }

  @Test
  void timedForksAreRecordedOneByOneAndADeadOneCostsOnlyItself() {
    List<Record> records =
        run(false, plan(List.of(), List.of(timed("healthy", 2), timed("death_in_fork_two", 2))));
    List<Record.Timing> healthy = of(records, Record.Timing.class, "healthy");
    assertEquals(2, healthy.size());
    for (Record.Timing t : healthy) {
      assertEquals(3, t.samples().size());
      assertEquals(1, t.warmup().size());
      assertEquals(3, t.fingerprints().size() - t.warmup().size());
      assertTrue(t.samples().stream().allMatch(s -> s > 0));
      assertTrue(t.seconds() > 0.1 && t.seconds() < 5, () -> "seconds " + t.seconds());
    }
    assertEquals(1, of(records, Record.Timing.class, "death_in_fork_two").size());
    Record.Failure death = of(records, Record.Failure.class, "death_in_fork_two").get(0);
    assertEquals("timing", death.pass());
    assertTrue(death.why().contains("77"), death.why());
  }

  @Test
  void aTimedForkThatHangsIsEndedByTheWatchdog() {
    List<Record> records =
        run(false, plan(List.of(), List.of(timed("hang", 1), timed("healthy", 1))));
    assertEquals("TIMEOUT", of(records, Record.Failure.class, "hang").get(0).verdict());
    assertEquals(1, of(records, Record.Timing.class, "healthy").size());
  }

  @Test
  void aCaseMadeHalfAsSlowAgainIsCalledAgainstItsTwin() {
    // Many short iterations: on a busy machine some of them are undisturbed.
    Plan.JmhSettings settings = new Plan.JmhSettings(7, 3, 0.1, 20, 0.02);
    List<Record> records =
        run(
            true,
            plan(
                List.of(),
                List.of(against("twin", settings), against("slower_by_half", settings))));
    SpeedDecision decision =
        SpeedDecision.decide(samples(records, "twin"), samples(records, "slower_by_half"));
    assertEquals(SpeedDecision.Call.SLOWER, decision.call(), decision::toString);
    // Each round has both before the next begins, the other one first.
    List<String> order =
        records.stream()
            .filter(Record.Timing.class::isInstance)
            .map(r -> ((Record.Timing) r).caseId().split("/")[4])
            .toList();
    List<String> turns = List.of("twin", "slower_by_half", "slower_by_half", "twin");
    for (int i = 0; i < order.size(); i++) {
      assertEquals(turns.get(i % turns.size()), order.get(i), order.toString());
    }
    assertEquals(2 * settings.forks(), order.size());
  }

  /** Of a contest of two. */
  private static Plan.TimedCase against(String variant, Plan.JmhSettings settings) {
    Plan.TimedCase t = timed(variant, settings);
    return new Plan.TimedCase(t.id(), t.variant(), ONE, t.settings(), settings, "twins");
  }

  private static double[][] samples(List<Record> records, String variant) {
    return of(records, Record.Timing.class, variant).stream()
        .map(t -> t.samples().stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  private final class Listener implements SessionListener {
    @Override
    public void begin(int units, int done, double estimateSeconds) {}

    @Override
    public void progress(String what, int done, double secondsLeft) {}

    @Override
    public void note(String line) {
      notes.add(line);
    }

    @Override
    public void end() {}
  }
}
