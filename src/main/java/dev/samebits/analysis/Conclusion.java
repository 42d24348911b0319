package dev.samebits.analysis;

import dev.samebits.kernel.Conditions;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The findings in sentences, computed from the rows. */
final class Conclusion {
  private Conclusion() {}

  static List<String> of(
      List<Summary.Row> rows,
      List<Record.Training> training,
      List<Record.Bar> bars,
      Controls.Result controls,
      List<String> broken,
      List<Summary.Trouble> failures) {
    List<String> all = new ArrayList<>();
    findings(rows, all);
    if (!broken.isEmpty()
        || rows.stream()
            .anyMatch(r -> r.verdicts().values().stream().anyMatch(Record.Verdict::promised))) {
      all.add(
          broken.isEmpty()
              ? "No guarantee was seen broken."
              : count(broken.size(), "guarantee was", "guarantees were") + " NOT HELD.");
    }
    ConclusionParts.bars(bars, all);
    ConclusionParts.price(rows, all);
    ConclusionParts.training(training, all);
    if (!failures.isEmpty()) {
      all.add(
          count(failures.size(), "case or run", "cases or runs") + " gave no result somewhere.");
    }
    return all;
  }

  /** Whether the measurement itself can be relied on. */
  static String trust(Controls.Result c) {
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

  /** One sentence a finding, naming the variants with the number of their cases. */
  private static void findings(List<Summary.Row> rows, List<String> all) {
    List<String> unsteady = new ArrayList<>();
    Map<String, List<String>> bySetting = new LinkedHashMap<>();
    List<String> same = new ArrayList<>();
    List<String> unmeasured = new ArrayList<>();
    variants(rows)
        .forEach(
            (who, of) -> {
              Set<Summary.Row> left = new LinkedHashSet<>(of);
              Set<Summary.Row> runs = varying(of, "repeat");
              runs.addAll(varying(of, "process"));
              name(who, runs, of, unsteady);
              left.removeAll(runs);
              boolean varies = !runs.isEmpty();
              Map<String, Set<Summary.Row>> other = varyingBySetting(left);
              other.forEach(
                  (words, found) ->
                      name(
                          who,
                          found,
                          of,
                          bySetting.computeIfAbsent(words, k -> new ArrayList<>())));
              varies |= !other.isEmpty();
              if (of.stream().noneMatch(Conclusion::measured)) {
                unmeasured.add(who + " (" + outcomes(of) + ")");
              } else if (!varies) {
                same.add(who + " (" + count(of.size(), "case", "cases") + ")");
              }
            });
    sentence("OTHER bits from run to run", unsteady, all);
    bySetting.forEach(
        (words, who) -> sentence("Same bits from run to run, but OTHER bits " + words, who, all));
    sentence("Same bits on every axis tried", same, all);
    sentence("Not measured here", unmeasured, all);
  }

  private static Map<String, List<Summary.Row>> variants(List<Summary.Row> rows) {
    Map<String, List<Summary.Row>> groups = new LinkedHashMap<>();
    for (Summary.Row r : rows) {
      if (!r.input().startsWith("integer@")) {
        groups.computeIfAbsent(r.who(), k -> new ArrayList<>()).add(r);
      }
    }
    return groups;
  }

  /** What varies along an axis of settings, by the words for the axis. */
  private static Map<String, Set<Summary.Row>> varyingBySetting(Set<Summary.Row> rows) {
    Map<String, Set<Summary.Row>> all = new LinkedHashMap<>();
    for (String axis : settings(rows)) {
      for (Summary.Row r : varying(rows, axis)) {
        String words = words(r.verdicts().get(axis));
        all.computeIfAbsent(words, k -> new LinkedHashSet<>()).add(r);
      }
    }
    return all;
  }

  private static Set<String> settings(Set<Summary.Row> rows) {
    Set<String> axes = new LinkedHashSet<>();
    rows.forEach(r -> axes.addAll(r.verdicts().keySet()));
    axes.removeAll(List.of("repeat", "process"));
    return axes;
  }

  private static String words(Record.Verdict v) {
    return switch (v.axis()) {
      case "threads" ->
          v.settings().stream().allMatch(s -> Conditions.parse(s).threads().isEmpty())
              ? "with another number of streams"
              : "with another number of threads";
      case "load" -> "under load";
      case "slice" -> "with another cut of the batch";
      default -> "on the " + v.axis() + " axis";
    };
  }

  private static void name(
      String who, Set<Summary.Row> found, List<Summary.Row> of, List<String> names) {
    if (!found.isEmpty()) {
      names.add(
          who
              + " ("
              + found.size()
              + " of "
              + count(of.size(), "case", "cases")
              + ": "
              + kernels(found)
              + ")");
    }
  }

  private static void sentence(String what, List<String> who, List<String> all) {
    if (!who.isEmpty()) {
      all.add(what + ": " + String.join("; ", who) + ".");
    }
  }

  private static boolean measured(Summary.Row r) {
    return r.verdicts().values().stream().anyMatch(v -> Outcome.valueOf(v.outcome()).measured());
  }

  private static Set<Summary.Row> varying(Iterable<Summary.Row> rows, String axis) {
    Set<Summary.Row> set = new LinkedHashSet<>();
    for (Summary.Row r : rows) {
      Record.Verdict v = r.verdicts().get(axis);
      if (v != null && v.outcome().equals(Outcome.VARIES.name())) {
        set.add(r);
      }
    }
    return set;
  }

  private static String outcomes(List<Summary.Row> rows) {
    Set<String> set = new LinkedHashSet<>();
    rows.forEach(r -> r.verdicts().values().forEach(v -> set.add(v.outcome())));
    return String.join(", ", set);
  }

  /** Kernels with their element types: {@code sum f32 f64, dot f32}. */
  private static String kernels(Set<Summary.Row> rows) {
    Map<String, Set<String>> types = new LinkedHashMap<>();
    rows.forEach(r -> types.computeIfAbsent(r.kernel(), k -> new LinkedHashSet<>()).add(r.dtype()));
    return types.entrySet().stream()
        .map(e -> e.getKey() + " " + String.join(" ", e.getValue()))
        .collect(Collectors.joining(", "));
  }

  static String count(long n, String one, String many) {
    return n + " " + (n == 1 ? one : many);
  }
}
