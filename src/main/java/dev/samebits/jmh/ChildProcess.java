package dev.samebits.jmh;

import dev.samebits.kernel.ForkSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Starts a {@link ForkMain}, hands it its job, collects what it prints, and ends it if it hangs.
 */
final class ChildProcess {
  private static final int KEPT_LINES = 40;

  private final Process process;
  private final Deque<String> lines = new ArrayDeque<>();
  private final Thread reader;

  private ChildProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "fork-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * How a child ended.
   *
   * @param exitCode its exit status
   * @param timedOut whether the watchdog ended it
   * @param output the last lines it printed, the JVM's own notices left out
   */
  record Result(int exitCode, boolean timedOut, String output) {
    /** The most telling line for an error message, with a separator, or nothing. */
    String lastLine() {
      return output
          .lines()
          .filter(l -> !l.isBlank() && !l.startsWith("\tat ") && !l.startsWith("#"))
          .findFirst()
          .map(l -> ": " + l)
          .orElse("");
    }
  }

  /** Starts a child and gives it its job. */
  static ChildProcess start(ForkJob job, ForkSettings settings) {
    try {
      Process process =
          ChildJvm.builder(settings, ForkMain.class).redirectErrorStream(true).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write((job.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return new ChildProcess(process);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a child JVM: " + e.getMessage(), e);
    }
  }

  /** Runs a child with a limit on its whole time. */
  static Result run(ForkJob job, ForkSettings settings, long limitSeconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
    return start(job, settings).await(() -> end);
  }

  /**
   * Waits for the end.
   *
   * @param deadline the {@code System.nanoTime()} at which it counts as hanging; asked again and
   *     again, so it may move while the child shows progress
   */
  Result await(LongSupplier deadline) {
    boolean timedOut = false;
    try {
      while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
        if (deadline.getAsLong() - System.nanoTime() < 0) {
          timedOut = true;
          process.destroyForcibly();
          process.waitFor();
        }
      }
      reader.join(2000);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    synchronized (lines) {
      return new Result(process.exitValue(), timedOut, String.join("\n", lines));
    }
  }

  /** Waits until the child has printed a line. */
  boolean awaitLine(String line, long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end && process.isAlive()) {
      synchronized (lines) {
        if (lines.contains(line)) {
          return true;
        }
      }
      Thread.sleep(10);
    }
    return false;
  }

  /** Ends the child at once. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!ChildJvm.isJvmNoise(line)) {
          keep(line);
        }
      }
    } catch (IOException e) {
      keep("(output lost: " + e.getMessage() + ")");
    }
  }

  private void keep(String line) {
    synchronized (lines) {
      lines.addLast(line);
      if (lines.size() > KEPT_LINES) {
        lines.removeFirst();
      }
    }
  }
}
