package dev.samebits.cli;

import dev.samebits.jmh.SessionListener;
import dev.samebits.plan.Estimate;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Progress in a pipe or a log: one line at the start of every phase and about every ten seconds,
 * without control characters.
 */
final class ProgressLines implements SessionListener {
  private static final long INTERVAL_NANOS = 10_000_000_000L;

  private final PrintStream out;
  private final LongSupplier nanoTime;
  private int units;
  private String phase = "";
  private long last;

  ProgressLines(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begin(int total, int done, double estimateSeconds) {
    units = total;
    last = nanoTime.getAsLong();
    String kept = done == 0 ? "" : ", " + done + " of them already measured";
    out.println(total + " units of work" + kept + ", about " + Estimate.words(estimateSeconds));
  }

  @Override
  public void progress(String what, int done, double secondsLeft) {
    long now = nanoTime.getAsLong();
    String begun = phase(what);
    if (begun.equals(phase) && now - last < INTERVAL_NANOS) {
      return;
    }
    phase = begun;
    last = now;
    int width = Integer.toString(units).length();
    out.println(
        String.format(
            Locale.ROOT,
            "[%" + width + "d/%d] %s, about %s left",
            done,
            units,
            what,
            Estimate.words(secondsLeft)));
  }

  /** What stands before a colon and a space, as in {@code capture openblas: case}. */
  private static String phase(String what) {
    int end = what.indexOf(": ");
    return end < 0 ? "" : what.substring(0, end);
  }

  @Override
  public void note(String line) {
    out.println(line);
  }

  @Override
  public void end() {
    out.flush();
  }
}
