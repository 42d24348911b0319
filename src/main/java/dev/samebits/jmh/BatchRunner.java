package dev.samebits.jmh;

import dev.samebits.kernel.ForkSettings;
import dev.samebits.plan.Plan;
import dev.samebits.plan.Plan.Pass;
import dev.samebits.plan.Plan.Unit;
import dev.samebits.result.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs capture and training processes. A process that dies or hangs costs the case it was at; the
 * cases after it go on in a new process.
 */
final class BatchRunner {
  private final SessionContext session;
  private final Set<String> accelerators;

  /**
   * @param accelerators names of the backends that are to be probed first
   */
  BatchRunner(SessionContext session, Set<String> accelerators) {
    this.session = session;
    this.accelerators = accelerators;
  }

  /** Runs what is left of a batch. */
  void capture(Plan.CaptureBatch batch) {
    String condition = batch.conditions().toString();
    Map<Unit, ForkJob.Case> left = new HashMap<>();
    List<Unit> units = new ArrayList<>();
    for (Plan.CaptureCase c : batch.cases()) {
      Unit unit = new Unit(Pass.CAPTURE, c.id().toString(), condition, batch.process());
      if (!session.isSettled(unit)) {
        units.add(unit);
        left.put(unit, new ForkJob.Case(c.id().toString(), c.repeats(), c.seconds()));
      }
    }
    if (accelerators.contains(batch.backend()) && !units.isEmpty()) {
      session.probe(batch.backend());
    }
    if (session.skipIfUnavailable(batch.backend(), units)) {
      return;
    }
    double longest = batch.cases().stream().mapToDouble(Plan.CaptureCase::seconds).max().orElse(0);
    while (!units.isEmpty() && !session.interrupted()) {
      ForkJob job =
          new ForkJob(
              Pass.CAPTURE.id(),
              session.newFork("capture-" + batch.backend().replace(':', '-')),
              session.store().dir().toString(),
              batch.process(),
              batch.backend(),
              condition,
              batch.settings().env(),
              session.stallSeconds(longest),
              units.stream().map(left::get).toList(),
              null);
      units = run(job, batch.settings(), units);
    }
  }

  /**
   * Times the cases of a contest in turns. A case that takes its process down, or the device, is
   * left out of the rounds left here; another process goes on with the others, from the round it
   * was in.
   *
   * @param from the first round
   * @param to the one behind the last
   */
  void contest(List<Plan.TimedCase> members, int from, int to) {
    int first = from;
    while (first < to && !session.interrupted()) {
      List<Plan.TimedCase> left = left(members, first);
      int end = first + 1;
      while (end < to && left(members, end).equals(left)) {
        end++;
      }
      if (left.isEmpty()) {
        first = end;
      } else if (available(left, first, end)) {
        turns(left, first, end);
      }
    }
  }

  /** Whose round is still to be timed. */
  private List<Plan.TimedCase> left(List<Plan.TimedCase> members, int round) {
    return members.stream().filter(t -> !session.isSettled(TimingRunner.unit(t, round))).toList();
  }

  /** Whether every backend is there; if not, what is of one that is not there is skipped. */
  private boolean available(List<Plan.TimedCase> members, int from, int to) {
    boolean all = true;
    for (Plan.TimedCase t : members) {
      session.probe(t.id().backend());
      List<Unit> mine =
          IntStream.range(from, to).mapToObj(round -> TimingRunner.unit(t, round)).toList();
      all &= !session.skipIfUnavailable(t.id().backend(), mine);
    }
    return all && !session.interrupted();
  }

  /** One process. */
  private void turns(List<Plan.TimedCase> members, int from, int to) {
    Plan.JmhSettings s = members.get(0).jmh();
    double budget = s.warmups() * s.warmupSeconds() + s.iterations() * s.seconds();
    List<Unit> inOrder = new ArrayList<>();
    for (int round = from; round < to; round++) {
      for (Plan.TimedCase t : ContestFork.order(members, round)) {
        inOrder.add(TimingRunner.unit(t, round));
      }
    }
    ForkJob job =
        new ForkJob(
            Pass.TIMING.id(),
            session.newFork("contest"),
            session.store().dir().toString(),
            from,
            null,
            "",
            Map.of(),
            session.stallSeconds(budget),
            List.of(),
            null,
            new ForkJob.Contest(
                members.stream().map(t -> t.key().toString()).toList(),
                from,
                to,
                new ForkJob.Effort(s.warmups(), s.warmupSeconds(), s.iterations(), s.seconds())));
    Set<String> unset =
        members.stream().flatMap(t -> t.settings().unset().stream()).collect(Collectors.toSet());
    run(job, new ForkSettings(Map.of(), List.of(), unset), inOrder);
  }

