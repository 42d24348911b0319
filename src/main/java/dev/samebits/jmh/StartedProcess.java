package dev.samebits.jmh;

import dev.samebits.result.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The process that wrote a start record, if it is still alive. */
final class StartedProcess {
  private static final Duration TOLERANCE = Duration.ofSeconds(60);

  private StartedProcess() {}

  /** Pids are used again: the process must also have begun when its record says. */
  static Optional<ProcessHandle> find(Record.Start start) {
    return ProcessHandle.of(start.pid())
        .filter(ProcessHandle::isAlive)
        .filter(p -> p.info().startInstant().map(i -> near(i, start)).orElse(false));
  }

  private static boolean near(Instant processStart, Record.Start start) {
    Duration d = Duration.between(processStart, Instant.parse(start.started())).abs();
    return d.compareTo(TOLERANCE) < 0;
  }
}
