package dev.samebits.plan;

import static java.util.stream.Collectors.joining;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.plan.Plan.Bar;
import dev.samebits.plan.Plan.CaptureBatch;
import dev.samebits.plan.Plan.CaptureCase;
import dev.samebits.plan.Plan.JmhSettings;
import dev.samebits.plan.Plan.SkippedCase;
import dev.samebits.plan.Plan.TimedCase;
import dev.samebits.plan.Plan.TrainingRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A plan as text: for people, and line by line for its digest. */
public final class PlanText {
  private PlanText() {}

  /** Everything the plan will do, in order, with an estimate of the time. */
  public static String of(Plan plan) {
    List<String> lines = head(plan);
    for (CaptureBatch b : plan.captures()) {
      lines.add("");
      lines.add(
          format(
              "capture %s, %s, process %d, about %.0f s%s",
              b.backend(),
              b.conditions(),
              b.process(),
              Estimate.seconds(b),
              settings(b.settings())));
      for (CaptureCase c : b.cases()) {
        lines.add(format("  %s  up to %d repeats or %s s", c.id(), c.repeats(), c.seconds()));
      }
    }
    for (TimedCase t : plan.timings()) {
      lines.add("");
      lines.add("time " + t.key() + settings(t.settings()));
      lines.add("  " + effort(t.jmh()));
    }
    for (Bar b : plan.bars()) {
      lines.add("");
      lines.add("bar " + bar(b));
      b.pairs().forEach(p -> lines.add("  " + p.subject() + "  against  " + p.opponent()));
    }
    for (TrainingRun r : plan.trainings()) {
      lines.add("");
      lines.add(training(r) + settings(r.settings()));
      r.ops().forEach((op, variant) -> lines.add("  " + op + ": " + variant));
    }
    for (SkippedCase s : plan.skipped()) {
      lines.add("");
      lines.add("skip " + s.key() + ": " + s.why());
    }
    return String.join("\n", lines) + "\n";
  }

  /** What the plan is about: its size, and the variants by kernel and backend. */
  public static String summary(Plan plan) {
    Set<CaseId> ids = new LinkedHashSet<>();
    plan.captures().forEach(b -> b.cases().forEach(c -> ids.add(c.id())));
    plan.timings().forEach(t -> ids.add(t.id()));
    Map<String, List<CaseId>> groups = new TreeMap<>();
    for (CaseId id : ids) {
      String group = id.kernel().id() + " " + id.backend();
      groups.computeIfAbsent(group, k -> new ArrayList<>()).add(id);
    }
    List<String> lines = head(plan);
    groups.forEach(
        (group, of) ->
            lines.add(
                format(
                    "  %s: %d %s: %s",
                    group,
                    of.size(),
                    of.size() == 1 ? "case" : "cases",
                    of.stream().map(CaseId::variant).distinct().collect(joining(", ")))));
    plan.trainings().forEach(r -> lines.add("  " + training(r)));
    if (!plan.skipped().isEmpty()) {
      lines.add(format("  skipped: %d, listed without --summary", plan.skipped().size()));
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> head(Plan plan) {
    Estimate estimate = Estimate.of(plan);
    List<String> lines = new ArrayList<>();
    lines.add("suite " + plan.suite() + (plan.about().isEmpty() ? "" : ": " + plan.about()));
    lines.add(
        format(
            "%d units, about %s: capture %s, timing %s, training %s",
            plan.units().size(),
            Estimate.words(estimate.totalSeconds()),
            Estimate.words(estimate.captureSeconds()),
            Estimate.words(estimate.timingSeconds()),
            Estimate.words(estimate.trainingSeconds())));
    return lines;
  }

  /** Lines that are equal if and only if the work is. Sets have no fixed order and stay out. */
  static List<String> exact(Plan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(plan.suite());
    for (CaptureBatch b : plan.captures()) {
      lines.add(
          "capture "
              + b.backend()
              + " "
              + b.conditions()
              + " "
              + b.process()
              + settings(b.settings()));
      b.cases().forEach(c -> lines.add(c.id() + " " + c.repeats() + " " + c.seconds()));
    }
    for (TimedCase t : plan.timings()) {
      lines.add("time " + t.key() + contest(t) + " " + effort(t.jmh()) + settings(t.settings()));
    }
    for (Bar b : plan.bars()) {
      lines.add("bar " + bar(b));
      b.pairs().forEach(p -> lines.add(p.toString()));
    }
    for (TrainingRun r : plan.trainings()) {
      lines.add(training(r) + settings(r.settings()));
      r.ops().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e -> lines.add(e.getKey() + " " + e.getValue()));
    }
    return lines;
  }

  private static String contest(TimedCase t) {
    return t.contest().isEmpty() ? "" : " in " + t.contest();
  }

  /**
   * The row's demand: {@code small: jvm/canonical against openblas/default: speed at least 1.0}.
   */
  private static String bar(Bar b) {
    String atLeast = b.measure().atLeast() ? " at least " : " at most ";
    return b.name()
        + ": "
        + b.subject()
        + " against "
        + b.opponent()
        + ": "
        + b.measure().id()
        + atLeast
        + b.bar()
        + (b.each() == null ? "" : ", each case" + atLeast + b.each())
        + (b.subtract() ? ", without the empty call" : "");
  }

  private static String training(TrainingRun r) {
    return format(
        "train %s?%s, seed %d, %d steps, %d replicates",
        r.id(), r.conditions(), r.seed(), r.steps(), r.replicates());
  }

  private static String effort(JmhSettings j) {
    if (j.together() > 0) {
      return format(
          "%d rounds, %d in a process, %d x %s s warm-up, %d x %s s measured",
          j.forks(), j.together(), j.warmups(), j.warmupSeconds(), j.iterations(), j.seconds());
    }
    return format(
        "%d forks, %d x %s s warm-up, %d x %s s measured",
        j.forks(), j.warmups(), j.warmupSeconds(), j.iterations(), j.seconds());
  }

  private static String settings(ForkSettings s) {
    StringBuilder text = new StringBuilder();
    s.env().forEach((k, v) -> text.append(' ').append(k).append('=').append(v));
    s.jvmArgs().forEach(a -> text.append(' ').append(a));
    return (text.isEmpty() ? "" : ", with" + text)
        + (s.unset().isEmpty() ? "" : ", without " + String.join(" ", s.unset()));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
