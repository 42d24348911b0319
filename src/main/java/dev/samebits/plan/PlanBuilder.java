package dev.samebits.plan;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.UnknownNameException;
import dev.samebits.kernel.Variant;
import dev.samebits.plan.Plan.CaptureBatch;
import dev.samebits.plan.Plan.CaptureCase;
import dev.samebits.plan.Plan.SkippedCase;
import dev.samebits.plan.Plan.TimedCase;
import dev.samebits.plan.Plan.TrainingRun;
import dev.samebits.plan.Suite.CaptureSettings;
import dev.samebits.plan.Suite.CaseGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Turns a suite into a plan for the given backends and number of cores. The same arguments give the
 * same plan.
 *
 * <p>Order: first one process of every backend, {@code jvm} before the others because it starts
 * fastest, then the next process; batches in pieces come after whole ones, and what needs a busy
 * machine comes last. Inside a process and among timed cases, the cheapest come first.
 */
public final class PlanBuilder {
  private final List<Backend> backends;
  private final Filters filters;
  private final int cores;
  private final Map<BatchKey, List<CaptureCase>> batches = new LinkedHashMap<>();
  private final List<TimedCase> timings = new ArrayList<>();
  private final List<SkippedCase> skipped = new ArrayList<>();
  private final Map<CaseId, String> groupOf = new HashMap<>();

  private PlanBuilder(List<Backend> backends, Filters filters, int cores) {
    this.backends = backends;
    this.filters = filters;
    this.cores = cores;
  }

  /**
   * Builds the plan.
   *
   * @param backends the registered backends, in the order to show them
   * @param cores hardware threads to use, 1 or more
   * @throws UnknownNameException if suite or filters name a backend or variant that is not there
   * @throws NothingToRunException if nothing is left
   * @throws IllegalArgumentException if the suite contradicts itself
   */
  public static Plan build(Suite suite, List<Backend> backends, Filters filters, int cores) {
    if (cores < 1) {
      throw new IllegalArgumentException("cores=" + cores + ": at least 1 is needed");
    }
    List<String> known = backends.stream().map(Backend::name).toList();
    filters.requireBackends(known);
    suite.needs().forEach(b -> UnknownNameException.require("backend", b, known));
    PlanBuilder builder = new PlanBuilder(backends, filters, cores);
    suite.groups().forEach(group -> builder.add(group, suite.timing().apart()));
    BarPlanner bars = new BarPlanner(backends, filters, cores, suite.timing());
    suite.bars().forEach(bars::add);
    builder.merge(bars);
    List<TrainingRun> trainings =
        new TrainingPlanner(backends, cores)
            .runs(suite.training()).stream().filter(filters::accepts).toList();
    Plan plan =
        new Plan(
            suite.name(),
            suite.about(),
            builder.captures(),
            builder.timings.stream()
                .sorted(
                    Comparator.comparingDouble((TimedCase t) -> work(t.id()))
                        .thenComparing(TimedCase::contest))
                .toList(),
            bars.bars(),
            trainings,
            builder.skipped);
    if (plan.units().isEmpty()) {
      throw new NothingToRunException(
          "suite "
              + suite.name()
              + (filters.none()
                  ? ": nothing to run: no variant of its kernels takes their element types"
                  : ": the filters leave nothing to run: no case has " + filters.text()));
    }
    filters.requireUsed(plan);
    return plan;
  }

  /** What both a group and a bar ask for is timed once, in its contest. */
  private void merge(BarPlanner bars) {
    Set<CaseKey> keys = bars.timings().stream().map(TimedCase::key).collect(Collectors.toSet());
    timings.removeIf(t -> keys.contains(t.key()));
    timings.addAll(bars.timings());
    bars.skipped().stream().filter(s -> !skipped.contains(s)).forEach(skipped::add);
  }

  private static double work(CaseId id) {
    return id.kernel().work(id.shape(), id.dtype());
  }

  /** What must be equal for two cases to share a capture process. */
  private record BatchKey(
      String backend, ForkSettings settings, Conditions conditions, int process) {}

