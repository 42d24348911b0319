package dev.samebits.jmh;

import java.util.concurrent.CountDownLatch;

/**
 * The condition {@code load=1}: keeps every core busy, half of the time with dependent arithmetic
 * and half of the time streaming an array larger than the caches, until it is killed.
 */
final class LoadFork {
  /** 64 MiB, more than the caches of one core. */
  private static final int MAX_ELEMENTS = 16 << 20;

  private static volatile double sink;

  private LoadFork() {}

  /** Says {@code ready} on standard output once every thread is at work; never returns. */
  static void run() {
    int cores = Runtime.getRuntime().availableProcessors();
    int elements =
        (int) Math.min(MAX_ELEMENTS, Runtime.getRuntime().maxMemory() / (2L * Float.BYTES * cores));
    CountDownLatch atWork = new CountDownLatch(cores);
    for (int i = 0; i < cores; i++) {
      Thread thread = new Thread(() -> spinAndStream(elements, atWork), "load-" + i);
      // Half a load is none: the parent sees the exit and does not count the condition as met.
      thread.setUncaughtExceptionHandler((t, e) -> Runtime.getRuntime().halt(1));
      thread.start();
    }
    try {
      atWork.await();
      System.out.println("ready");
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void spinAndStream(int elements, CountDownLatch atWork) {
    float[] data = new float[elements];
    atWork.countDown();
    while (true) {
      long end = System.nanoTime() + 5_000_000;
      double x = 1;
      while (System.nanoTime() < end) {
        for (int i = 0; i < 1000; i++) {
          x = x * 1.0000001 + 1e-9;
        }
      }
      for (int i = 0; i < data.length; i++) {
        data[i] += 1f;
      }
      sink = x + data[elements / 2];
    }
  }
}
