package dev.samebits.analysis;

import dev.samebits.metric.Evidence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The process axis: the first outputs of the processes under one condition against each other. A
 * timing fork is a process too. Where repeats already vary, a timing fork's output is not its first
 * one, and only capture processes are compared.
 *
 * <p>R is the number of processes less one, the smallest over the conditions that had at least two.
 */
final class ProcessAxis {
  private final CaseRecords c;
  private final Differences differences;

  ProcessAxis(CaseRecords c, Differences differences) {
    this.c = c;
    this.differences = differences;
  }

  Optional<Finding> judge() {
    List<String> compared = new ArrayList<>();
    List<String> varying = new ArrayList<>();
    long smallest = Long.MAX_VALUE;
    for (String condition : c.conditions()) {
      List<ProcessRecords> processes = c.comparable(condition);
      if (processes.size() > 1) {
        compared.add(condition);
        smallest = Math.min(smallest, processes.size() - 1);
        if (firstPrints(processes).size() > 1) {
          varying.add(condition);
        }
      }
    }
    String clean = compared.isEmpty() ? "" : words(smallest);
    Optional<Gap> lost = c.gaps().stream().filter(g -> g.process() >= 0).findFirst();
    if (!varying.isEmpty()) {
      return Optional.of(varies(varying, compared, lost));
    } else if (lost.isPresent()) {
      return Optional.of(Finding.none(lost.get(), compared.isEmpty() ? 0 : smallest, clean));
    } else if (compared.isEmpty()) {
      return Optional.empty();
    }
    boolean repeatsVary = compared.stream().anyMatch(c::repeatsVary);
    String why = repeatsVary ? "first outputs only: repeats inside a process vary" : "";
    return Optional.of(Finding.identical(smallest, clean, compared, why));
  }

  private static String words(long others) {
    return Evidence.words(others)
        .replace("repeats", others == 1 ? "other process" : "other processes")
        .replace("process differ:", "process differs:");
  }

  static Set<String> firstPrints(List<ProcessRecords> processes) {
    Set<String> prints = new HashSet<>();
    processes.forEach(p -> p.first().ifPresent(prints::add));
    return prints;
  }

  private Finding varies(List<String> varying, List<String> compared, Optional<Gap> lost) {
    long distinct = 0;
    long others = 0;
    long ulp = -1;
    double share = -1;
    List<String> why = new ArrayList<>();
    for (String condition : varying) {
      List<ProcessRecords> processes = c.comparable(condition);
      distinct = Math.max(distinct, firstPrints(processes).size());
      others = Math.max(others, processes.size() - 1);
      Differences.Size size = differences.size(c.id(), processes);
      ulp = Math.max(ulp, size.maxUlp());
      share = Math.max(share, size.share());
      why.add(outlier(condition, processes));
      if (!size.place().isEmpty()) {
        why.add(size.place());
      }
    }
    List<String> steady = compared.stream().filter(s -> !varying.contains(s)).toList();
    if (!steady.isEmpty()) {
      why.add("not at " + RepeatAxis.words(steady));
    }
    lost.ifPresent(g -> why.add(g.outcome() + ": " + g.describe()));
    String evidence = distinct + " different first outputs in " + (others + 1) + " processes";
    return new Finding(
        Outcome.VARIES, others, distinct, ulp, share, evidence, varying, String.join("; ", why));
  }

  /** Names the first process that differs from the first one. */
  private static String outlier(String condition, List<ProcessRecords> processes) {
    String reference = processes.get(0).first().orElse("");
    for (ProcessRecords p : processes) {
      if (!reference.equals(p.first().orElse(""))) {
        String at = condition.isEmpty() ? "" : " at " + condition;
        return p.pass
            + " process "
            + p.process
            + " differs from "
            + processes.get(0).pass
            + " process "
            + processes.get(0).process
            + at;
      }
    }
    return "";
  }
}
