package dev.samebits.backend.jvm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads that work for one caller at a time. The caller takes part as worker 0.
 *
 * <p>{@link #forEach} is for work whose bits do not depend on who does what: workers claim items as
 * they become free, and one that comes late, since its core is busy elsewhere, is not waited for.
 * {@link #run} is for a race: every worker takes part, and all start together at a spin barrier.
 *
 * <p>A waiting thread spins for {@value #SPIN_NANOS} ns and then parks: a call that follows at once
 * finds the workers awake, and an idle team uses no core. The start barrier is left after {@value
 * #BARRIER_NANOS} ns even if a worker is still missing. In a team with more threads than cores
 * nobody spins: the missing worker may need the core.
 */
public final class ThreadTeam implements AutoCloseable {
  private static final long SPIN_NANOS = 50_000;
  private static final long BARRIER_NANOS = 1_000_000;
  private static final Map<Integer, ThreadTeam> SHARED = new ConcurrentHashMap<>();

  /**
   * In {@link #state}: new workers may join the call. Below it their number, above it the epoch.
   */
  private static final long OPEN = 1 << 16;

  private static final long EPOCH = OPEN << 1;

  private final Thread[] threads;
  private final boolean spin;
  private final AtomicLong state = new AtomicLong();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private IntConsumer body;
  private Thread caller;
  private volatile boolean closed;

  /** A team of {@code size} workers, {@code size - 1} of them new daemon threads. */
  ThreadTeam(int size) {
    if (size < 1 || size > 1 << 15) {
      throw new IllegalArgumentException("a team of " + size + " threads: 1 to 32768 are possible");
    }
    threads = new Thread[size - 1];
    spin = size <= Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] = new Thread(() -> serve(worker), "samebits-worker-" + worker);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /**
   * The team of this size that all kernels of the process share; it lives as long as the process.
   */
  static ThreadTeam shared(int size) {
    return SHARED.computeIfAbsent(size, ThreadTeam::new);
  }

  /** The number of workers, counted from the threads that live. */
  public int size() {
    int alive = 1;
    for (Thread thread : threads) {
      alive += thread.isAlive() ? 1 : 0;
    }
    return alive;
  }

  /** One item given to a worker. */
  public interface Item {
    /** Processes the item; {@code worker} is below {@link #size()} and nobody else's meanwhile. */
    void accept(int worker, int item);
  }

  /** A range of items given to a worker. */
  public interface Range {
    /** Processes items {@code from} to {@code to - 1}. */
    void accept(int worker, int from, int to);
  }

  /**
   * Lets the workers claim items 0 to {@code count - 1}, each when free; returns when all are done.
   */
  public void forEach(int count, Item item) {
    if (threads.length == 0 || count <= 1) {
      requireOpen();
      for (int i = 0; i < count; i++) {
        item.accept(0, i);
      }
      return;
    }
    synchronized (this) {
      next.set(0);
      open(
          worker -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
              item.accept(worker, i);
            }
          });
      finish();
    }
  }

  /** Cuts {@code count} items into one contiguous range per worker, claimed as by forEach. */
  public void forRanges(int count, Range range) {
    int parts = threads.length + 1;
    forEach(
        Math.min(parts, count),
        (w, i) ->
            range.accept(
                w,
                part(count, i, Math.min(parts, count)),
                part(count, i + 1, Math.min(parts, count))));
  }

  /**
   * Runs {@code work} once on every worker with the worker's number, all released together, and
   * returns when all are done. What one of them throws is thrown here.
   */
  synchronized void run(IntConsumer work) {
    if (threads.length == 0) {
      requireOpen();
      work.accept(0);
      return;
    }
    arrived.set(0);
    finished.set(0);
    open(
        worker -> {
          awaitStart();
          try {
            work.accept(worker);
          } finally {
            finished.incrementAndGet();
          }
        });
    for (long start = System.nanoTime(); finished.get() <= threads.length; ) {
      spinOrPark(start);
    }
    finish();
  }

  /** The first item of part {@code i} of {@code parts} nearly equal parts of {@code count}. */
  static int part(int count, int i, int parts) {
    return (int) ((long) count * i / parts);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the thread team is closed");
    }
  }

  /** Lets the others in and does the caller's part. */
  private void open(IntConsumer work) {
    requireOpen();
    body = work;
    caller = Thread.currentThread();
    failure.set(null);
    state.set((state.get() & -EPOCH) + EPOCH | OPEN);
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    work(0);
  }

  /** Lets nobody in any more and waits for those who are. */
  private void finish() {
    for (long s = state.get(); !state.compareAndSet(s, s & ~OPEN); s = state.get()) {
      Thread.onSpinWait();
    }
    for (long start = System.nanoTime(); (state.get() & OPEN - 1) != 0; ) {
      spinOrPark(start);
    }
    Throwable thrown = failure.getAndSet(null);
    body = null; // it holds on to the operands
    caller = null;
    rethrow(thrown);
  }

  private void serve(int worker) {
    for (long seen = 0; ; ) {
      for (long start = System.nanoTime(); !closed && !canJoin(state.get(), seen); ) {
        spinOrPark(start);
      }
      if (closed) {
        return;
      }
      long s = state.get();
      if (canJoin(s, seen) && state.compareAndSet(s, s + 1)) {
        seen = s & -EPOCH;
        work(worker);
        if ((state.decrementAndGet() & OPEN - 1) == 0) {
          LockSupport.unpark(caller);
        }
      }
    }
  }

  private static boolean canJoin(long state, long seen) {
    return (state & OPEN) != 0 && (state & -EPOCH) != seen;
  }

  private void work(int worker) {
    try {
      body.accept(worker);
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  private void awaitStart() {
    arrived.incrementAndGet();
    long start = System.nanoTime();
    while (spin && arrived.get() <= threads.length && System.nanoTime() - start < BARRIER_NANOS) {
      Thread.onSpinWait();
    }
  }

  private void spinOrPark(long start) {
    if (spin && System.nanoTime() - start < SPIN_NANOS) {
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
