package dev.samebits.jmh;

import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ForkSettings;
import java.util.List;
import java.util.Map;

/** The process behind the condition {@code load=1}; nothing under other conditions. */
final class LoadProcess implements AutoCloseable {
  private static final int START_SECONDS = 20;
  private final ChildProcess child;

  private LoadProcess(ChildProcess child) {
    this.child = child;
  }

  /** Starts the load if the conditions ask for it and waits until it is at work. */
  static LoadProcess forConditions(Conditions conditions) {
    if (!"1".equals(conditions.values().get(Conditions.LOAD))) {
      return new LoadProcess(null);
    }
    ForkJob job = new ForkJob("load", "load", null, 0, null, "", Map.of(), 0, List.of(), null);
    ChildProcess child = ChildProcess.start(job, ForkSettings.NONE);
    try {
      if (!child.awaitLine("ready", START_SECONDS)) {
        child.kill();
        throw new IllegalStateException("the load process did not start");
      }
    } catch (InterruptedException e) {
      child.kill();
      Thread.currentThread().interrupt();
    }
    return new LoadProcess(child);
  }

  @Override
  public void close() {
    if (child != null) {
      child.kill();
    }
  }
}
