package dev.samebits.jmh;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.DeviceSample;
import dev.samebits.kernel.Op;
import dev.samebits.metric.Divergence;
import dev.samebits.metric.Fingerprint;
import dev.samebits.plan.Plan;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a JMH fork notes beside JMH's scores. Without a session (plain JMH use) nothing is written;
 * {@link BitsProfiler} can still ask for the bits of the last iteration.
 */
public final class TimingFork {
  /** System property: the run's folder. Set by the session. */
  static final String STORE = "samebits.timing.store";

  /** System property: which round of forks this is. */
  static final String ROUND = "samebits.timing.round";

  /** System property: seconds after which the watchdog may end the fork. */
  static final String DEADLINE = "samebits.timing.deadline";

  private static volatile TimingFork current;

  private final CaseKey key;
  private final int round;
  private final String fork;
  private final ForkRecords records;
  private final List<String> fingerprints = new ArrayList<>();
  private ByteBuffer output;
  private ByteBuffer first;
  private long maxUlp;

  private TimingFork(CaseKey key, int round, String fork, ForkRecords records) {
    this.key = key;
    this.round = round;
    this.fork = fork;
    this.records = records;
  }

  /** Begins the part file, if a session asked for one. */
  public static TimingFork begin(CaseKey key) {
    String store = System.getProperty(STORE);
    if (store == null) {
      current = new TimingFork(key, 0, "", null);
      return current;
    }
    ParentWatch.start();
    int round = Integer.getInteger(ROUND, 0);
    String fork = "timing-" + round + "-" + ProcessHandle.current().pid();
    ForkRecords records =
        new ForkRecords(
            ResultStore.open(Path.of(store)),
            fork,
            "timing",
            round,
            Long.getLong(DEADLINE, 600),
            Map.of(),
            List.of(key.toString()));
    current = new TimingFork(key, round, fork, records);
    return current;
  }

  /** Binds the case and says what it runs on. */
  public BoundCase bind(Backend backend, CaseKey key) {
    BoundCase bound;
    try {
      bound = BoundCase.bind(backend, key.id(), key.conditions());
      bound.timeOnDevice();
    } catch (Op.NotHonouredException e) {
      mistrust(e.getMessage());
      throw e;
    } catch (IllegalArgumentException e) {
      skip(e.getMessage());
      throw e;
    }
    output = bound.newOutputBuffer();
    if (records != null) {
      records.bound(backend, key, bound.effective());
    }
    return bound;
  }

  /** Fingerprints the output that the iteration's last invocation left. */
  public void iterationEnded(BoundCase bound) {
    // First: clocks fall as soon as the device has nothing to do.
    bound.deviceSample().ifPresent(this::note);
    bound.readOutput(output);
    fingerprints.add(Fingerprint.digest(output));
    if (first == null) {
      first = output;
      output = bound.newOutputBuffer();
    } else if (!fingerprints.get(fingerprints.size() - 1).equals(fingerprints.get(0))) {
      maxUlp =
          Math.max(
              maxUlp,
              Divergence.between(key.id().dtype().result(), first, output, bound.outputRowBytes())
                  .maxUlp());
    }
  }

  /** Says why the case is left out. */
  public void skip(String why) {
    if (records != null) {
      records.write(
          new Record.Skip(
              fork, key.id().toString(), key.conditions().toString(), "SKIPPED", why, ""));
    }
  }

  private void mistrust(String why) {
    if (records != null) {
      records.write(
          new Record.Failure(
              fork,
              key.id().toString(),
              key.conditions().toString(),
              Plan.Pass.TIMING.id(),
              round,
              "MISTRUSTED",
              why,
              ""));
    }
  }

  private void note(DeviceSample sample) {
    if (records != null) {
      records.write(
          new Record.Device(
              fork,
              key.id().toString(),
              key.conditions().toString(),
              round,
              fingerprints.size(),
              sample));
    }
  }

  /** Writes the fingerprints, in order of the iterations, and ends the part file. */
  public void end() {
    if (records == null) {
      return;
    }
    for (int i = 0; i < fingerprints.size(); i++) {
      records.write(
          new Record.Output(
              fork,
              key.id().toString(),
              key.conditions().toString(),
              "timing",
              round,
              i,
              1,
              fingerprints.get(i),
              List.of(),
              "",
              null));
    }
    records.write(new Record.End(fork, "", key.conditions().toString(), "timing", round));
    records.close();
  }

  /** Distinct outputs among the iterations so far. */
  long distinct() {
    return fingerprints.stream().distinct().count();
  }

  /** Largest ULP distance from the first iteration's output. */
  long maxUlp() {
    return maxUlp;
  }

  /** The fork's state in this JVM; null before a benchmark has been set up. */
  static TimingFork current() {
    return current;
  }
}
