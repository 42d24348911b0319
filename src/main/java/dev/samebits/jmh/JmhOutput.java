package dev.samebits.jmh;

import dev.samebits.plan.Plan.Pass;
import dev.samebits.plan.Plan.TimedCase;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.format.OutputFormat;

/**
 * Listens to JMH instead of printing: each case's timing record is written as soon as its fork has
 * ended, and what a failing fork printed is kept for its failure record.
 */
final class JmhOutput implements OutputFormat {
  private final SessionContext session;
  private final Map<String, TimedCase> byKey;
  private final int round;
  private final Map<String, StringBuilder> texts = new HashMap<>();
  private final List<Double> warmup = new ArrayList<>();
  private final List<Double> samples = new ArrayList<>();
  private double seconds;
  private String key = "";

  JmhOutput(SessionContext session, Map<String, TimedCase> byKey, int round) {
    this.session = session;
    this.byKey = byKey;
    this.round = round;
  }

  /** What JMH and the fork printed about a case. */
  String text(String key) {
    return texts.getOrDefault(key, new StringBuilder()).toString();
  }

  /** One line that says why a case has no result. */
  String reason(String key) {
    return text(key)
        .lines()
        .filter(l -> l.contains("Exception") || l.contains("Error") || l.contains("exit code"))
        .findFirst()
        .map(l -> l.strip().replaceAll("[<>]", ""))
        .orElse("the fork gave no result");
  }

  /** Thrown out of JMH's loop over the cases of a group: the run was interrupted. */
  static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void startBenchmark(BenchmarkParams params) {
    if (session.interrupted()) {
      throw new Interrupted();
    }
    key = params.getParam("key");
    warmup.clear();
    samples.clear();
    seconds = 0;
    session.tally().working(Pass.TIMING, byKey.get(key).id().toString());
  }

  @Override
  public void iteration(BenchmarkParams params, IterationParams iteration, int number) {}

  @Override
  public void iterationResult(
      BenchmarkParams params, IterationParams iteration, int number, IterationResult data) {
    double score = data.getPrimaryResult().getScore();
    (iteration.getType() == IterationType.WARMUP ? warmup : samples).add(score);
    seconds += data.getMetadata().getAllOps() * score * 1e-9;
  }

  @Override
  public void endBenchmark(BenchmarkResult result) {
    TimedCase t = byKey.get(key);
    if (result == null || t == null || samples.isEmpty()) {
      return;
    }
    String id = t.id().toString();
    String condition = t.conditions().toString();
    String fork = "timing-" + round;
    session.write(
        new Record.Timing(
            fork,
            id,
            condition,
            round,
            "ns/op",
            List.copyOf(warmup),
            List.copyOf(samples),
            seconds,
            TimingRunner.fingerprints(session.store().partsDir(), round, t)));
    session.write(new Record.End(fork, id, condition, "timing", round));
  }

  @Override
  public void println(String s) {
    print(s + "\n");
  }

  @Override
  public void print(String s) {
    s.lines()
        .filter(l -> !l.isBlank() && !ChildJvm.isJvmNoise(l))
        .forEach(l -> texts.computeIfAbsent(key, k -> new StringBuilder()).append(l).append('\n'));
  }

  @Override
  public void verbosePrintln(String s) {}

  @Override
  public void write(int b) {}

  @Override
  public void write(byte[] b) {}

  @Override
  public void startRun() {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