  /** Runs one training run. */
  void training(Plan.TrainingRun run) {
    Unit unit = new Unit(Pass.TRAINING, run.id(), run.conditions().toString(), 0);
    if (session.isSettled(unit)) {
      return;
    }
    for (String backend : accelerators) {
      if (run.ops().values().stream().anyMatch(on -> on.startsWith(backend + "/"))) {
        session.probe(backend);
        if (session.skipIfUnavailable(backend, List.of(unit))) {
          return;
        }
      }
    }
    ForkJob job =
        new ForkJob(
            Pass.TRAINING.id(),
            session.newFork("training-" + run.mode()),
            session.store().dir().toString(),
            0,
            null,
            run.conditions().toString(),
            run.settings().env(),
            session.stallSeconds(run.steps() * run.replicates() * 0.02),
            List.of(),
            new ForkJob.Training(
                run.id(),
                run.model(),
                run.data(),
                run.mode(),
                run.ops(),
                run.seed(),
                run.steps(),
                run.replicates()));
    run(job, run.settings(), List.of(unit));
  }

  /** Runs one process and returns the units that another process must still do. */
  private List<Unit> run(ForkJob job, ForkSettings settings, List<Unit> units) {
    session.tally().working(units.get(0).pass(), units.get(0).caseText());
    ChildProcess child = ChildProcess.start(job, settings);
    PartTail tail = new PartTail(session.store().partsDir().resolve(job.fork() + ".jsonl"));
    ChildProcess.Result end =
        child.await(
            () -> {
              tail.poll().forEach(session::settle);
              return tail.lastGrowth() + TimeUnit.SECONDS.toNanos(job.deadlineSeconds());
            });
    tail.poll().forEach(session::settle);
    List<Unit> unsettled = units.stream().filter(u -> !session.isSettled(u)).toList();
    if (unsettled.isEmpty() || session.interrupted()) {
      return List.of();
    }
    if (end.exitCode() == 0 && unsettled.size() < units.size()) {
      return unsettled; // it lost its device and ended by itself
    }
    List<Unit> lost = tail.hasStarted() ? lost(job, unsettled, tail.bound) : unsettled;
    for (Unit unit : lost) {
      session.fail(
          job.fork(),
          unit,
          end.timedOut() ? "TIMEOUT" : "FAILED",
          end.timedOut()
              ? "no progress for " + job.deadlineSeconds() + " s; the process was ended"
              : "the process ended with exit code " + end.exitCode() + end.lastLine(),
          end.output());
    }
    return unsettled.stream().filter(u -> !lost.contains(u)).toList();
  }

  /**
   * What a process that died or hung has cost: the case it was at. In a contest that is the first
   * one that it had not bound, else the one whose turn it was, with all its rounds.
   */
  private static List<Unit> lost(ForkJob job, List<Unit> unsettled, Set<String> bound) {
    if (job.contest() == null) {
      return unsettled.subList(0, 1);
    }
    String at =
        job.contest().keys().stream()
            .filter(key -> !bound.contains(key))
            .filter(key -> unsettled.stream().anyMatch(u -> key(u).equals(key)))
            .findFirst()
            .orElse(key(unsettled.get(0)));
    return unsettled.stream().filter(u -> key(u).equals(at)).toList();
  }

  private static String key(Unit unit) {
    return unit.condition().isEmpty() ? unit.caseText() : unit.caseText() + "?" + unit.condition();
  }

  /** Follows a part file while its process writes it. */
  private static final class PartTail {
    private final Path file;
    private final Set<String> bound = new HashSet<>();
    private long seen;
    private long lastGrowth = System.nanoTime();

    PartTail(Path file) {
      this.file = file;
    }

    long lastGrowth() {
      return lastGrowth;
    }

    boolean hasStarted() {
      return seen > 0;
    }

    /** The whole lines that were added since the last call. */
    List<Record> poll() {
      try {
        if (!Files.exists(file) || Files.size(file) == seen) {
          return List.of();
        }
        PartFile.Chunk chunk = PartFile.readFrom(file, seen);
        if (chunk.end() > seen) {
          lastGrowth = System.nanoTime();
          seen = chunk.end();
        }
        for (Record r : chunk.records()) {
          if (r instanceof Record.Bound b) {
            bound.add(b.condition().isEmpty() ? b.caseId() : b.caseId() + "?" + b.condition());
          }
        }
        return chunk.records();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
  }
}
