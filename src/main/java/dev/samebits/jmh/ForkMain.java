package dev.samebits.jmh;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Entry point of every child process that is not a JMH fork. */
public final class ForkMain {
  private ForkMain() {}

  /** Reads one {@link ForkJob} from standard input and does it. */
  public static void main(String[] args) throws Exception {
    ParentWatch.start();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ForkJob job = ForkJob.fromJson(in.readLine());
    switch (job.pass()) {
      case "capture" -> new CaptureFork(job).run();
      case "timing" -> new ContestFork(job).run();
      case "training" -> new TrainingFork(job).run();
      case "classes" -> ClassArchive.load();
      case "probe" -> Probe.inFork(job);
      case "load" -> LoadFork.run();
      default -> throw new IllegalArgumentException("no such pass: " + job.pass());
    }
    // Native thread pools and idle workers must not keep a finished fork alive.
    System.exit(0);
  }
}
