package dev.samebits.analysis;

import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one process recorded about one case under one condition. */
final class ProcessRecords {
  final String fork;
  final String pass;
  final int process;
  private final List<Record.Output> outputs = new ArrayList<>();
  private Record.Capture capture;
  private Record.Timing timing;

  ProcessRecords(String fork, String pass, int process) {
    this.fork = fork;
    this.pass = pass;
    this.process = process;
  }

  void add(Record.OfCase record) {
    if (record instanceof Record.Output o) {
      outputs.add(o);
      outputs.sort(Comparator.comparingLong(Record.Output::invocation));
    } else if (record instanceof Record.Capture c) {
      capture = c;
    } else if (record instanceof Record.Timing t) {
      timing = t;
    }
  }

  boolean complete() {
    return capture != null || timing != null;
  }

  boolean timed() {
    return pass.equals("timing");
  }

  List<Record.Output> outputs() {
    return outputs;
  }

  Optional<Record.Timing> timing() {
    return Optional.ofNullable(timing);
  }

  Optional<Record.Output> firstOutput() {
    return outputs.stream().findFirst();
  }

  /** Fingerprint of the first output; of the first iteration's last output in a timing fork. */
  Optional<String> first() {
    return outputs.isEmpty()
        ? fingerprints().stream().findFirst()
        : Optional.of(outputs.get(0).fingerprint());
  }

  Set<String> fingerprints() {
    Set<String> all = new LinkedHashSet<>();
    outputs.forEach(o -> all.add(o.fingerprint()));
    if (timing != null && timing.fingerprints() != null) {
      all.addAll(timing.fingerprints());
    }
    return all;
  }

  /** Distinct outputs; a capture may have seen more than it kept a line for. */
  long distinct() {
    return Math.max(fingerprints().size(), capture == null ? 0 : capture.distinct());
  }

  /** Invocations whose output was looked at. A timing fork looks at one per iteration. */
  long repeats() {
    if (capture != null) {
      return capture.repeats();
    }
    long counted = outputs.stream().mapToLong(Record.Output::count).sum();
    int iterations =
        timing == null || timing.fingerprints() == null ? 0 : timing.fingerprints().size();
    return Math.max(counted, iterations);
  }

  /** Invocations whose output was not that of the first. */
  long differing() {
    if (outputs.isEmpty()) {
      return timing == null ? 0 : repeatsUnlike(timing.fingerprints());
    }
    return Math.max(0, repeats() - outputs.get(0).count());
  }

  private static long repeatsUnlike(List<String> prints) {
    return prints == null ? 0 : prints.stream().filter(f -> !f.equals(prints.get(0))).count();
  }

  /** Largest ULP distance from the first output; -1 if a difference has no known size. */
  long maxUlp() {
    if (capture != null) {
      return capture.maxUlp();
    }
    return outputs.stream()
        .filter(o -> o.difference() != null)
        .mapToLong(o -> o.difference().maxUlp())
        .max()
        .orElse(distinct() > 1 ? -1 : 0);
  }

  /** Largest V_c against the first output; -1 if a difference has no known size. */
  double share() {
    return outputs.stream()
        .filter(o -> o.difference() != null)
        .mapToDouble(o -> o.difference().vc())
        .max()
        .orElse(distinct() > 1 ? -1 : 0);
  }

  /** The kind of special values that come and go: {@code NaN} or {@code infinity}, or neither. */
  Optional<String> special() {
    for (Record.Output o : outputs) {
      if (o.difference() != null && o.difference().ulpHistogram() != null) {
        var histogram = o.difference().ulpHistogram();
        if (histogram.containsKey("nan")) {
          return Optional.of("NaN");
        } else if (histogram.containsKey("inf")) {
          return Optional.of("infinity");
        }
      }
    }
    return Optional.empty();
  }
}
