package dev.samebits.report;

import dev.samebits.analysis.Outcome;
import dev.samebits.analysis.Summary;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Problems that were compared but not timed, in a few lines each: what is not the same first. */
final class BitsOnly {
  private BitsOnly() {}

  /** The rows of problems of which no case was timed. */
  static List<Summary.Row> rows(List<Summary.Row> rows) {
    Set<String> timed = new HashSet<>();
    rows.stream().filter(r -> !r.rates().isEmpty()).forEach(r -> timed.add(r.heading()));
    return rows.stream().filter(r -> !timed.contains(r.heading())).toList();
  }

  /** Lines by problem. */
  static Map<String, List<String>> lines(List<Summary.Row> rows) {
    Map<String, List<Summary.Row>> groups = new LinkedHashMap<>();
    rows.forEach(r -> groups.computeIfAbsent(r.heading(), k -> new ArrayList<>()).add(r));
    Map<String, List<String>> lines = new LinkedHashMap<>();
    groups.forEach((heading, of) -> lines.put(heading, problem(of)));
    return lines;
  }

  private static List<String> problem(List<Summary.Row> rows) {
    List<String> lines = new ArrayList<>();
    Map<List<String>, List<Summary.Row>> clean = new LinkedHashMap<>();
    for (Summary.Row r : rows) {
      String odd = odd(r);
      if (odd.isEmpty() && !r.verdicts().isEmpty()) {
        clean.computeIfAbsent(List.copyOf(r.verdicts().keySet()), k -> new ArrayList<>()).add(r);
      } else {
        lines.add(r.who() + ": " + (odd.isEmpty() ? "not judged" : odd));
      }
    }
    clean.forEach((axes, of) -> lines.add(same(axes, of) + ": " + names(of)));
    return lines;
  }

  /** Each axis that is not clean, then the size of the difference; empty if all are clean. */
  private static String odd(Summary.Row r) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, Record.Verdict> v : r.verdicts().entrySet()) {
      boolean repeated = Text.already(v.getValue()) && !Text.broken(v.getValue());
      if (Text.outcome(v.getValue()) != Outcome.IDENTICAL && !repeated) {
        parts.add(v.getKey() + " " + Text.cell(v.getValue()));
      }
    }
    if (r.varies()) {
      parts.add("worst " + Text.ulp(r.worstUlp(), true) + " ULP");
    }
    return String.join(", ", parts);
  }

  /** The axes with the fewest comparisons that stand behind any of the cases. */
  private static String same(List<String> axes, List<Summary.Row> rows) {
    List<String> parts = new ArrayList<>();
    for (String axis : axes) {
      long[] n = rows.stream().mapToLong(r -> r.verdicts().get(axis).n()).sorted().toArray();
      parts.add(axis + " same (" + n[0] + (n[0] < n[n.length - 1] ? "+" : "") + ")");
    }
    return String.join(", ", parts);
  }

  private static String names(List<Summary.Row> rows) {
    Map<String, List<String>> byBackend = new LinkedHashMap<>();
    rows.forEach(
        r -> byBackend.computeIfAbsent(r.backend(), k -> new ArrayList<>()).add(r.variant()));
    return String.join(
        "; ",
        byBackend.entrySet().stream()
            .map(e -> e.getKey() + " " + String.join(", ", e.getValue()))
            .toList());
  }
}
