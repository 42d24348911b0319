package dev.samebits.backend.jvm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads that run the same body together. The caller of {@link #run} takes part
 * as worker 0. All workers wait for each other at a spin barrier before the body starts, so that
 * they race as closely as the machine allows.
 *
 * <p>A waiting thread spins for {@value #SPIN_NANOS} ns and then parks: a call that follows at once
 * finds the workers awake, and an idle team uses no core. The start barrier is left after {@value
 * #BARRIER_NANOS} ns even if a worker is still missing, and there is none in a team with more
 * threads than cores, where the missing worker may need the core of one that spins.
 */
final class ThreadTeam implements AutoCloseable {
  private static final long SPIN_NANOS = 50_000;
  private static final long BARRIER_NANOS = 1_000_000;

  private final Thread[] threads;
  private final boolean barrier;
  private final AtomicInteger epoch = new AtomicInteger();
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private IntConsumer body;
  private Thread caller;
  private volatile boolean closed;

  /** A team of {@code size} workers, {@code size - 1} of them new daemon threads. */
  ThreadTeam(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a team of " + size + " threads: at least 1 is needed");
    }
    threads = new Thread[size - 1];
    barrier = size <= Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] = new Thread(() -> serve(worker), "samebits-worker-" + worker);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** The number of workers, counted from the threads that live. */
  int size() {
    int alive = 1;
    for (Thread thread : threads) {
      alive += thread.isAlive() ? 1 : 0;
    }
    return alive;
  }

  /**
   * Runs {@code work} once on every worker with the worker's number, and returns when all are done.
   * What one of them throws is thrown here.
   */
  void run(IntConsumer work) {
    if (closed) {
      throw new IllegalStateException("the thread team is closed");
    }
    if (threads.length == 0) {
      work.accept(0);
      return;
    }
    body = work;
    caller = Thread.currentThread();
    failure.set(null);
    pending.set(threads.length);
    arrived.set(0);
    epoch.incrementAndGet();
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    work(0);
    for (long start = System.nanoTime(); pending.get() > 0; ) {
      spinOrPark(start);
    }
    rethrow(failure.get());
  }

  /** A range of items given to one worker. */
  interface Range {
    /** Processes items {@code from} to {@code to - 1}. */
    void accept(int worker, int from, int to);
  }

  /** Cuts {@code count} items into one contiguous range per worker and runs them. */
  void forRanges(int count, Range range) {
    int size = threads.length + 1;
    run(w -> range.accept(w, part(count, w, size), part(count, w + 1, size)));
  }

  /** The first item of part {@code i} of {@code parts} nearly equal parts of {@code count}. */
  static int part(int count, int i, int parts) {
    return (int) ((long) count * i / parts);
  }

  private void serve(int worker) {
    for (int seen = 0; ; ) {
      for (long start = System.nanoTime(); epoch.get() == seen && !closed; ) {
        spinOrPark(start);
      }
      if (closed) {
        return;
      }
      seen = epoch.get();
      work(worker);
      if (pending.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void work(int worker) {
    try {
      awaitStart();
      body.accept(worker);
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  private void awaitStart() {
    arrived.incrementAndGet();
    long start = System.nanoTime();
    while (barrier
        && arrived.get() <= threads.length
        && System.nanoTime() - start < BARRIER_NANOS) {
      Thread.onSpinWait();
    }
  }

  private void spinOrPark(long start) {
    if (System.nanoTime() - start < SPIN_NANOS) {
      Thread.onSpinWait();
    } else {
      LockSupport.park(this);
    }
  }

  private static void rethrow(Throwable t) {
    if (t instanceof RuntimeException e) {
      throw e;
    } else if (t instanceof Error e) {
      throw e;
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    for (Thread thread : threads) {
      join(thread);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
