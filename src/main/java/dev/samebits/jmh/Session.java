package dev.samebits.jmh;

import dev.samebits.kernel.Axis;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Variant;
import dev.samebits.plan.Plan;
import dev.samebits.result.BuildInfo;
import dev.samebits.result.Environment;
import dev.samebits.result.EnvironmentProbe;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import dev.samebits.result.RecordWriter;
import dev.samebits.result.ResultStore;
import dev.samebits.result.StoreLock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Runs a plan: starts the processes one after another, merges what they wrote, and accounts for
 * every planned unit. Order: first capture process of every backend (so that something is known
 * early), the rounds of timing forks, the other capture processes, training.
 */
public final class Session {
  private final Plan plan;
  private final Set<String> accelerators;
  private final ResultStore store;
  private final Options options;
  private final Tally tally;
  private volatile SessionContext context;
  private OtherWork others;
  private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private volatile boolean interrupted;

  /**
   * How to run.
   *
   * @param resume whether to go on with an earlier run in the same folder
   * @param command the command line, for the record
   * @param host the machine's alias
   */
  public record Options(boolean resume, List<String> command, String host) {}

  /**
   * How it ended.
   *
   * @param complete whether every planned unit ended or was skipped for a stated reason
   * @param failures units that failed or timed out
   * @param wallSeconds wall time, earlier parts of a resumed run included
   * @param measuredSeconds time inside JMH iterations, capture invocations and training steps
   */
  public record Outcome(
      boolean complete, int failures, double wallSeconds, double measuredSeconds) {}

  /** A session over a plan; {@link #run} does it. */
  public Session(
      Plan plan,
      List<Backend> backends,
      ResultStore store,
      Options options,
      SessionListener listener) {
    this.plan = plan;
    this.accelerators =
        backends.stream()
            .filter(Backend::accelerator)
            .map(Backend::name)
            .collect(Collectors.toUnmodifiableSet());
    this.store = store;
    this.options = options;
    this.tally = new Tally(plan, listener);
  }

