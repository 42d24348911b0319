package dev.samebits.jmh;

import dev.samebits.kernel.DeviceSample;
import dev.samebits.plan.Plan.Pass;
import dev.samebits.plan.Plan.Unit;
import dev.samebits.result.Record;
import dev.samebits.result.RecordWriter;
import dev.samebits.result.ResultStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the parts of a session share: the store, the tally and the session's own part file. */
final class SessionContext {
  /** System property: seconds without progress after which a process is ended. */
  static final String STALL = "samebits.stall.seconds";

  private final ResultStore store;
  private final Tally tally;
  private final RecordWriter own;
  private final Set<Unit> settled = new HashSet<>();
  private final Map<String, Record.Skip> unavailable = new LinkedHashMap<>();
  private final Map<String, List<DeviceSample>> slow = new HashMap<>();
  private final Set<String> seenBackends = new HashSet<>();
  private double measuredSeconds;
  private long firstResult;
  private int forks;
  private volatile boolean interrupted;

  SessionContext(ResultStore store, Tally tally, RecordWriter own, int firstFork) {
    this.store = store;
    this.tally = tally;
    this.own = own;
    this.forks = firstFork;
  }

  ResultStore store() {
    return store;
  }

  Tally tally() {
    return tally;
  }

  /** A fork name that no earlier process of this run has had. */
  String newFork(String prefix) {
    return String.format(Locale.ROOT, "%s-%04d", prefix, forks++);
  }

  /** Seconds without progress after which a process counts as hanging. */
  long stallSeconds(double budgetSeconds) {
    Integer limit = Integer.getInteger(STALL);
    return limit != null ? limit : 60 + (long) (10 * budgetSeconds);
  }

  void interrupt() {
    interrupted = true;
  }

  boolean interrupted() {
    return interrupted;
  }

  /** Takes note of a record that a child wrote. */
  void settle(Record record) {
    if (record instanceof Record.Capture c) {
      measured(c.seconds());
    } else if (record instanceof Record.Timing t) {
      measured(t.seconds());
      noteThrottling(key(t));
    } else if (record instanceof Record.Device d) {
      if (d.sample().throttled()) {
        slow.computeIfAbsent(key(d), k -> new ArrayList<>()).add(d.sample());
      }
    } else if (record instanceof Record.Training t) {
      measured(t.invocationSeconds());
    } else if (record instanceof Record.Bound b) {
      if (!backendOf(b.caseId()).isEmpty()) {
        seenBackends.add(backendOf(b.caseId()));
        tally.working(Pass.CAPTURE, b.caseId());
      }
    } else if (record instanceof Record.End e && Tally.unitOf(e) != null) {
      settled.add(Tally.unitOf(e));
      tally.end(Tally.unitOf(e));
    } else if (record instanceof Record.Skip s) {
      settleSkip(s);
    } else if (record instanceof Record.Failure f) {
      Unit unit = new Unit(Pass.of(f.pass()), f.caseId(), f.condition(), f.process());
      settled.add(unit);
      tally.fail(unit);
      tally.note(f.verdict() + " " + f.caseId() + ": " + f.why());
    }
  }

  private static String key(Record.OfCase r) {
    return r.condition().isEmpty() ? r.caseId() : r.caseId() + "?" + r.condition();
  }

  /** Says that a case was timed while its device held its clocks back, if it was. */
  void noteThrottling(String key) {
    List<DeviceSample> samples = slow.remove(key);
    if (samples != null) {
      tally.note(
          "timed under throttling ("
              + samples.stream().flatMap(d -> d.reasons().stream()).distinct().toList()
              + "), "
              + samples.size()
              + " iterations of "
              + key);
    }
  }

  private void settleSkip(Record.Skip s) {
    for (Unit unit : tally.planUnits(s.caseId(), s.condition())) {
      if (!isSettled(unit)) {
        settled.add(unit);
        tally.skip(unit);
      }
    }
    String backend = backendOf(s.caseId());
    if (s.verdict().equals("UNAVAILABLE") && !backend.isEmpty()) {
      if (unavailable.put(backend, s) == null) {
        tally.note("backend " + backend + " is unavailable: " + s.why() + remedy(s));
      }
    } else {
      tally.note("skipped " + s.caseId() + ": " + s.why());
    }
  }

  private static String remedy(Record.Skip s) {
    return s.remedy() == null || s.remedy().isEmpty() ? "" : " (" + s.remedy() + ")";
  }

  static String backendOf(String caseText) {
    String[] p = caseText.split("/");
    return p.length > 3 ? p[3] : "";
  }

  boolean isSettled(Unit unit) {
    return settled.contains(unit) || tally.isEnded(unit);
  }

  /**
   * Finds out in a child process whether a backend can run, unless a capture process has: a plan
   * may time cases that it does not capture.
   */
  void probe(String backend) {
    if (seenBackends.contains(backend) || unavailable.containsKey(backend)) {
      return;
    }
    Probe.Result answer = Probe.one(backend);
    if (interrupted) {
      return; // which ended the probing process: that says nothing about the backend
    }
    if (answer.available()) {
      seenBackends.add(backend);
    } else {
      unavailable.put(
          backend,
          new Record.Skip("session", "", "", "UNAVAILABLE", answer.reason(), answer.remedy()));
      Record.Skip why = unavailable.get(backend);
      tally.note("backend " + backend + " is unavailable: " + why.why() + remedy(why));
    }
  }

  /** Once a backend could not load, its other units are skipped with the same reason. */
  boolean skipIfUnavailable(String backend, List<Unit> units) {
    Record.Skip first = unavailable.get(backend);
    if (first == null) {
      return false;
    }
    for (Unit unit : units) {
      if (settled.add(unit)) {
        tally.skip(unit);
        own.write(
            new Record.Skip(
                "session",
                unit.caseText(),
                unit.condition(),
                first.verdict(),
                first.why(),
                first.remedy()));
      }
    }
    return true;
  }

  /** Writes down that a unit gave no result. */
  void fail(String fork, Unit unit, String verdict, String why, String detail) {
    settled.add(unit);
    tally.fail(unit);
    tally.note(verdict + " " + unit.caseText() + ": " + why);
    own.write(
        new Record.Failure(
            fork,
            unit.caseText(),
            unit.condition(),
            unit.pass().id(),
            unit.process(),
            verdict,
            why,
            detail));
  }

  /** Writes a record of the parent's own and takes note of it. */
  void write(Record record) {
    own.write(record);
    settle(record);
  }

  /** Adds time inside JMH iterations, capture invocations or training steps. */
  void measured(double seconds) {
    measuredSeconds += seconds;
    if (firstResult == 0 && seconds > 0) {
      firstResult = System.nanoTime();
    }
  }

  double measuredSeconds() {
    return measuredSeconds;
  }

  /** {@code System.nanoTime()} of the first result; 0 if there is none. */
  long firstResult() {
    return firstResult;
  }

  /** Availability by backend, for the manifest. */
  Map<String, String> backends() {
    Map<String, String> all = new LinkedHashMap<>();
    seenBackends.stream().sorted().forEach(b -> all.put(b, "available"));
    unavailable.forEach((b, s) -> all.put(b, "unavailable: " + s.why() + remedy(s)));
    return all;
  }
}
