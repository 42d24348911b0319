package dev.samebits.analysis;

import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.math3.stat.StatUtils;

/** The result in sentences, computed from the rows. */
final class Conclusion {
  private Conclusion() {}

  static List<String> of(
      List<Summary.Row> rows,
      List<Record.Training> training,
      Controls.Result controls,
      List<String> broken,
      List<Summary.Trouble> failures) {
    List<String> all = new ArrayList<>();
    all.add(trust(controls));
    variants(rows).forEach((who, of) -> all.add(who + ": " + describe(of) + "."));
    if (rows.stream()
        .anyMatch(r -> r.verdicts().values().stream().anyMatch(Record.Verdict::promised))) {
      all.add(
          broken.isEmpty()
              ? "No guarantee was seen broken."
              : count(broken.size(), "guarantee was", "guarantees were") + " NOT HELD.");
    }
    price(rows, all);
    training(training, all);
    if (!failures.isEmpty()) {
      all.add(
          count(failures.size(), "case or run", "cases or runs") + " gave no result somewhere.");
    }
    return all;
  }

  private static String trust(Controls.Result c) {
    if (!c.problems().isEmpty()) {
      return "MISTRUSTED: "
          + count(c.problems().size(), "control", "controls")
          + " of the measurement misbehaved, so nothing below can be relied on.";
    } else if (c.held().isEmpty()) {
      return "No controls ran, so the clean verdicts below are unchecked.";
    }
    return "The measurement checks out: "
        + count(c.held().size(), "control", "controls")
        + " behaved"
        + (c.skipped().isEmpty() ? "." : ", " + c.skipped().size() + " could not be run.");
  }

  private static Map<String, List<Summary.Row>> variants(List<Summary.Row> rows) {
    Map<String, List<Summary.Row>> groups = new LinkedHashMap<>();
    for (Summary.Row r : rows) {
      if (!r.control().equals("NEGATIVE") && !r.input().startsWith("integer@")) {
        groups.computeIfAbsent(r.who(), k -> new ArrayList<>()).add(r);
      }
    }
    return groups;
  }

  private static String describe(List<Summary.Row> rows) {
    List<String> parts = new ArrayList<>();
    Set<Summary.Row> unsteady = varying(rows, "repeat");
    unsteady.addAll(varying(rows, "process"));
    int judged = judged(rows, "repeat");
    if (judged == 0) {
      return "not measured here (" + outcomes(rows) + ")";
    }
    parts.add(
        unsteady.isEmpty()
            ? "same bits from run to run here in all " + count(judged, "case", "cases")
            : "OTHER bits from run to run in "
                + unsteady.size()
                + " of "
                + count(judged, "case", "cases")
                + " ("
                + kernels(unsteady)
                + ")");
    setting(rows, unsteady, "threads", "with another number of threads", parts);
    setting(rows, unsteady, "load", "under load", parts);
    return String.join(", ", parts);
  }

  private static void setting(
      List<Summary.Row> rows,
      Set<Summary.Row> unsteady,
      String axis,
      String words,
      List<String> parts) {
    Set<Summary.Row> varying = varying(rows, axis);
    varying.removeAll(unsteady);
    if (!varying.isEmpty()) {
      parts.add("OTHER bits " + words + " in " + kernels(varying));
    } else if (judged(rows, axis) > 0 && unsteady.isEmpty()) {
      parts.add("the same " + words);
    }
  }

  private static Set<Summary.Row> varying(List<Summary.Row> rows, String axis) {
    Set<Summary.Row> set = new LinkedHashSet<>();
    for (Summary.Row r : rows) {
      Record.Verdict v = r.verdicts().get(axis);
      if (v != null && v.outcome().equals(Outcome.VARIES.name())) {
        set.add(r);
      }
    }
    return set;
  }

  private static int judged(List<Summary.Row> rows, String axis) {
    return (int)
        rows.stream()
            .map(r -> r.verdicts().get(axis))
            .filter(v -> v != null && Outcome.valueOf(v.outcome()).measured())
            .count();
  }

  private static String outcomes(List<Summary.Row> rows) {
    Set<String> set = new LinkedHashSet<>();
    rows.forEach(r -> r.verdicts().values().forEach(v -> set.add(v.outcome())));
    return String.join(", ", set);
  }

  private static String kernels(Set<Summary.Row> rows) {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(r -> names.add(r.kernel() + " " + r.dtype()));
    return String.join(", ", names);
  }

  private static void price(List<Summary.Row> rows, List<String> all) {
    double[] p =
        rows.stream()
            .filter(r -> r.price() != null)
            .mapToDouble(r -> r.price().ratio().value())
            .sorted()
            .toArray();
    if (p.length > 0) {
      all.add(
          String.format(
              Locale.ROOT,
              "Price of determinism on the same backend: %.2f to %.2f times the time of the fastest"
                  + " variant without a promise, median %.2f over %s.",
              p[0],
              p[p.length - 1],
              StatUtils.percentile(p, 50),
              count(p.length, "case", "cases")));
    }
  }

  private static void training(List<Record.Training> training, List<String> all) {
    for (Record.Training r : training) {
      all.add(
          r.onset() == 0
              ? String.format(
                  Locale.ROOT,
                  "Training, %s: %d replicates had the same weights, bit for bit, after each of %d"
                      + " steps.",
                  r.mode(),
                  r.replicates(),
                  r.steps())
              : String.format(
                  Locale.ROOT,
                  "Training, %s: %d replicates with the same seed part at step %d of %d and end as"
                      + " %d different models.",
                  r.mode(),
                  r.replicates(),
                  r.onset(),
                  r.steps(),
                  r.distinctFinal()));
    }
  }

  static String count(long n, String one, String many) {
    return n + " " + (n == 1 ? one : many);
  }
}