  private void add(CaseGroup group, Plan.JmhSettings jmh) {
    for (Choice choice : choices(group)) {
      for (DType dtype : group.dtypes()) {
        if (choice.variant().dtypes().contains(dtype)) {
          for (Shape shape : group.shapes()) {
            for (InputKind input : group.inputs()) {
              for (long seed : group.seeds()) {
                add(group, choice, choice.id(dtype, shape, input, seed), jmh);
              }
            }
          }
        }
      }
    }
  }

  /** A variant on a backend. */
  private record Choice(Backend backend, Variant variant) {
    CaseId id(DType dtype, Shape shape, InputKind input, long seed) {
      return new CaseId(
          variant.kernel(), dtype, shape, backend.name(), variant.name(), input, seed);
    }

    ForkSettings settings(Conditions conditions) {
      return backend.forkSettings(variant, conditions.forBackend());
    }
  }

  private void add(CaseGroup group, Choice choice, CaseId id, Plan.JmhSettings jmh) {
    String other = groupOf.put(id, group.where());
    if (other != null) {
      throw new IllegalArgumentException(
          group.where() + ": case " + id + " is already planned by " + other);
    }
    if (!filters.accepts(id, choice.variant())) {
      return;
    }
    for (Conditions conditions : conditions(group, choice.backend())) {
      if (conditions.threads().orElse(1) > cores) {
        skip(id, conditions);
      } else {
        for (int process = 0; process < group.capture().processes(); process++) {
          capture(group.capture(), choice, id, conditions, process);
        }
      }
    }
    if (cores == 1 && choice.variant().control() == Variant.Control.POSITIVE) {
      skip(id, Conditions.of(Conditions.THREADS, "2"));
    }
    for (Map.Entry<String, String> one : group.once()) {
      Conditions with = first(group).with(one.getKey(), one.getValue());
      capture(group.capture(), choice, id, with, 0);
    }
    if (group.timed() && id.input() == group.inputs().get(0) && id.seed() == group.seeds().get(0)) {
      for (int threads : threads(group, choice.backend())) {
        Conditions at = Conditions.of(Conditions.THREADS, Integer.toString(threads));
        timings.add(new TimedCase(id, choice.variant(), at, choice.settings(at), jmh));
      }
    }
  }

  private List<Integer> threads(CaseGroup group, Backend backend) {
    List<Integer> all =
        group.timedThreads().stream()
            .map(t -> t.equals(Suite.MAX) ? cores : Integer.parseInt(t))
            .filter(t -> t <= cores)
            .distinct()
            .toList();
    return backend.accelerator() ? most(all) : all;
  }

  /** The number of threads means nothing to an accelerator, so one does for all. */
  private static List<Integer> most(List<Integer> threads) {
    return threads.stream().max(Comparator.naturalOrder()).stream().toList();
  }

  private void skip(CaseId id, Conditions conditions) {
    SkippedCase skip =
        new SkippedCase(
            new CaseKey(id, conditions),
            "needs " + conditions.threads().orElse(1) + " cores, here are " + cores);
    if (!skipped.contains(skip)) {
      skipped.add(skip);
    }
  }

  private void capture(
      CaptureSettings effort, Choice choice, CaseId id, Conditions conditions, int process) {
    boolean control =
        choice.variant().control() != Variant.Control.NONE
            && id.input() != InputKind.INTEGER // exact in every order: nothing to wait for
            && conditions.threads().orElse(1) >= 2
            && rank(conditions) == 0;
    batches
        .computeIfAbsent(
            new BatchKey(id.backend(), choice.settings(conditions), conditions, process),
            key -> new ArrayList<>())
        .add(
            new CaptureCase(
                id,
                choice.variant(),
                control ? effort.controlRepeats() : effort.repeats(),
                control ? effort.controlSeconds() : effort.seconds()));
  }

  /** All threads, and of every other condition the first value. */
  private Conditions first(CaseGroup group) {
    Conditions first = Conditions.NONE;
    for (Map.Entry<String, List<String>> e : group.conditions().entrySet()) {
      first = first.with(e.getKey(), e.getValue().get(0));
    }
    return first.with(Conditions.THREADS, Integer.toString(cores));
  }

