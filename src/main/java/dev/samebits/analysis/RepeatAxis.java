package dev.samebits.analysis;

import dev.samebits.kernel.Conditions;
import dev.samebits.metric.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The repeat axis: the outputs inside one process against the first of that process.
 *
 * <p>Under one condition the repeats of all capture processes count together, each process less its
 * reference. Conditions are not pooled, as a case may vary under one and not under another: R is
 * the smallest sum over the conditions. Repeats under load, or of a batch in pieces, have one
 * process and an axis of their own; they count here only where they vary.
 */
final class RepeatAxis {
  private RepeatAxis() {}

  static Optional<Finding> judge(CaseRecords c) {
    List<String> compared = new ArrayList<>();
    List<String> varying = new ArrayList<>();
    List<String> plain = c.conditions().stream().filter(RepeatAxis::plain).toList();
    long smallest = Long.MAX_VALUE;
    for (String condition : c.conditions()) {
      long repeats = repeats(c.processes(condition));
      if (repeats > 0 && (plain.isEmpty() || plain.contains(condition))) {
        compared.add(condition);
        smallest = Math.min(smallest, repeats);
      }
      if (c.repeatsVary(condition)) {
        varying.add(condition);
      }
    }
    if (!varying.isEmpty()) {
      return Optional.of(varies(c, varying, compared));
    } else if (!compared.isEmpty()) {
      return Optional.of(Finding.identical(smallest, Evidence.words(smallest), compared, ""));
    }
    return c.gaps().stream().findFirst().map(g -> Finding.none(g, 0, ""));
  }

  private static boolean plain(String condition) {
    Map<String, String> values = Conditions.parse(condition).values();
    return values.getOrDefault(Conditions.LOAD, "0").equals("0")
        && !values.containsKey(Conditions.SLICE);
  }

  /** Comparisons: capture invocations less one reference per process. */
  private static long repeats(List<ProcessRecords> processes) {
    return processes.stream()
        .filter(p -> !p.timed())
        .mapToLong(p -> Math.max(0, p.repeats() - 1))
        .sum();
  }

  private static Finding varies(CaseRecords c, List<String> varying, List<String> compared) {
    long comparisons = 0;
    long differing = 0;
    long distinct = 0;
    long ulp = -1;
    double share = -1;
    String special = "";
    for (String condition : varying) {
      for (ProcessRecords p : c.processes(condition)) {
        if (p.timed() && p.distinct() == 1) {
          continue;
        }
        comparisons += Math.max(0, p.repeats() - 1);
        differing += p.differing();
        distinct = Math.max(distinct, p.distinct());
        if (p.distinct() > 1) {
          ulp = Math.max(ulp, p.maxUlp());
          share = Math.max(share, p.share());
          special = p.special().orElse(special);
        }
      }
    }
    List<String> why = new ArrayList<>();
    List<String> steady = compared.stream().filter(s -> !varying.contains(s)).toList();
    if (!steady.isEmpty()) {
      why.add("varies only at " + words(varying) + ", not at " + words(steady));
    }
    if (!special.isEmpty()) {
      why.add(special + " in some outputs and not in others");
    }
    String evidence = differing + " of " + comparisons + " repeats differ";
    return new Finding(
        Outcome.VARIES,
        comparisons,
        distinct,
        ulp,
        share,
        evidence,
        varying,
        String.join("; ", why));
  }

  static String words(List<String> conditions) {
    return String.join(
        " and ", conditions.stream().map(c -> c.isEmpty() ? "no condition" : c).toList());
  }
}
