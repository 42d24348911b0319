package dev.samebits.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.samebits.plan.Estimate;
import dev.samebits.plan.Plan;
import dev.samebits.plan.PlanText;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what a run would do, in order, with an estimate of its time. Runs and loads nothing. */
@Command(
    name = "plan",
    description = "Print what run would do with the same options. Loads no native library.")
final class PlanVerb implements Callable<Integer> {
  @Mixin private Selection selection;

  @Option(names = "--json", description = "print the plan as JSON")
  private boolean json;

  @Option(names = "--summary", description = "print only its size and the variants by kernel")
  private boolean summary;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    if (json && summary) {
      throw new Refusal(ExitCode.USAGE, "--json and --summary exclude each other; give one", null);
    }
    Plan plan = selection.plan(selection.backends());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(asJson(plan)));
    } else {
      out.print(summary ? PlanText.summary(plan) : PlanText.of(plan));
    }
    out.flush();
    return ExitCode.OK;
  }

  /** Flat and stable: ids and numbers, not the vocabulary's objects. */
  private static Map<String, Object> asJson(Plan plan) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("suite", plan.suite());
    all.put("about", plan.about());
    all.put("estimateSeconds", Estimate.of(plan).totalSeconds());
    all.put("captures", plan.captures().stream().map(PlanVerb::capture).toList());
    all.put("timings", plan.timings().stream().map(PlanVerb::timing).toList());
    all.put("bars", plan.bars().stream().map(PlanVerb::bar).toList());
    all.put("trainings", plan.trainings().stream().map(PlanVerb::training).toList());
    all.put(
        "skipped",
        plan.skipped().stream()
            .map(s -> Map.of("case", s.key().toString(), "why", s.why()))
            .toList());
    return all;
  }

  private static Map<String, Object> capture(Plan.CaptureBatch b) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("backend", b.backend());
    one.put("condition", b.conditions().toString());
    one.put("process", b.process());
    one.put("env", b.settings().env());
    one.put("jvmArgs", b.settings().jvmArgs());
    List<Map<String, Object>> cases =
        b.cases().stream()
            .map(
                c ->
                    Map.<String, Object>of(
                        "case", c.id().toString(), "repeats", c.repeats(), "seconds", c.seconds()))
            .toList();
    one.put("cases", cases);
    return one;
  }

  private static Map<String, Object> timing(Plan.TimedCase t) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("case", t.id().toString());
    one.put("condition", t.conditions().toString());
    one.put("env", t.settings().env());
    one.put("jvmArgs", t.settings().jvmArgs());
    one.put("jmh", t.jmh());
    return one;
  }

  private static Map<String, Object> bar(Plan.Bar b) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("name", b.name());
    one.put("subject", b.subject());
    one.put("opponent", b.opponent());
    one.put("measure", b.measure().id());
    one.put("bar", b.bar());
    one.put("each", b.each());
    one.put("subtract", b.subtract());
    one.put(
        "pairs",
        b.pairs().stream()
            .map(p -> List.of(p.subject().toString(), p.opponent().toString()))
            .toList());
    return one;
  }

  private static Map<String, Object> training(Plan.TrainingRun r) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("id", r.id());
    one.put("condition", r.conditions().toString());
    one.put("ops", r.ops());
    one.put("seed", r.seed());
    one.put("steps", r.steps());
    one.put("replicates", r.replicates());
    return one;
  }
}
