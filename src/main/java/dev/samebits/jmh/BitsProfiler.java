package dev.samebits.jmh;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * For plain JMH use, {@code -prof dev.samebits.jmh.BitsProfiler}: the distinct outputs among the
 * iterations of a fork and their largest ULP distance, as numbers in JMH's own result files.
 */
public final class BitsProfiler implements InternalProfiler {
  @Override
  public String getDescription() {
    return "Distinct outputs and largest ULP distance among the iterations of a fork";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    TimingFork fork = TimingFork.current();
    if (fork == null) {
      return List.of();
    }
    return List.of(
        new ScalarResult("bits.distinct", fork.distinct(), "outputs", AggregationPolicy.MAX),
        new ScalarResult("bits.maxUlp", fork.maxUlp(), "ULP", AggregationPolicy.MAX));
  }
}
