package dev.samebits.plan;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.UnknownNameException;
import dev.samebits.kernel.Variant;
import dev.samebits.plan.BarSpec.Opponent;
import dev.samebits.plan.BarSpec.Side;
import dev.samebits.plan.Plan.Bar;
import dev.samebits.plan.Plan.JmhSettings;
import dev.samebits.plan.Plan.Pair;
import dev.samebits.plan.Plan.SkippedCase;
import dev.samebits.plan.Plan.TimedCase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans bars: both sides of every pair are timed in the same run, one right after the other. */
final class BarPlanner {
  private static final long SEED = 1;

  private final List<Backend> backends;
  private final Filters filters;
  private final int cores;
  private final JmhSettings jmh;
  private final Map<CaseKey, TimedCase> timings = new LinkedHashMap<>();
  private final List<Bar> bars = new ArrayList<>();
  private final List<SkippedCase> skipped = new ArrayList<>();

  BarPlanner(List<Backend> backends, Filters filters, int cores, JmhSettings jmh) {
    this.backends = backends;
    this.filters = filters;
    this.cores = cores;
    this.jmh = jmh;
  }

  /** A row under one element type, shape, input and number of threads. */
  private record Problem(
      Kernel kernel, DType dtype, Shape shape, InputKind input, Shape emptyCall, int threads) {}

  /**
   * Plans a row: one bar for every opponent of which the filters leave a pair.
   *
   * @throws IllegalArgumentException naming the row and the unknown name or wrong element type
   */
  void add(BarSpec row) {
    try {
      row.against().forEach(opponent -> add(row, opponent));
    } catch (IllegalArgumentException e) {
      throw Fields.at(row.where() + " (" + row.name() + ")", e);
    }
  }

  private void add(BarSpec row, Opponent opponent) {
    List<Pair> pairs = new ArrayList<>();
    boolean tooFewCores = false;
    for (Problem p : problems(row)) {
      CaseKey subject = key(p, row.subject());
      CaseKey other = key(of(p, opponent), opponent.side());
      Variant variant = variant(subject);
      variant(other);
      if (!filters.accepts(row.name(), subject, variant, other)) {
        continue;
      }
      if (p.threads() > cores) {
        tooFewCores = true;
        skip(subject, p.threads());
        skip(other, p.threads());
        continue;
      }
      boolean empty = p.emptyCall() != null;
      pairs.add(
          new Pair(
              time(subject, subject),
              time(other, subject),
              empty ? time(key(p, p.emptyCall(), row.subject())) : null,
              empty ? time(key(p, p.emptyCall(), opponent.side())) : null));
    }
    if (!pairs.isEmpty() || tooFewCores) {
      bars.add(
          new Bar(
              row.name(),
              row.about(),
              row.subject().toString(),
              opponent.text(),
              opponent.measure(),
              opponent.bar(),
              opponent.each(),
              row.subtract(),
              pairs));
    }
  }

  private List<Problem> problems(BarSpec row) {
    List<Integer> threads =
        row.threads().stream()
            .map(t -> t.equals(Suite.MAX) ? cores : Integer.parseInt(t))
            .distinct()
            .toList();
    List<Problem> all = new ArrayList<>();
    row.shapes()
        .forEach(
            (kernel, shapes) -> {
              for (DType dtype : row.dtypes()) {
                for (Shape shape : shapes) {
                  for (InputKind input : row.inputs()) {
                    Shape empty = row.emptyCall().get(kernel);
                    threads.forEach(
                        n -> all.add(new Problem(kernel, dtype, shape, input, empty, n)));
                  }
                }
              }
            });
    return all;
  }

  private static CaseKey key(Problem p, Side side) {
    return key(p, p.shape(), side);
  }

  private static CaseKey key(Problem p, Shape shape, Side side) {
    return new CaseKey(
        new CaseId(p.kernel(), p.dtype(), shape, side.backend(), side.variant(), p.input(), SEED),
        side.conditions().with(Conditions.THREADS, Integer.toString(p.threads())));
  }

  private Variant variant(CaseKey key) {
    CaseId id = key.id();
    Variant variant = backend(id.backend()).variant(id.kernel(), id.variant());
    if (!variant.dtypes().contains(id.dtype())) {
      throw new IllegalArgumentException(
          "variant "
              + id.variant()
              + " of "
              + id.kernel().id()
              + " on "
              + id.backend()
              + " takes "
              + variant.dtypes().stream().map(DType::id).sorted().toList()
              + ", not "
              + id.dtype().id());
    }
    return variant;
  }

  private Backend backend(String name) {
    return backends.stream()
        .filter(b -> b.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UnknownNameException(
                    "backend", name, backends.stream().map(Backend::name).toList()));
  }

  /** The problem as an opponent with a kernel of its own has it. */
  private static Problem of(Problem p, Opponent opponent) {
    Kernel kernel = opponent.kernel();
    if (kernel == null) {
      return p;
    }
    if (!kernel.rateUnit().equals(p.kernel().rateUnit())) {
      throw new IllegalArgumentException(
          "rates of " + p.kernel().id() + " and " + kernel.id() + " have different units");
    }
    Shape shape = Shape.parse(kernel, p.shape().toString());
    return new Problem(kernel, p.dtype(), shape, p.input(), null, p.threads());
  }

  private CaseKey time(CaseKey key) {
    return time(key, key);
  }

  /** Times a case in the contest that is named after a subject. */
  private CaseKey time(CaseKey key, CaseKey subject) {
    timings.computeIfAbsent(
        key,
        k -> {
          Variant variant = variant(k);
          return new TimedCase(
              k.id(),
              variant,
              k.conditions(),
              settings(k, variant),
              jmh,
              contest(subject.id()) + "?" + threads(k.conditions()));
        });
    return key;
  }

  /** One contest a problem, or a kernel where a process times all of it: to start one is dear. */
  private String contest(CaseId subject) {
    return jmh.together() > 0
        ? subject.kernel().id() + "/" + subject.dtype().id()
        : subject.problem();
  }

  private ForkSettings settings(CaseKey key, Variant variant) {
    Backend backend = backend(key.id().backend());
    ForkSettings settings = backend.forkSettings(variant, key.conditions());
    if (jmh.together() > 0
        && (!backend.accelerator() || !settings.env().isEmpty() || !settings.jvmArgs().isEmpty())) {
      throw new IllegalArgumentException(
          "timing: together: one process can only time variants of accelerators that need no"
              + " settings of the process, "
              + backend.name()
              + "/"
              + variant.name()
              + " is none");
    }
    return settings;
  }

  private static Conditions threads(Conditions conditions) {
    return Conditions.of(Conditions.THREADS, conditions.values().get(Conditions.THREADS));
  }

  private void skip(CaseKey key, int threads) {
    SkippedCase skip = new SkippedCase(key, "needs " + threads + " cores, here are " + cores);
    if (!skipped.contains(skip)) {
      skipped.add(skip);
    }
  }

  List<Bar> bars() {
    return bars;
  }

  Collection<TimedCase> timings() {
    return timings.values();
  }

  List<SkippedCase> skipped() {
    return skipped;
  }
}
