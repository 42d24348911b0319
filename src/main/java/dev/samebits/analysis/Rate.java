package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Throughput of one case under one condition.
 *
 * @param condition the conditions it was timed under
 * @param threads threads offered; 0 if not set
 * @param value work per second: {@code Kernel.work} over the mean time of all iterations
 * @param error half width of the 99.9 % interval, carried over from the mean time as JMH gives it:
 *     Student's t over the iterations of all forks; NaN with a single one
 * @param unit {@code GFLOP/s} or {@code GB/s}
 * @param nanos mean time of one call in nanoseconds
 * @param best rate of the fastest iteration: what the machine can do when nothing disturbs it
 * @param forks forks
 * @param iterations measured iterations of all forks
 * @param throttled those of them in which a device held its clocks back
 */
public record Rate(
    String condition,
    int threads,
    double value,
    double error,
    String unit,
    double nanos,
    double best,
    int forks,
    int iterations,
    int throttled) {

  /** With fewer iterations Student's t says next to nothing, so no interval is shown. */
  public static final int FEWEST = 5;

  private static final double TWO_SIDED_999 = 0.9995;

  /** Whether there are too few iterations for an interval that means something. */
  public boolean few() {
    return iterations < FEWEST;
  }

  /** The rates of a case, most threads first, then with fewest other conditions. */
  static List<Rate> of(CaseId id, List<Record.Timing> timings, Map<String, Throttling> throttling) {
    return byCondition(timings).entrySet().stream()
        .map(
            e -> {
              String key = ForkTimes.key(id.toString(), e.getKey());
              int slow = throttling.getOrDefault(key, Throttling.NONE).samples();
              return of(id, e.getKey(), e.getValue(), slow);
            })
        .sorted(
            Comparator.comparingInt((Rate r) -> -r.threads())
                .thenComparing(r -> r.condition().chars().filter(c -> c == '=').count())
                .thenComparing(Rate::condition))
        .toList();
  }

  /** Usable times, {@code forks x iterations} in nanoseconds, by condition. */
  static Map<String, double[][]> byCondition(List<Record.Timing> timings) {
    Map<String, List<Record.Timing>> groups = new TreeMap<>();
    for (Record.Timing t : timings) {
      if (Objects.equals(t.unit(), "ns/op") && samples(t).length > 0) {
        groups.computeIfAbsent(t.condition(), k -> new ArrayList<>()).add(t);
      }
    }
    Map<String, double[][]> times = new TreeMap<>();
    groups.forEach(
        (condition, forks) ->
            times.put(
                condition,
                forks.stream()
                    .sorted(Comparator.comparingInt(Record.Timing::process))
                    .map(Rate::samples)
                    .toArray(double[][]::new)));
    return times;
  }

  private static double[] samples(Record.Timing t) {
    return t.samples() == null
        ? new double[0]
        : t.samples().stream()
            .filter(s -> s != null && s > 0 && s < Double.POSITIVE_INFINITY)
            .mapToDouble(Double::doubleValue)
            .toArray();
  }

  private static Rate of(CaseId id, String condition, double[][] forks, int throttled) {
    double[] all = Arrays.stream(forks).flatMapToDouble(Arrays::stream).toArray();
    double mean = StatUtils.mean(all);
    double error =
        all.length < 2
            ? Double.NaN
            : new TDistribution(null, all.length - 1).inverseCumulativeProbability(TWO_SIDED_999)
                * Math.sqrt(StatUtils.variance(all) / all.length);
    // Work per nanosecond is giga-work per second.
    double rate = id.kernel().work(id.shape(), id.dtype()) / mean;
    return new Rate(
        condition,
        threads(condition),
        rate,
        rate * error / mean,
        id.kernel().rateUnit(),
        mean,
        rate * mean / StatUtils.min(all),
        forks.length,
        all.length,
        throttled);
  }

  private static int threads(String condition) {
    try {
      return Conditions.parse(condition).threads().orElse(0);
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }
}