  /**
   * Processes without the conditions that one process more has come first, those with load last.
   */
  private static int rank(Conditions conditions) {
    Set<String> keys = conditions.values().keySet();
    return keys.contains(Conditions.LOAD) ? 2 : keys.contains(Conditions.SLICE) ? 1 : 0;
  }

  /** The product of all condition values, {@code max} resolved and equal ones taken once. */
  private List<Conditions> conditions(CaseGroup group, Backend backend) {
    List<Conditions> all = List.of(Conditions.NONE);
    for (Map.Entry<String, List<String>> e : group.conditions().entrySet()) {
      List<Conditions> longer = new ArrayList<>();
      List<String> values =
          e.getValue().stream()
              .map(v -> v.equals(Suite.MAX) ? Integer.toString(cores) : v)
              .distinct()
              .toList();
      if (backend.accelerator() && e.getKey().equals(Conditions.THREADS)) {
        values =
            most(values.stream().map(Integer::valueOf).toList()).stream()
                .map(String::valueOf)
                .toList();
      }
      for (Conditions before : all) {
        values.forEach(v -> longer.add(before.with(e.getKey(), v)));
      }
      all = longer;
    }
    return all;
  }

  private List<Choice> choices(CaseGroup group) {
    List<Choice> all = new ArrayList<>();
    if (group.variants().isEmpty()) {
      for (Backend backend : backends.stream().filter(b -> !b.accelerator()).toList()) {
        offered(backend, group).forEach(v -> all.add(new Choice(backend, v)));
      }
    }
    group
        .variants()
        .forEach(
            (name, variants) ->
                matching(group, name).forEach(b -> all.addAll(named(group, b, variants))));
    return all;
  }

  private static List<Variant> offered(Backend backend, CaseGroup group) {
    return backend.variants().stream()
        .filter(v -> v.kernel() == group.kernel())
        .filter(v -> group.dtypes().stream().anyMatch(v.dtypes()::contains))
        .toList();
  }

  /** {@code cblas:*} may match none: such libraries are added by the user. */
  private List<Backend> matching(CaseGroup group, String name) {
    if (name.endsWith(":*")) {
      String prefix = name.substring(0, name.length() - 1);
      return backends.stream().filter(b -> b.name().startsWith(prefix)).toList();
    }
    List<Backend> exact = backends.stream().filter(b -> b.name().equals(name)).toList();
    if (exact.isEmpty()) {
      throw Fields.at(
          group.where(),
          new UnknownNameException("backend", name, backends.stream().map(Backend::name).toList()));
    }
    return exact;
  }

  private static List<Choice> named(CaseGroup group, Backend backend, List<String> names) {
    List<Variant> variants = offered(backend, group);
    if (variants.isEmpty()) {
      throw new IllegalArgumentException(
          group.where()
              + ": backend "
              + backend.name()
              + " offers no "
              + group.kernel().id()
              + " for "
              + group.dtypes().stream().map(DType::id).toList());
    }
    if (names.equals(List.of(Suite.ALL))) {
      return variants.stream().map(v -> new Choice(backend, v)).toList();
    }
    try {
      return names.stream()
          .map(name -> new Choice(backend, backend.variant(group.kernel(), name)))
          .toList();
    } catch (UnknownNameException e) {
      throw Fields.at(group.where(), e);
    }
  }

  private List<CaptureBatch> captures() {
    List<String> names = backends.stream().map(Backend::name).toList();
    ToDoubleFunction<CaptureCase> work = c -> work(c.id());
    return batches.entrySet().stream()
        .map(
            e ->
                new CaptureBatch(
                    e.getKey().backend(),
                    e.getKey().settings(),
                    e.getKey().conditions(),
                    e.getKey().process(),
                    e.getValue().stream().sorted(Comparator.comparingDouble(work)).toList()))
        .sorted(
            Comparator.comparing((CaptureBatch b) -> rank(b.conditions()))
                .thenComparing(CaptureBatch::process)
                .thenComparing(b -> b.backend().equals("jvm") ? -1 : names.indexOf(b.backend()))
                .thenComparing(b -> b.conditions().threads().orElse(1)))
        .toList();
  }
}
