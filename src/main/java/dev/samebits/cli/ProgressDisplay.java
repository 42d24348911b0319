package dev.samebits.cli;

import dev.samebits.jmh.SessionListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on a terminal: one line that is drawn over once a second. No colours. */
final class ProgressDisplay implements SessionListener {
  /** Fits every terminal without asking it for its width, which would load a native library. */
  private static final int WIDTH = 79;

  private static final int MESSAGE = 28;
  private static final int UPDATE_MILLIS = 1000;

  private final PrintStream out;
  private ProgressBar bar;
  private volatile double secondsLeft;

  ProgressDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(int units, int done, double estimateSeconds) {
    secondsLeft = estimateSeconds;
    bar =
        new ProgressBarBuilder()
            .setTaskName("")
            .setInitialMax(units)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
            .setEtaFunction(s -> Optional.of(Duration.ofSeconds(Math.round(secondsLeft))))
            .build();
    bar.stepTo(done);
  }

  @Override
  public void progress(String what, int done, double left) {
    secondsLeft = left;
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + brief(what));
    }
  }

  /** A case without its shape and input, cut so that the bar keeps its room. */
  static String brief(String what) {
    String[] p = what.substring(what.indexOf(": ") < 0 ? 0 : what.indexOf(": ") + 2).split("/");
    String text = p.length == 6 ? String.join(" ", p[0], p[1], p[3], p[4]) : what;
    return text.length() <= MESSAGE ? text : text.substring(0, MESSAGE);
  }

  @Override
  public void note(String line) {
    out.println("\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())));
    if (bar != null) {
      bar.refresh();
    }
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
