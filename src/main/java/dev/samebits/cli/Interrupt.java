package dev.samebits.cli;

import dev.samebits.jmh.Session;
import dev.samebits.result.ResultStore;
import java.io.File;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C: ends the session, waits until what is measured is safe, and says how to go on. The JVM
 * then ends with 130 by itself.
 */
final class Interrupt implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final Session session;
  private final ResultStore store;
  private final PrintStream err;
  private final Thread hook = new Thread(this::stop, "interrupt");
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile boolean happened;

  Interrupt(Session session, ResultStore store, PrintStream err) {
    this.session = session;
    this.store = store;
    this.err = err;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  boolean happened() {
    return happened;
  }

  private void stop() {
    happened = true;
    session.interrupt();
    try {
      settled.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    err.println();
    err.println("interrupted; " + kept() + " kept in " + store.dir());
    err.println("to go on: java -jar " + jar() + " run --resume " + store.dir());
    err.flush();
  }

  /** The jar as it was named on the command line. */
  private static String jar() {
    String path = System.getProperty("java.class.path", "");
    return path.endsWith(".jar") && !path.contains(File.pathSeparator) ? path : "benchmarks.jar";
  }

  private String kept() {
    try {
      return store
          .manifest()
          .map(m -> m.endedUnits() + " of " + m.plannedUnits() + " units of work are")
          .orElse("what was measured is");
    } catch (RuntimeException e) {
      return "what was measured is"; // a manifest that cannot be read now says nothing about parts
    }
  }

  /** The session has returned: nothing is being written any more. */
  @Override
  public void close() {
    settled.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      happened = true; // the JVM is going down: the hook runs
    }
  }
}
