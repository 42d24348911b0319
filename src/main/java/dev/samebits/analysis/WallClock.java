package dev.samebits.analysis;

import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the host's clock adds to the device's own: for each measured iteration the mean wall time of
 * a call less the median time between events around the calls of that iteration.
 *
 * @param caseId the case
 * @param iterations iterations with both times
 * @param deviceNanos median of the device's times
 * @param addedNanos median of the differences
 */
public record WallClock(String caseId, int iterations, double deviceNanos, double addedNanos) {

  /** One for every case with times of a device, in order of the records. */
  public static List<WallClock> of(List<Record> records) {
    Map<String, Double> device = new HashMap<>();
    for (Record r : records) {
      if (r instanceof Record.Device d && d.sample() != null) {
        device.put(key(d, d.process(), d.iteration()), d.sample().medianNanos());
      }
    }
    Map<String, List<double[]>> pairs = new LinkedHashMap<>();
    for (Record r : records) {
      if (r instanceof Record.Timing t && t.samples() != null) {
        int warmups = t.warmup() == null ? 0 : t.warmup().size();
        for (int i = 0; i < t.samples().size(); i++) {
          Double own = device.get(key(t, t.process(), warmups + i));
          if (own != null && t.samples().get(i) != null) {
            pairs
                .computeIfAbsent(t.caseId(), k -> new ArrayList<>())
                .add(new double[] {own, t.samples().get(i) - own});
          }
        }
      }
    }
    List<WallClock> all = new ArrayList<>();
    pairs.forEach((id, p) -> all.add(new WallClock(id, p.size(), median(p, 0), median(p, 1))));
    return all;
  }

  private static String key(Record.OfCase r, int process, int iteration) {
    return ForkTimes.key(r) + " " + process + " " + iteration;
  }

  private static double median(List<double[]> pairs, int column) {
    double[] sorted = pairs.stream().mapToDouble(p -> p[column]).sorted().toArray();
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
