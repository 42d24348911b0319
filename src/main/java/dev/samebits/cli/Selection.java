package dev.samebits.cli;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Backend;
import dev.samebits.plan.Filters;
import dev.samebits.plan.NothingToRunException;
import dev.samebits.plan.Plan;
import dev.samebits.plan.PlanBuilder;
import dev.samebits.plan.Suite;
import dev.samebits.training.TrainingSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to run: a suite and the part of it that filters leave. */
final class Selection {
  private static final String DEFAULT_PRESET = "quick";

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "suite of the jar: smoke, quick, standard, full, speed, scaling, gpu, or a step of"
              + " gpu-check.sh: gpu_contract, gpu_sanitizer, gpu_speed, gpu_wall, gpu_stress"
              + " (default: quick)")
  private String preset;

  @Option(names = "--suite", paramLabel = "FILE", description = "suite file of your own, in YAML")
  private Path suiteFile;

  @Option(names = "--kernel", paramLabel = "NAME", split = ",", description = "only these kernels")
  private List<String> kernels = new ArrayList<>();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      description = "only these backends; one that is unavailable is then an error")
  private List<String> backends = new ArrayList<>();

  @Option(
      names = "--mode",
      paramLabel = "NAME",
      split = ",",
      description = "only nondeterministic, deterministic or reproducible variants")
  private List<String> modes = new ArrayList<>();

  @Option(
      names = "--dtype",
      paramLabel = "NAME",
      split = ",",
      description = "only f32, f64, f16 or bf16")
  private List<String> dtypes = new ArrayList<>();

  @Option(
      names = "--case",
      paramLabel = "REGEX",
      description =
          "only cases in whose id this is found, or bars in whose 'bar NAME'; may be repeated")
  private List<String> cases = new ArrayList<>();

  @Mixin private ExtraLibraries extra;

  /** Whether anything was chosen. */
  boolean given() {
    return preset != null
        || suiteFile != null
        || extra.given()
        || !cases.isEmpty()
        || !(kernels.isEmpty() && backends.isEmpty() && modes.isEmpty() && dtypes.isEmpty());
  }

  /** The backends asked for by name, by the user or by the suite. */
  List<String> namedBackends() {
    return Refusal.usage(
        () -> Stream.concat(backends.stream(), suite().needs().stream()).distinct().toList());
  }

  /** Every backend, the user's included. Loads no native library. */
  List<Backend> backends() {
    List<Backend> all = extra.backends();
    Refusal.usage(extra::requireFiles);
    return all;
  }

  /** The plan for these backends on this machine. */
  Plan plan(List<Backend> from) {
    return Refusal.usage(
        () -> {
          Plan plan = build(suite(), from);
          plan.trainings().forEach(Selection::check);
          return plan;
        });
  }

  private Plan build(Suite suite, List<Backend> from) {
    try {
      return PlanBuilder.build(suite, from, filters(), Runtime.getRuntime().availableProcessors());
    } catch (NothingToRunException e) {
      List<String> others =
          Suite.PRESETS.stream().filter(p -> !p.equals(suite.name()) && has(p, from)).toList();
      String hint = others.isEmpty() ? "" : "; presets that have one: ";
      throw new IllegalArgumentException(e.getMessage() + hint + String.join(", ", others), e);
    }
  }

  /** Whether the filters leave something of a preset. */
  private boolean has(String preset, List<Backend> from) {
    try {
      PlanBuilder.build(
          Suite.preset(preset), from, filters(), Runtime.getRuntime().availableProcessors());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Models, data and operations are names too: wrong ones are refused before anything runs. */
  private static void check(Plan.TrainingRun run) {
    new TrainingSpec(
            run.model(),
            run.data(),
            run.mode(),
            run.ops(),
            run.conditions(),
            run.seed(),
            run.steps(),
            run.replicates())
        .requireOffered(Backends::of);
  }

  private Suite suite() {
    if (preset != null && suiteFile != null) {
      throw new IllegalArgumentException("--preset and --suite exclude each other; give one");
    }
    return suiteFile != null
        ? Suite.file(suiteFile)
        : Suite.preset(preset == null ? DEFAULT_PRESET : preset);
  }

  private Filters filters() {
    String regex = cases.stream().map(c -> "(?:" + c + ")").collect(Collectors.joining("|"));
    return new Filters(kernels, backends, modes, dtypes, cases.size() == 1 ? cases.get(0) : regex);
  }
}
