package dev.samebits.jmh;

import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Kernel;
import dev.samebits.plan.Plan;
import dev.samebits.plan.Plan.Pass;
import dev.samebits.plan.Plan.TimedCase;
import dev.samebits.plan.Plan.Unit;
import dev.samebits.result.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The timing pass: rounds of one JMH fork a case, so that the forks of all cases are interleaved
 * and a fork that dies costs nothing but itself.
 */
final class TimingRunner {
  private final SessionContext session;
  private final BatchRunner processes;

  /**
   * @param processes runs those that time a whole contest
   */
  TimingRunner(SessionContext session, BatchRunner processes) {
    this.session = session;
    this.processes = processes;
  }

  /** The cases that one JMH {@code Runner} can take: same class, same fork settings. */
  private record Group(Kernel kernel, String backend, ForkSettings settings, Plan.JmhSettings jmh) {
    static Group of(TimedCase t) {
      return new Group(t.id().kernel(), t.id().backend(), t.settings(), t.jmh());
    }
  }

  /**
   * Runs fork number {@code round} of every case that has that many: first those that are compared
   * with none, then one contest after another.
   */
  void round(List<TimedCase> cases, int round) {
    Map<String, List<TimedCase>> contests = new LinkedHashMap<>();
    contests.put("", new ArrayList<>());
    for (TimedCase t : cases) {
      if (round < t.jmh().forks() && !session.isSettled(unit(t, round))) {
        contests.computeIfAbsent(t.contest(), c -> new ArrayList<>()).add(t);
      }
    }
    contests.forEach(
        (contest, members) -> {
          Plan.JmhSettings s = members.isEmpty() ? null : members.get(0).jmh();
          if (s != null && s.together() > 0) {
            int first = round / s.together() * s.together();
            processes.contest(members, round, Math.min(first + s.together(), s.forks()));
            return;
          }
          if (!contest.isEmpty() && round % 2 == 1) {
            // Whoever comes second finds a warmer or a slower machine: take turns.
            Collections.reverse(members);
          }
          groups(members, !contest.isEmpty()).forEach(g -> group(g, round));
        });
  }

  /** Cases by the settings of their forks; kept in order if only neighbours may share a runner. */
  private static List<List<TimedCase>> groups(List<TimedCase> cases, boolean inOrder) {
    List<List<TimedCase>> all = new ArrayList<>();
    Map<Group, List<TimedCase>> open = new HashMap<>();
    Group last = null;
    for (TimedCase t : cases) {
      Group group = Group.of(t);
      if (!open.containsKey(group) || inOrder && !group.equals(last)) {
        open.put(group, new ArrayList<>());
        all.add(open.get(group));
      }
      open.get(group).add(t);
      last = group;
    }
    return all;
  }

  private void group(List<TimedCase> members, int round) {
    Group group = Group.of(members.get(0));
    List<Unit> units = members.stream().map(t -> unit(t, round)).toList();
    if (session.interrupted()) {
      return;
    }
    session.probe(group.backend());
    if (!session.interrupted() && !session.skipIfUnavailable(group.backend(), units)) {
      run(group, members, round);
    }
  }

  static Unit unit(TimedCase t, int round) {
    return new Unit(Pass.TIMING, t.id().toString(), t.conditions().toString(), round);
  }

  private void run(Group group, List<TimedCase> cases, int round) {
    Map<String, TimedCase> byKey =
        cases.stream()
            .collect(
                Collectors.toMap(t -> t.key().toString(), t -> t, (a, b) -> a, LinkedHashMap::new));
    Plan.JmhSettings s = group.jmh();
    long deadline =
        session.stallSeconds(s.warmups() * s.warmupSeconds() + s.iterations() * s.seconds());
    JmhOutput output = new JmhOutput(session, byKey, round);
    try (ForkWatchdog watchdog =
        new ForkWatchdog(session.store().partsDir(), "timing-" + round + "-")) {
      new Runner(options(group, byKey, round, deadline).build(), output).run();
      for (TimedCase t : cases) {
        remarks(t, round);
        Unit unit = unit(t, round);
        if (!session.isSettled(unit) && !session.interrupted()) {
          boolean killed = watchdog.ended().contains(t.key().toString());
          session.fail(
              "timing-" + round,
              unit,
              killed ? "TIMEOUT" : "FAILED",
              killed
                  ? "no end within " + deadline + " s; the fork was ended"
                  : output.reason(t.key().toString()),
              output.text(t.key().toString()));
        }
      }
    } catch (JmhOutput.Interrupted e) {
      // what was measured is recorded; the session ends
    } catch (RunnerException e) {
      throw new JmhRefusedException(
          "JMH refused to run: "
              + e.getMessage()
              + " (another JMH run on this machine? -Djmh.ignoreLock=true runs beside it)",
          e);
    }
  }

  private ChainedOptionsBuilder options(
      Group group, Map<String, TimedCase> byKey, int round, long deadline) {
    Plan.JmhSettings s = group.jmh();
    List<String> flags = new ArrayList<>(ChildJvm.flags(group.settings()));
    flags.add("-D" + TimingFork.STORE + "=" + session.store().dir());
    flags.add("-D" + TimingFork.ROUND + "=" + round);
    flags.add("-D" + TimingFork.DEADLINE + "=" + deadline);
    String env = String.join(";", group.settings().environment());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + BenchmarkClasses.of(group.kernel()).replace(".", "\\.") + "\\.invoke$")
            .param("key", byKey.keySet().toArray(String[]::new))
            .forks(1)
            .warmupForks(0)
            .threads(1)
            .warmupIterations(s.warmups())
            .warmupTime(seconds(s.warmupSeconds()))
            .measurementIterations(s.iterations())
            .measurementTime(seconds(s.seconds()))
            .timeUnit(TimeUnit.NANOSECONDS)
            .shouldFailOnError(false)
            .jvm(ChildJvm.executable().toString())
            .jvmArgs(flags.toArray(String[]::new));
    return env.isEmpty() ? options : options.addProfiler(EnvironmentProfiler.class, env);
  }

  private static TimeValue seconds(double seconds) {
    return TimeValue.milliseconds(Math.round(seconds * 1000));
  }

  /** Fingerprints that the fork of a case noted at the end of its iterations. */
  static List<String> fingerprints(Path parts, int round, TimedCase t) {
    return written(parts, round, t, Record.Output.class).stream()
        .map(Record.Output::fingerprint)
        .toList();
  }

  /** What the fork of a case wrote of one type. */
  private static <T extends Record.OfCase> List<T> written(
      Path parts, int round, TimedCase t, Class<T> type) {
    List<T> all = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(parts, "timing-" + round + "-*.jsonl")) {
      for (Path file : files) {
        for (Record r : PartFile.readFrom(file, 0).records()) {
          if (type.isInstance(r)
              && type.cast(r).caseId().equals(t.id().toString())
              && type.cast(r).condition().equals(t.conditions().toString())) {
            all.add(type.cast(r));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + parts + ": " + e.getMessage(), e);
    }
    return all;
  }

  /** Takes note of a case that could not be bound as asked, and of times that mean little. */
  private void remarks(TimedCase t, int round) {
    Path parts = session.store().partsDir();
    written(parts, round, t, Record.Skip.class).forEach(session::settle);
    written(parts, round, t, Record.Failure.class).forEach(session::settle);
    written(parts, round, t, Record.Device.class).forEach(session::settle);
    session.noteThrottling(t.key().toString());
  }
}
