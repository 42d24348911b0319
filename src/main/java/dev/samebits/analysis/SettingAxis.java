package dev.samebits.analysis;

import dev.samebits.kernel.Axis;
import dev.samebits.kernel.Conditions;
import dev.samebits.metric.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An axis along which one setting changes and the others stay: threads, instruction set and vector
 * width, JIT, parts of a batch (enumerated) and load (sampled). A difference between settings means
 * something only where the outputs are steady at each of them, so repeats or processes that vary
 * already decide the verdict.
 *
 * <p>For load, R is the number of repeats made under load, each against the output without load.
 */
final class SettingAxis {
  private final CaseRecords c;
  private final Axis axis;
  private final List<String> keys;
  private final Differences differences;

  /**
   * @param keys the conditions that make up a setting of this axis
   */
  SettingAxis(CaseRecords c, Axis axis, List<String> keys, Differences differences) {
    this.c = c;
    this.axis = axis;
    this.keys = keys;
    this.differences = differences;
  }

  Optional<Finding> judge() {
    List<Finding> found = groups().stream().filter(g -> g.size() > 1).map(this::judge).toList();
    Optional<Finding> varies =
        found.stream()
            .filter(f -> f.outcome() == Outcome.VARIES)
            .max(Comparator.comparingLong(Finding::distinct));
    if (varies.isPresent()) {
      return varies;
    }
    Optional<Finding> identical = found.stream().min(Comparator.comparingLong(Finding::n));
    Optional<Gap> gap = c.gaps().stream().filter(this::leavesSettingOut).findFirst();
    return gap.isPresent()
        ? gap.map(
            g ->
                Finding.none(
                    g,
                    identical.map(Finding::n).orElse(0L),
                    identical.map(Finding::evidence).orElse("")))
        : identical;
  }

  /**
   * Conditions that differ in this axis' setting only, by its value. No load means load=0; without
   * a key of another axis the process has the machine's own setting, but threads must be given.
   */
  private List<List<String>> groups() {
    Map<String, TreeMap<String, String>> groups = new TreeMap<>();
    for (String condition : c.conditions()) {
      Conditions rest = Conditions.parse(condition);
      List<String> values = new ArrayList<>();
      for (String key : keys) {
        String value = rest.values().getOrDefault(key, axis == Axis.LOAD ? "0" : "");
        values.add(value.matches("[0-9]{1,6}") ? "0".repeat(6 - value.length()) + value : value);
        rest = rest.without(key);
      }
      String setting = String.join(" ", values);
      boolean given = values.stream().anyMatch(v -> !v.isEmpty());
      if ((given || axis != Axis.THREADS) && !c.comparable(condition).isEmpty()) {
        groups
            .computeIfAbsent(rest.toString(), k -> new TreeMap<>())
            .putIfAbsent(setting, condition);
      }
    }
    return groups.values().stream().map(g -> List.copyOf(g.values())).toList();
  }

  /** Whether this gap is about a setting of the axis under which nothing else was recorded. */
  private boolean leavesSettingOut(Gap gap) {
    return !c.conditions().isEmpty()
        && c.comparable(gap.condition()).isEmpty()
        && keys.stream().anyMatch(Conditions.parse(gap.condition()).values()::containsKey);
  }

  private Finding judge(List<String> settings) {
    Set<String> prints = new HashSet<>();
    List<ProcessRecords> processes = new ArrayList<>();
    List<String> unsteady = new ArrayList<>();
    List<String> unsteadyProcesses = new ArrayList<>();
    // Outputs that vary under load are what that axis is about, unless they vary without load too.
    List<String> mustBeSteady = axis == Axis.LOAD ? settings.subList(0, 1) : settings;
    for (String s : settings) {
      Set<String> here = ProcessAxis.firstPrints(c.comparable(s));
      prints.addAll(here);
      processes.addAll(c.comparable(s));
      if (mustBeSteady.contains(s) && c.repeatsVary(s)) {
        unsteady.add(s);
      } else if (mustBeSteady.contains(s) && here.size() > 1) {
        unsteadyProcesses.add(s);
      }
    }
    if (!unsteady.isEmpty()) {
      return already("from repeat to repeat", unsteady, prints.size(), settings);
    } else if (!unsteadyProcesses.isEmpty()) {
      return already("between processes", unsteadyProcesses, prints.size(), settings);
    }
    if (axis == Axis.LOAD) {
      settings.forEach(s -> c.processes(s).forEach(p -> prints.addAll(p.fingerprints())));
    }
    return prints.size() > 1
        ? varies(settings, processes, prints.size())
        : Finding.identical(n(settings), evidence(settings), settings, "");
  }

  private static Finding already(
      String how, List<String> where, long distinct, List<String> settings) {
    String why = "already varies " + how + " at " + RepeatAxis.words(where);
    return new Finding(
        Outcome.VARIES, settings.size(), distinct, -1, -1, "not judged apart", settings, why);
  }

  private Finding varies(List<String> settings, List<ProcessRecords> processes, int distinct) {
    Differences.Size size = differences.size(c.id(), processes);
    String evidence =
        axis == Axis.LOAD
            ? distinct + " different outputs with and without load"
            : distinct + " different outputs at " + settings.size() + " settings";
    return new Finding(
        Outcome.VARIES,
        n(settings),
        distinct,
        size.maxUlp(),
        size.share(),
        evidence,
        settings,
        size.place());
  }

  private long n(List<String> settings) {
    if (axis != Axis.LOAD) {
      return settings.size();
    }
    return settings.subList(1, settings.size()).stream()
        .flatMap(s -> c.processes(s).stream())
        .mapToLong(ProcessRecords::repeats)
        .sum();
  }

  private String evidence(List<String> settings) {
    return axis == Axis.LOAD
        ? Evidence.words(n(settings)).replace("repeats", "repeats under load")
        : settings.size() + " of " + settings.size() + " settings equal";
  }
}
