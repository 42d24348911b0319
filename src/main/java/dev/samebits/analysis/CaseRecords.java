package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.Conditions;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything recorded about one case, by condition and process. */
final class CaseRecords {
  private static final Comparator<ProcessRecords> ORDER =
      Comparator.comparing((ProcessRecords p) -> p.pass)
          .thenComparingInt(p -> p.process)
          .thenComparing(p -> p.fork);

  private final CaseId id;
  private final TreeMap<String, List<ProcessRecords>> byCondition = new TreeMap<>();
  private final List<Gap> gaps = new ArrayList<>();

  private CaseRecords(CaseId id) {
    this.id = id;
  }

  /**
   * Sorts records by case. Records whose case or condition this version cannot read, and those of
   * training runs, are left out.
   */
  static Collection<CaseRecords> index(List<Record> records) {
    Map<String, CaseRecords> cases = new TreeMap<>();
    for (Record r : records) {
      if (r instanceof Record.OfCase o) {
        parse(o.caseId(), o.condition())
            .ifPresent(
                key -> cases.computeIfAbsent(o.caseId(), k -> new CaseRecords(key.id())).add(o));
      }
    }
    for (Record r : records) {
      if (r instanceof Record.Start s && s.keys() != null) {
        s.keys().forEach(key -> noteMissing(cases, s, key));
      }
    }
    cases.values().forEach(CaseRecords::dropMistrusted);
    return cases.values();
  }

  private static Optional<CaseKey> parse(String caseId, String condition) {
    try {
      return Optional.of(new CaseKey(CaseId.parse(caseId), Conditions.parse(condition)));
    } catch (IllegalArgumentException | NullPointerException e) {
      return Optional.empty();
    }
  }

  /** A key that a process set out to measure, and that no process of its number finished. */
  private static void noteMissing(Map<String, CaseRecords> cases, Record.Start s, String key) {
    int q = key.indexOf('?');
    String caseId = q < 0 ? key : key.substring(0, q);
    String condition = q < 0 ? "" : key.substring(q + 1);
    if (!("capture".equals(s.pass()) || "timing".equals(s.pass()))) {
      return;
    }
    parse(caseId, condition)
        .ifPresent(
            parsed ->
                cases
                    .computeIfAbsent(caseId, k -> new CaseRecords(parsed.id()))
                    .noteMissing(s.pass(), s.process(), condition));
  }

  private void noteMissing(String pass, int process, String condition) {
    boolean ended =
        byCondition.getOrDefault(condition, List.of()).stream()
            .anyMatch(p -> p.pass.equals(pass) && p.process == process && p.complete());
    boolean explained =
        gaps.stream()
            .anyMatch(
                g ->
                    g.condition().equals(condition)
                        && (g.process() == process && g.pass().equals(pass) || g.process() < 0));
    if (!ended && !explained) {
      gaps.add(
          new Gap(Outcome.MISSING, condition, pass, process, "the run ended before it was done"));
    }
  }

  private void add(Record.OfCase record) {
    if (record instanceof Record.Failure f) {
      gaps.add(
          new Gap(
              Outcome.of(f.verdict(), Outcome.FAILED),
              f.condition(),
              f.pass() == null ? "" : f.pass(),
              f.process(),
              f.why() == null ? "no reason recorded" : f.why()));
    } else if (record instanceof Record.Skip s) {
      gaps.add(
          new Gap(
              Outcome.of(s.verdict(), Outcome.SKIPPED),
              s.condition(),
              "",
              -1,
              s.why() == null ? "no reason recorded" : s.why()));
    } else if (record instanceof Record.Output o && o.fingerprint() != null) {
      process(o, o.pass() == null ? "capture" : o.pass(), o.process()).add(o);
    } else if (record instanceof Record.Capture c) {
      process(c, "capture", c.process()).add(c);
    } else if (record instanceof Record.Timing t) {
      process(t, "timing", t.process()).add(t);
    }
  }

  /**
   * The process that a record speaks of. Of a timing fork both the fork itself and the session
   * write, under names of their own; its round tells that they mean one process.
   */
  private ProcessRecords process(Record.OfCase r, String pass, int process) {
    List<ProcessRecords> all = byCondition.computeIfAbsent(r.condition(), k -> new ArrayList<>());
    String fork = String.valueOf(r.fork());
    for (ProcessRecords p : all) {
      if (p.pass.equals(pass) && p.process == process && (p.timed() || p.fork.equals(fork))) {
        return p;
      }
    }
    ProcessRecords p = new ProcessRecords(fork, pass, process);
    all.add(p);
    all.sort(ORDER);
    return p;
  }

  private void dropMistrusted() {
    for (Gap g : gaps) {
      if (g.outcome() == Outcome.MISTRUSTED) {
        byCondition
            .getOrDefault(g.condition(), new ArrayList<>())
            .removeIf(p -> p.pass.equals(g.pass()) && p.process == g.process());
      }
    }
    byCondition.values().removeIf(List::isEmpty);
  }

  CaseId id() {
    return id;
  }

  /** Condition texts with at least one process that counts. */
  Collection<String> conditions() {
    return byCondition.keySet();
  }

  /** The processes of one condition, capture before timing, by number. */
  List<ProcessRecords> processes(String condition) {
    return byCondition.getOrDefault(condition, List.of());
  }

  List<Gap> gaps() {
    return gaps;
  }

  /** Whether any process saw more than one output under this condition. */
  boolean repeatsVary(String condition) {
    return processes(condition).stream().anyMatch(p -> p.distinct() > 1);
  }

  /** The processes whose first outputs can be compared under this condition. */
  List<ProcessRecords> comparable(String condition) {
    boolean captureOnly = repeatsVary(condition);
    return processes(condition).stream()
        .filter(p -> p.first().isPresent() && !(captureOnly && p.timed()))
        .toList();
  }
}
