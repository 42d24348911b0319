package dev.samebits.backend.jvm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
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
 * <p>A waiting thread spins and then parks. A worker without work spins for {@value #IDLE_NANOS}
 * ns: a call that follows at once finds it awake, and an idle team uses no core. The caller spins
 * for {@value #FINISH_NANOS} ns for those who are still at their last item, since waking up takes
 * longer than most items. The start barrier is left after {@value #BARRIER_NANOS} ns even if a
 * worker is still missing. In a team with more threads than cores nobody spins: the missing worker
 * may need the core.
 *
 * <p>Work must not call its own team, nor close it: the workers that it would wait for wait for it.
 * That is refused.
 */
public final class ThreadTeam implements AutoCloseable {
  private static final long IDLE_NANOS = 50_000;
  private static final long FINISH_NANOS = 1_000_000;
  private static final long BARRIER_NANOS = 1_000_000;
  private static final Map<Integer, ThreadTeam> SHARED = new ConcurrentHashMap<>();

  /** Ranges for each thread: enough that one with a slow core can leave some to the others. */
  private static final int RANGES = 4;

  /**
   * In the state: new workers may join the call. Below it the number that have, above it the epoch.
   */
  private static final long OPEN = 1 << 16;

  private static final long EPOCH = OPEN << 1;

  // Places in the counters, 128 bytes apart: a pair of cache lines each, so that those who claim
  // items do not take the state's line from those who watch it.
  private static final int STATE = 16;
  private static final int NEXT = 32;
  private static final int ARRIVED = 48;
  private static final int FINISHED = 64;

  private final Thread[] threads;
  private final boolean spin;
  private final AtomicLongArray counters = new AtomicLongArray(FINISHED + 16);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private IntConsumer body;
  private volatile Thread caller;
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

  /** A team of the caller only. */
  public static ThreadTeam alone() {
    return shared(1);
  }

  /** How often work has been given to all workers so far. */
  long calls() {
    return counters.get(STATE) / EPOCH;
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
    requireOpen();
    if (threads.length == 0 || count <= 1) {
      for (int i = 0; i < count; i++) {
        item.accept(0, i);
      }
      return;
    }
    synchronized (this) {
      counters.set(NEXT, 0);
      open(
          worker -> {
            for (long i = claim(); i < count; i = claim()) {
              item.accept(worker, (int) i);
            }
          });
      finish();
    }
  }

  private long claim() {
    return counters.getAndIncrement(NEXT);
  }

  /**
   * Cuts {@code count} items into contiguous ranges, one for a single thread and {@value #RANGES}
   * for each of several, claimed as by forEach.
   */
  public void forRanges(int count, Range range) {
    int parts = Math.min(count, threads.length == 0 ? 1 : RANGES * (threads.length + 1));
    forEach(parts, (w, i) -> range.accept(w, part(count, i, parts), part(count, i + 1, parts)));
  }

  /**
   * Runs {@code work} once on every worker with the worker's number, all released together, and
   * returns when all are done. What one of them throws is thrown here.
   */
  void run(IntConsumer work) {
    requireOpen();
    if (threads.length == 0) {
      work.accept(0);
    } else {
      race(work);
    }
  }

  private synchronized void race(IntConsumer work) {
    counters.set(ARRIVED, 0);
    counters.set(FINISHED, 0);
    open(
        worker -> {
          awaitStart();
          try {
            work.accept(worker);
          } finally {
            counters.incrementAndGet(FINISHED);
          }
        });
    for (long start = System.nanoTime(); counters.get(FINISHED) <= threads.length; ) {
      spinOrPark(start, FINISH_NANOS);
    }
    finish();
  }

  /** The first item of part {@code i} of {@code parts} nearly equal parts of {@code count}. */
  static int part(int count, int i, int parts) {
    return (int) ((long) count * i / parts);
  }

  private void requireOpen() {
    requireOutside();
    if (closed) {
      throw new IllegalStateException("the thread team is closed");
    }
  }

  private void requireOutside() {
    Thread current = Thread.currentThread();
    boolean inside = current == caller;
    for (Thread thread : threads) {
      inside |= current == thread;
    }
    if (inside) {
      throw new IllegalStateException(
          "work on a team of "
              + (threads.length + 1)
              + " threads calls the team itself; use it after the work");
    }
  }

  /** Lets the others in and does the caller's part. */
  private void open(IntConsumer work) {
    requireOpen(); // It may have been closed while this call waited for another.
    body = work;
    caller = Thread.currentThread();
    failure.set(null);
    counters.set(STATE, (counters.get(STATE) & -EPOCH) + EPOCH | OPEN);
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    work(0);
  }

  /** Lets nobody in any more and waits for those who are. */
  private void finish() {
    for (long s = counters.get(STATE); !replaceState(s, s & ~OPEN); s = counters.get(STATE)) {
      Thread.onSpinWait();
    }
    for (long start = System.nanoTime(); (counters.get(STATE) & OPEN - 1) != 0; ) {
      spinOrPark(start, FINISH_NANOS);
    }
    Throwable thrown = failure.getAndSet(null);
    body = null; // it holds on to the operands
    caller = null;
    rethrow(thrown);
  }

  private void serve(int worker) {
    for (long seen = 0; ; ) {
      for (long start = System.nanoTime(); !closed && !canJoin(counters.get(STATE), seen); ) {
        spinOrPark(start, IDLE_NANOS);
      }
      if (closed) {
        return;
      }
      long s = counters.get(STATE);
      if (canJoin(s, seen) && replaceState(s, s + 1)) {
        seen = s & -EPOCH;
        work(worker);
        if ((counters.decrementAndGet(STATE) & OPEN - 1) == 0) {
          LockSupport.unpark(caller);
        }
      }
    }
  }

  private boolean replaceState(long expected, long value) {
    return counters.compareAndSet(STATE, expected, value);
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
    counters.incrementAndGet(ARRIVED);
    long start = System.nanoTime();
    while (spin
        && counters.get(ARRIVED) <= threads.length
        && System.nanoTime() - start < BARRIER_NANOS) {
      Thread.onSpinWait();
    }
  }

  private void spinOrPark(long start, long nanos) {
    if (spin && System.nanoTime() - start < nanos) {
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

  /** Ends the threads, once the call that runs is done. */
  @Override
  public void close() {
    requireOutside();
    end();
  }

  private synchronized void end() {
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
