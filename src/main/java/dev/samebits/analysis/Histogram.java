package dev.samebits.analysis;

import dev.samebits.kernel.Conditions;
import dev.samebits.metric.Divergence;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the largest known difference between two outputs of a case. */
final class Histogram {
  private record Candidate(String between, Divergence divergence) {}

  private Histogram() {}

  /** The difference that changes most elements, among repeats and between conditions. */
  static Optional<Summary.Difference> of(CaseRecords c, Differences differences) {
    List<Candidate> all = new ArrayList<>();
    List<ProcessRecords> firsts = new ArrayList<>();
    for (String condition : c.conditions()) {
      String at = condition.isEmpty() ? "" : " at " + condition;
      for (ProcessRecords p : c.processes(condition)) {
        for (Record.Output o : p.outputs()) {
          if (o.difference() != null) {
            all.add(new Candidate("two repeats in one process" + at, o.difference()));
          }
        }
      }
      firsts.addAll(c.comparable(condition));
    }
    List<Record.Output> distinct = Differences.distinctFirst(firsts);
    for (int i = 1; i < distinct.size(); i++) {
      Record.Output a = distinct.get(0);
      Record.Output b = distinct.get(i);
      differences.between(c.id(), a, b).ifPresent(d -> all.add(new Candidate(between(a, b), d)));
    }
    return all.stream()
        .filter(x -> x.divergence().changed() > 0 && x.divergence().ulpHistogram() != null)
        .max(Comparator.comparingLong(x -> x.divergence().changed()))
        .map(x -> new Summary.Difference(x.between(), x.divergence().ulpHistogram()));
  }

  private static String between(Record.Output a, Record.Output b) {
    return a.condition().equals(b.condition())
        ? "processes " + a.process() + " and " + b.process() + at(a.condition())
        : Conditions.parse(a.condition()) + " and " + Conditions.parse(b.condition());
  }

  private static String at(String condition) {
    return condition.isEmpty() ? "" : " at " + condition;
  }
}
