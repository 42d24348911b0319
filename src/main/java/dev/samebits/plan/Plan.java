package dev.samebits.plan;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Variant;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything a run will do, in order.
 *
 * @param suite name of the suite
 * @param about what the suite is for
 * @param captures capture processes, cheap ones first
 * @param timings timed cases, cheap ones first
 * @param bars what the timed cases have to reach against each other
 * @param trainings training runs
 * @param skipped cases of the suite that cannot be run here, with the reason
 */
public record Plan(
    String suite,
    String about,
    List<CaptureBatch> captures,
    List<TimedCase> timings,
    List<Bar> bars,
    List<TrainingRun> trainings,
    List<SkippedCase> skipped) {

  /** A plan without bars. */
  public Plan(
      String suite,
      String about,
      List<CaptureBatch> captures,
      List<TimedCase> timings,
      List<TrainingRun> trainings,
      List<SkippedCase> skipped) {
    this(suite, about, captures, timings, List.of(), trainings, skipped);
  }

  /** Copies the lists. */
  public Plan {
    bars = List.copyOf(bars);
    captures = List.copyOf(captures);
    timings = List.copyOf(timings);
    trainings = List.copyOf(trainings);
    skipped = List.copyOf(skipped);
  }

  /**
   * One process that repeats many cases and looks at their bits.
   *
   * @param backend the one backend it loads
   * @param settings what its JVM is started with
   * @param conditions the conditions of all its cases
   * @param process which of the repeated processes, from 0
   * @param cases what it runs
   */
  public record CaptureBatch(
      String backend,
      ForkSettings settings,
      Conditions conditions,
      int process,
      List<CaptureCase> cases) {}

  /**
   * One case of a capture process: repeated until either limit is reached, but at least twice.
   *
   * @param id the case
   * @param variant its variant as the backend declares it
   * @param repeats most invocations
   * @param seconds most time in invocations
   */
  public record CaptureCase(CaseId id, Variant variant, int repeats, double seconds) {}

  /**
   * One case measured by JMH.
   *
   * @param id the case
   * @param variant its variant as the backend declares it
   * @param conditions its conditions
   * @param settings what its forks are started with
   * @param jmh forks and iterations
   * @param contest cases of one contest are timed one right after another in every round, in
   *     opposite order in every other one; empty for a case that is compared with none
   */
  public record TimedCase(
      CaseId id,
      Variant variant,
      Conditions conditions,
      ForkSettings settings,
      JmhSettings jmh,
      String contest) {
    /** A case that is compared with none. */
    public TimedCase(
        CaseId id, Variant variant, Conditions conditions, ForkSettings settings, JmhSettings jmh) {
      this(id, variant, conditions, settings, jmh, "");
    }

    /** The record key. */
    public CaseKey key() {
      return new CaseKey(id, conditions);
    }
  }

  /**
   * A bar to be reached against one opponent: fork i of a subject is compared with fork i of its
   * opponent.
   *
   * @param name name of the row
   * @param about what the row is about
   * @param subject {@code backend/variant?conditions} of the subject
   * @param opponent the same of the opponent
   * @param measure what is compared
   * @param bar what the geometric mean over the pairs must reach
   * @param each what every pair must reach; null for no such demand
   * @param subtract whether times are taken less those of the empty call
   * @param pairs the cases
   */
  public record Bar(
      String name,
      String about,
      String subject,
      String opponent,
      BarSpec.Measure measure,
      double bar,
      Double each,
      boolean subtract,
      List<Pair> pairs) {
    /** Copies the list. */
    public Bar {
      pairs = List.copyOf(pairs);
    }
  }

  /**
   * Two timed cases that solve the same problem.
   *
   * @param subject who has to reach the bar
   * @param opponent whom it is compared with
   * @param emptySubject a call of the subject without work; null if none is timed
   * @param emptyOpponent a call of the opponent without work; null likewise
   */
  public record Pair(
      CaseKey subject, CaseKey opponent, CaseKey emptySubject, CaseKey emptyOpponent) {}

  /**
   * JMH's measure of effort.
   *
   * @param forks number of forks; rounds of forks of all cases are interleaved
   * @param warmups warm-up iterations
   * @param warmupSeconds length of each
   * @param iterations measured iterations
   * @param seconds length of each
   * @param together rounds of a contest that one process times, all its cases in turns; 0 for a JMH
   *     fork of each case in each round
   */
  public record JmhSettings(
      int forks, int warmups, double warmupSeconds, int iterations, double seconds, int together) {
    /** A JMH fork of each case in each round. */
    public JmhSettings(
        int forks, int warmups, double warmupSeconds, int iterations, double seconds) {
      this(forks, warmups, warmupSeconds, iterations, seconds, 0);
    }

    /** The same with JMH forks. */
    public JmhSettings apart() {
      return new JmhSettings(forks, warmups, warmupSeconds, iterations, seconds);
    }
  }

  /**
   * One mode of a training run, all replicates.
   *
   * @param model name of the model
   * @param data name of the data
   * @param mode id of the mode
   * @param name tells runs of one model, data and mode apart; empty for the first
   * @param ops {@code backend/variant} by operation of the model
   * @param conditions conditions, e.g. {@code threads=2}
   * @param settings what its JVM is started with
   * @param seed the seed of all replicates
   * @param steps SGD iterations
   * @param replicates replicates
   */
  public record TrainingRun(
      String model,
      String data,
      String mode,
      String name,
      Map<String, String> ops,
      Conditions conditions,
      ForkSettings settings,
      long seed,
      int steps,
      int replicates) {
    /** Names this run in records and progress lines: {@code mlp/digits/reproducible@jvm}. */
    public String id() {
      return model + "/" + data + "/" + mode + (name.isEmpty() ? "" : "@" + name);
    }

    /** Backends of the operations that are named; {@code jvm} if none is, which then does all. */
    Set<String> backends() {
      return ops.isEmpty()
          ? Set.of("jvm")
          : ops.values().stream()
              .map(v -> v.substring(0, v.indexOf('/')))
              .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * A case that is not planned because it cannot be run here.
   *
   * @param key the case under conditions
   * @param why the reason
   */
  public record SkippedCase(CaseKey key, String why) {}

  /** What a process does. */
  public enum Pass {
    /** Repeats and fingerprints. */
    CAPTURE,
    /** JMH forks. */
    TIMING,
    /** SGD replicates. */
    TRAINING;

    /** The name used in records. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The pass of that name. */
    public static Pass of(String id) {
      return valueOf(id.toUpperCase(java.util.Locale.ROOT));
    }
  }

  /**
   * The smallest piece of work that is measured once: what {@code --resume} counts in.
   *
   * @param pass the pass
   * @param caseText the case id, or a training run's id
   * @param condition the conditions in text form
   * @param process which of the repeated processes
   */
  public record Unit(Pass pass, String caseText, String condition, int process) {}

  /** Every backend that has something to do or to skip, in alphabetical order. */
  Set<String> backends() {
    Set<String> all = new TreeSet<>();
    captures.forEach(b -> all.add(b.backend()));
    timings.forEach(t -> all.add(t.id().backend()));
    trainings.forEach(r -> all.addAll(r.backends()));
    skipped.forEach(s -> all.add(s.key().id().backend()));
    return all;
  }

  /** Every unit of work, in order of execution. */
  public List<Unit> units() {
    List<Unit> all = new ArrayList<>();
    for (CaptureBatch b : captures) {
      for (CaptureCase c : b.cases()) {
        all.add(new Unit(Pass.CAPTURE, c.id().toString(), b.conditions().toString(), b.process()));
      }
    }
    for (TimedCase t : timings) {
      for (int fork = 0; fork < t.jmh().forks(); fork++) {
        all.add(new Unit(Pass.TIMING, t.id().toString(), t.conditions().toString(), fork));
      }
    }
    for (TrainingRun r : trainings) {
      all.add(new Unit(Pass.TRAINING, r.id(), r.conditions().toString(), 0));
    }
    return all;
  }

  /**
   * SHA-256 in hex over everything that decides what is measured, in order: the same digest means
   * the same work. What was skipped is left out.
   */
  public String digest() {
    String text = String.join("\n", PlanText.exact(this));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
