package dev.samebits.analysis;

import dev.samebits.result.Record;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Measured iterations in which a device held its clocks back.
 *
 * @param samples how many it says so of
 * @param of measured iterations of which it told anything
 * @param reasons why, in the words of the device's tools
 */
record Throttling(int samples, int of, Set<String> reasons) {
  static final Throttling NONE = new Throttling(0, 0, Set.of());

  /** By case and condition, as in bars; without those that no device told of. */
  static Map<String, Throttling> of(List<Record> records) {
    Map<String, Integer> warmups = new HashMap<>();
    for (Record r : records) {
      if (r instanceof Record.Timing t) {
        warmups.put(fork(t, t.process()), t.warmup() == null ? 0 : t.warmup().size());
      }
    }
    Map<String, Throttling> all = new HashMap<>();
    for (Record r : records) {
      if (r instanceof Record.Device d && d.sample() != null) {
        Integer first = warmups.get(fork(d, d.process()));
        if (first != null && d.iteration() >= first) {
          all.merge(ForkTimes.key(d), of(d), Throttling::plus);
        }
      }
    }
    return all;
  }

  private static String fork(Record.OfCase r, int process) {
    return ForkTimes.key(r) + " " + process;
  }

  private static Throttling of(Record.Device d) {
    boolean throttled = d.sample().throttled();
    return new Throttling(
        throttled ? 1 : 0, 1, throttled ? Set.copyOf(d.sample().reasons()) : Set.of());
  }

  /** Of both. */
  Throttling plus(Throttling other) {
    Set<String> both = new TreeSet<>(reasons);
    both.addAll(other.reasons);
    return new Throttling(samples + other.samples, of + other.of, both);
  }
}
