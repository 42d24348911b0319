package dev.samebits.jmh;

import dev.samebits.result.Record;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ends JMH forks that are past the deadline of their own start record, by their pid: JMH's timeout
 * interrupts a Java thread and cannot end a hang in native code.
 */
final class ForkWatchdog implements AutoCloseable {
  private final Path parts;
  private final String prefix;
  private final Set<String> endedKeys = new HashSet<>();
  private final Set<Path> done = new HashSet<>();
  private final Thread thread;
  private volatile boolean closed;

  ForkWatchdog(Path parts, String prefix) {
    this.parts = parts;
    this.prefix = prefix;
    this.thread = new Thread(this::watch, "fork-watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  /** The keys whose forks were ended. */
  synchronized Set<String> ended() {
    return Set.copyOf(endedKeys);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(200);
        check();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        // A part file that is being created or folded away; the next look will find it whole.
      }
    }
  }

  private void check() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parts, prefix + "*.jsonl")) {
      for (Path file : files) {
        if (!done.contains(file)) {
          check(file);
        }
      }
    }
  }

  private synchronized void check(Path file) throws IOException {
    List<Record> records = PartFile.readFrom(file, 0).records();
    if (records.isEmpty() || !(records.get(0) instanceof Record.Start start)) {
      return;
    }
    Optional<ProcessHandle> process = StartedProcess.find(start);
    if (process.isEmpty()) {
      done.add(file);
    } else if (Instant.now().isAfter(Instant.parse(start.deadline()))) {
      process.get().destroyForcibly();
      endedKeys.addAll(start.keys());
      done.add(file);
    }
  }
}
