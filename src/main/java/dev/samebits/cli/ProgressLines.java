package dev.samebits.cli;

import dev.samebits.jmh.SessionListener;
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
    out.println(total + " units of work" + kept + ", about " + duration(estimateSeconds));
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
            duration(secondsLeft)));
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

  /** {@code 45 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
  static String duration(double seconds) {
    long s = Math.round(Math.max(0, seconds));
    if (s < 60) {
      return s + " s";
    } else if (s < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", s / 3600, s % 3600 / 60);
  }
}
