package dev.samebits.jmh;

import dev.samebits.plan.Estimate;
import dev.samebits.plan.Plan;
import dev.samebits.plan.Plan.Pass;
import dev.samebits.plan.Plan.Unit;
import dev.samebits.result.Record;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which units of a plan are settled, and how long the others will take. */
final class Tally {
  private final Map<Unit, Double> estimates = new LinkedHashMap<>();
  private final Set<Unit> ended = new LinkedHashSet<>();
  private final Set<Unit> skipped = new LinkedHashSet<>();
  private final Set<Unit> failed = new LinkedHashSet<>();
  private final SessionListener listener;
  private long started;
  private double estimateAtStart;

  Tally(Plan plan, SessionListener listener) {
    this.listener = listener;
    for (Plan.CaptureBatch b : plan.captures()) {
      double cases = b.cases().stream().mapToDouble(Estimate::seconds).sum();
      double start = (Estimate.seconds(b) - cases) / b.cases().size();
      for (Plan.CaptureCase c : b.cases()) {
        Unit unit =
            new Unit(Pass.CAPTURE, c.id().toString(), b.conditions().toString(), b.process());
        estimates.put(unit, start + Estimate.seconds(c));
      }
    }
    Estimate.rounds(plan)
        .forEach(
            (t, seconds) -> {
              for (int fork = 0; fork < t.jmh().forks(); fork++) {
                estimates.put(TimingRunner.unit(t, fork), seconds);
              }
            });
    for (Plan.TrainingRun r : plan.trainings()) {
      Unit unit = new Unit(Pass.TRAINING, r.id(), r.conditions().toString(), 0);
      estimates.put(unit, Estimate.seconds(r));
    }
  }

  /** Takes over what an earlier session has measured, and starts the clock. */
  void begin(Set<Unit> alreadyEnded) {
    alreadyEnded.stream().filter(estimates::containsKey).forEach(ended::add);
    started = System.nanoTime();
    estimateAtStart = estimateLeft();
    listener.begin(estimates.size(), ended.size(), estimateAtStart);
  }

  boolean isEnded(Unit unit) {
    return ended.contains(unit);
  }

  void end(Unit unit) {
    ended.add(unit);
    working(unit.pass(), unit.caseText());
  }

  void skip(Unit unit) {
    skipped.add(unit);
  }

  void fail(Unit unit) {
    failed.add(unit);
  }

  /** Tells the listener what is at work now, as {@code capture openblas: case}. */
  void working(Pass pass, String caseText) {
    String[] parts = caseText.split("/");
    String phase = parts.length == 6 ? pass.id() + " " + parts[3] : pass.id();
    working(phase + ": " + caseText);
  }

  private void working(String what) {
    double left = estimateLeft();
    double estimatedDone = estimateAtStart - left;
    double elapsed = (System.nanoTime() - started) * 1e-9;
    double pace = estimatedDone > 5 ? elapsed / estimatedDone : 1;
    listener.progress(what, settled(), left * pace);
  }

  void note(String line) {
    listener.note(line);
  }

  /** The planned units of a case under conditions, in all passes and processes. */
  java.util.List<Unit> planUnits(String caseText, String condition) {
    return estimates.keySet().stream()
        .filter(u -> u.caseText().equals(caseText) && u.condition().equals(condition))
        .toList();
  }

  private int settled() {
    return ended.size() + skipped.size() + failed.size();
  }

  private double estimateLeft() {
    return estimates.entrySet().stream()
        .filter(e -> !ended.contains(e.getKey()))
        .filter(e -> !skipped.contains(e.getKey()) && !failed.contains(e.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  SessionListener listener() {
    return listener;
  }

  int planned() {
    return estimates.size();
  }

  int endedCount() {
    return ended.size();
  }

  int failedCount() {
    return failed.size();
  }

  /** Whether every unit ended or was skipped for a stated reason. */
  boolean complete() {
    return estimates.keySet().stream().allMatch(u -> ended.contains(u) || skipped.contains(u));
  }

  /** The unit that an end record settles; null for the end of a whole process. */
  static Unit unitOf(Record.End end) {
    return end.caseId().isEmpty()
        ? null
        : new Unit(Pass.of(end.pass()), end.caseId(), end.condition(), end.process());
  }
}
