package dev.samebits.jmh;

import java.util.ArrayList;
import java.util.List;

/**
 * The condition {@code load=1}: keeps every core busy, half of the time with dependent arithmetic
 * and half of the time streaming an array larger than the caches, until it is killed.
 */
final class LoadFork {
  private static final int ELEMENTS = 16 << 20;
  private static volatile double sink;

  private LoadFork() {}

  /** Says {@code ready} on standard output once every thread is at work; never returns. */
  static void run() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread thread = new Thread(LoadFork::spinAndStream, "load-" + i);
      thread.start();
      threads.add(thread);
    }
    System.out.println("ready");
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void spinAndStream() {
    float[] data = new float[ELEMENTS];
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
      sink = x + data[ELEMENTS / 2];
    }
  }
}
