package dev.samebits.analysis;

import dev.samebits.result.Record;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The time of one call in each fork of each case, in nanoseconds: that of its fastest iteration, on
 * the host's clock and, where there is a device, on the device's.
 */
final class ForkTimes {
  private final Map<String, TreeMap<Integer, Double>> host = new HashMap<>();
  private final Map<String, TreeMap<Integer, Double>> device = new HashMap<>();

  ForkTimes(List<Record> records) {
    Map<String, Integer> warmups = new HashMap<>();
    for (Record r : records) {
      if (r instanceof Record.Timing t && Objects.equals(t.unit(), "ns/op")) {
        t.samples().stream()
            .filter(s -> s != null && s > 0 && s < Double.POSITIVE_INFINITY)
            .min(Double::compare)
            .ifPresent(best -> put(host, t, t.process(), best));
        warmups.put(key(t) + " " + t.process(), t.warmup() == null ? 0 : t.warmup().size());
      }
    }
    for (Record r : records) {
      if (r instanceof Record.Device d && d.sample() != null) {
        // A fork without a timing record did not come to its end.
        Integer first = warmups.get(key(d) + " " + d.process());
        double nanos = d.sample().medianNanos();
        if (first != null && d.iteration() >= first && nanos > 0 && nanos < 1e18) {
          put(device, d, d.process(), nanos);
        }
      }
    }
  }

  private static void put(
      Map<String, TreeMap<Integer, Double>> to, Record.OfCase r, int process, double nanos) {
    to.computeIfAbsent(key(r), k -> new TreeMap<>()).merge(process, nanos, Math::min);
  }

  /** Case and conditions as they stand in bars. */
  static String key(Record.OfCase r) {
    return key(r.caseId(), r.condition());
  }

  static String key(String caseId, String condition) {
    return condition.isEmpty() ? caseId : caseId + "?" + condition;
  }

  /**
   * Times by round.
   *
   * @param key case and conditions; null for none
   * @param ofDevice whether by the device's clock
   */
  TreeMap<Integer, Double> of(String key, boolean ofDevice) {
    return (ofDevice ? device : host).getOrDefault(String.valueOf(key), new TreeMap<>());
  }
}