  /** Ends the process at work and lets {@link #run} return with what has been measured. */
  public void interrupt() {
    interrupted = true;
    SessionContext now = context;
    if (now != null) {
      now.interrupt();
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Runs the plan, or what is left of it.
   *
   * @throws ResumeRefusedException if a run to be resumed was made by another commit, CPU, JDK or
   *     plan
   */
  public Outcome run() {
    long start = System.nanoTime();
    others = OtherWork.begin();
    ClassArchive.prepare();
    CompletableFuture<Environment> environment =
        CompletableFuture.supplyAsync(EnvironmentProbe::read);
    StoreLock lock = store.lock();
    try {
      return run(start, environment);
    } finally {
      lock.close();
    }
  }

  private Outcome run(long start, CompletableFuture<Environment> environment) {
    Resume earlier = options.resume() ? Resume.of(store, plan, environment.join()) : Resume.fresh();
    try (RecordWriter own = store.part("session")) {
      context = new SessionContext(store, tally, own, earlier.nextFork());
      context.measured(earlier.measuredSeconds());
      if (interrupted) {
        context.interrupt();
      }
      Runnable checkpoint = () -> store.write(manifest(earlier, start, null, environment));
      checkpoint.run();
      tally.begin(earlier.ended());
      plan.skipped().forEach(this::writeSkip);
      steps(checkpoint);
      tally.listener().end();
    }
    Manifest last = manifest(earlier, start, Instant.now(), environment);
    store.fold();
    store.write(last);
    return new Outcome(
        tally.complete(), tally.failedCount(), last.wallSeconds(), last.measuredSeconds());
  }

  private void writeSkip(Plan.SkippedCase s) {
    context.write(
        new Record.Skip(
            "session",
            s.key().id().toString(),
            s.key().conditions().toString(),
            "SKIPPED",
            s.why(),
            ""));
  }

  /** Does everything in order; after each step the manifest is brought up to date. */
  private void steps(Runnable checkpoint) {
    for (Runnable step : stepsInOrder()) {
      if (context.interrupted()) {
        return;
      }
      step.run();
      checkpoint.run();
    }
  }

  private List<Runnable> stepsInOrder() {
    BatchRunner batches = new BatchRunner(context, accelerators);
    TimingRunner timing = new TimingRunner(context, batches);
    List<Runnable> steps = new ArrayList<>();
    plan.captures().stream()
        .filter(b -> b.process() == 0)
        .forEach(b -> steps.add(() -> capture(batches, b)));
    int rounds = plan.timings().stream().mapToInt(t -> t.jmh().forks()).max().orElse(0);
    for (int i = 0; i < rounds; i++) {
      int round = i;
      steps.add(
          () -> {
            ClassArchive.await();
            timing.round(plan.timings(), round);
          });
    }
    plan.captures().stream()
        .filter(b -> b.process() > 0)
        .forEach(b -> steps.add(() -> capture(batches, b)));
    plan.trainings().forEach(run -> steps.add(() -> batches.training(run)));
    return steps;
  }

  private static void capture(BatchRunner batches, Plan.CaptureBatch batch) {
    LoadProcess load = LoadProcess.forConditions(batch.conditions());
    try {
      batches.capture(batch);
    } finally {
      load.close();
    }
  }

  private Manifest manifest(
      Resume earlier, long start, Instant finished, CompletableFuture<Environment> environment) {
    double wall = earlier.wallSeconds() + (System.nanoTime() - start) * 1e-9;
    double measured = context.measuredSeconds();
    double firstCase =
        earlier.firstCaseSeconds() > 0 || context.firstResult() == 0
            ? earlier.firstCaseSeconds()
            : (context.firstResult() - start) * 1e-9;
    String status = finished == null ? "RUNNING" : tally.complete() ? "COMPLETE" : "INCOMPLETE";
    return new Manifest(
        Record.SCHEMA,
        plan.suite(),
        plan.digest(),
        options.host(),
        BuildInfo.commit(),
        options.command(),
        earlier.started().isEmpty() ? began.toString() : earlier.started(),
        finished == null ? null : finished.truncatedTo(ChronoUnit.MILLIS).toString(),
        status,
        seeds(),
        wall,
        measured,
        measured / wall,
        others.cores(),
        firstCase,
        tally.planned(),
        tally.endedCount(),
        context.backends(),
        variants(),
        plan.bars().isEmpty() ? null : plan.bars().stream().map(Session::info).toList(),
        environment.join());
  }

  private static Manifest.BarInfo info(Plan.Bar b) {
    return new Manifest.BarInfo(
        b.name(),
        b.about(),
        b.subject(),
        b.opponent(),
        b.measure().id(),
        b.bar(),
        b.each(),
        b.subtract(),
        b.pairs().stream()
            .map(
                p ->
                    new Manifest.PairInfo(
                        p.subject().toString(),
                        p.opponent().toString(),
                        p.emptySubject() == null ? null : p.emptySubject().toString(),
                        p.emptyOpponent() == null ? null : p.emptyOpponent().toString()))
            .toList());
  }

  private List<Long> seeds() {
    LongStream cases =
        plan.captures().stream().flatMap(b -> b.cases().stream()).mapToLong(c -> c.id().seed());
    LongStream timings = plan.timings().stream().mapToLong(t -> t.id().seed());
    LongStream trainings = plan.trainings().stream().mapToLong(Plan.TrainingRun::seed);
    return LongStream.concat(LongStream.concat(cases, timings), trainings)
        .distinct()
        .sorted()
        .boxed()
        .toList();
  }

  private List<Manifest.VariantInfo> variants() {
    Map<String, Manifest.VariantInfo> all = new LinkedHashMap<>();
    for (Plan.CaptureBatch b : plan.captures()) {
      b.cases().forEach(c -> put(all, b.backend(), c.variant()));
    }
    plan.timings().forEach(t -> put(all, t.id().backend(), t.variant()));
    return List.copyOf(all.values());
  }

  private void put(Map<String, Manifest.VariantInfo> all, String backend, Variant v) {
    all.putIfAbsent(
        backend + "/" + v.kernel().id() + "/" + v.name(),
        new Manifest.VariantInfo(
            v.kernel().id(),
            backend,
            v.name(),
            v.mode().id(),
            v.guarantee().label(),
            v.guarantee().axes().stream().map(Axis::id).toList(),
            v.twin().orElse(null),
            v.control().name(),
            v.about(),
            accelerators.contains(backend) ? true : null));
  }
}
