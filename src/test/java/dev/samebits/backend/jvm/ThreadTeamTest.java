package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyWorkerRunsOnceEachTime(int size) {
    try (ThreadTeam team = new ThreadTeam(size)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(size);
      for (int i = 0; i < 500; i++) {
        team.run(runs::incrementAndGet);
      }
      for (int w = 0; w < size; w++) {
        assertEquals(500, runs.get(w), "worker " + w);
      }
      assertEquals(size, team.size());
    }
  }

  @Test
  void parkedWorkersWake() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(2)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(2);
      for (int i = 0; i < 20; i++) {
        Thread.sleep(2);
        team.run(runs::incrementAndGet);
      }
      assertEquals(20, runs.get(1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9, 1000})
  void rangesCoverEveryItemOnce(int count) {
    try (ThreadTeam team = new ThreadTeam(3)) {
      AtomicIntegerArray seen = new AtomicIntegerArray(Math.max(1, count));
      team.forRanges(
          count,
          (worker, from, to) -> {
            for (int i = from; i < to; i++) {
              seen.incrementAndGet(i);
            }
          });
      for (int i = 0; i < count; i++) {
        assertEquals(1, seen.get(i), "item " + i);
      }
    }
  }

  @Test
  void workersClaimEveryItemOnceAndNoTwoShareANumber() {
    try (ThreadTeam team = new ThreadTeam(8)) {
      for (int round = 0; round < 200; round++) {
        AtomicIntegerArray seen = new AtomicIntegerArray(100);
        AtomicIntegerArray inside = new AtomicIntegerArray(8);
        team.forEach(
            100,
            (worker, item) -> {
              assertEquals(1, inside.incrementAndGet(worker), "calls inside worker " + worker);
              seen.incrementAndGet(item);
              inside.decrementAndGet(worker);
            });
        for (int i = 0; i < 100; i++) {
          assertEquals(1, seen.get(i), "item " + i);
        }
      }
    }
  }

  @Test
  void whatAWorkerThrowsReachesTheCallerAndTheTeamGoesOn() {
    try (ThreadTeam team = new ThreadTeam(3)) {
      for (int thrower = 0; thrower < 3; thrower++) {
        RuntimeException planted = new IllegalStateException("planted");
        int at = thrower;
        Exception seen =
            assertThrows(
                IllegalStateException.class,
                () ->
                    team.run(
                        worker -> {
                          if (worker == at) {
                            throw planted;
                          }
                        }));
        assertSame(planted, seen);
      }
      AtomicIntegerArray runs = new AtomicIntegerArray(3);
      team.run(runs::incrementAndGet);
      assertEquals(1, runs.get(2));
    }
  }

  @Test
  void aClosedTeamHasNoThreadsAndRunsNothing() {
    ThreadTeam team = new ThreadTeam(4);
    team.close();
    assertEquals(1, team.size());
    assertThrows(IllegalStateException.class, () -> team.run(worker -> {}));
    assertThrows(IllegalArgumentException.class, () -> new ThreadTeam(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void rangesAreInOrderAndOfEqualSizeUpToOne(int size) {
    try (ThreadTeam team = new ThreadTeam(size)) {
      for (int count : new int[] {1, 5, 64, 1001}) {
        AtomicInteger ranges = new AtomicInteger();
        AtomicInteger largest = new AtomicInteger();
        team.forRanges(
            count,
            (worker, from, to) -> {
              ranges.incrementAndGet();
              largest.accumulateAndGet(to - from, Math::max);
            });
        int expected = size == 1 ? 1 : Math.min(count, 4 * size);
        assertEquals(expected, ranges.get(), count + " items");
        assertEquals((count + expected - 1) / expected, largest.get(), count + " items");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void whatAnItemThrowsReachesTheCallerAndTheTeamGoesOn(int size) {
    try (ThreadTeam team = new ThreadTeam(size)) {
      for (int thrower = 0; thrower < 40; thrower++) {
        Error planted = new AssertionError("planted");
        int at = thrower;
        ThreadTeam.Item item =
            (worker, i) -> {
              if (i == at) {
                throw planted;
              }
            };
        assertSame(planted, assertThrows(Error.class, () -> team.forEach(40, item)));
        AtomicIntegerArray seen = new AtomicIntegerArray(40);
        team.forEach(40, (worker, i) -> seen.incrementAndGet(i));
        for (int i = 0; i < 40; i++) {
          assertEquals(1, seen.get(i), "item " + i);
        }
      }
    }
  }

  /** Each of the two items waits for the other to be claimed, and the worker was parked. */
  @Test
  void aWorkerThatWakesLateTakesItsShare() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(2)) {
      for (int round = 0; round < 20; round++) {
        Thread.sleep(2);
        CountDownLatch claimed = new CountDownLatch(2);
        AtomicIntegerArray worker = new AtomicIntegerArray(2);
        team.forEach(
            2,
            (w, item) -> {
              worker.set(item, w);
              claimed.countDown();
              await(claimed);
            });
        assertEquals(1, worker.get(0) + worker.get(1));
      }
    }
  }

  /** The caller ends a call before a parked worker wakes; that worker must not run it again. */
  @Test
  void aWorkerThatComesTooLateIsNotWaitedForAndDoesNothing() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(2)) {
      for (int round = 0; round < 200; round++) {
        AtomicIntegerArray seen = new AtomicIntegerArray(2);
        team.forEach(2, (worker, item) -> seen.incrementAndGet(item));
        if (round % 2 == 0) {
          Thread.sleep(1);
        }
        assertEquals("[1, 1]", seen.toString(), "round " + round);
      }
    }
  }

  /** An item that takes longer than the caller spins: it parks and has to be woken. */
  @Test
  void aCallerThatParksIsWoken() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      AtomicInteger done = new AtomicInteger();
      CountDownLatch claimed = new CountDownLatch(2);
      team.forEach(
          2,
          (worker, item) -> {
            claimed.countDown();
            await(claimed);
            if (worker == 1) {
              sleep(20);
            }
            done.incrementAndGet();
          });
      assertEquals(2, done.get());
    }
  }

  @Test
  void callersTakeTurns() throws InterruptedException {
    try (ThreadTeam team = new ThreadTeam(3)) {
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger wrong = new AtomicInteger();
      AtomicInteger items = new AtomicInteger();
      Runnable caller =
          () -> {
            for (int i = 0; i < 300; i++) {
              team.run(
                  worker -> {
                    wrong.addAndGet(inside.incrementAndGet() > 3 ? 1 : 0);
                    inside.decrementAndGet();
                  });
              team.forEach(7, (worker, item) -> items.incrementAndGet());
            }
          };
      Thread other = new Thread(caller);
      other.start();
      caller.run();
      other.join();
      assertEquals(0, wrong.get());
      assertEquals(2 * 300 * 7, items.get());
    }
  }

  @Test
  void workThatCallsItsOwnTeamIsRefusedOnEveryThread() {
    try (ThreadTeam team = new ThreadTeam(2);
        ThreadTeam other = new ThreadTeam(2)) {
      Consumer<Runnable> everywhere =
          nested -> {
            AtomicInteger refused = new AtomicInteger();
            team.run(
                worker -> {
                  if (refuses(nested)) {
                    refused.incrementAndGet();
                  }
                });
            assertEquals(2, refused.get());
          };
      everywhere.accept(() -> team.forEach(1, (worker, item) -> {}));
      everywhere.accept(() -> team.forEach(9, (worker, item) -> {}));
      everywhere.accept(() -> team.run(worker -> {}));
      everywhere.accept(team::close);
      AtomicInteger items = new AtomicInteger();
      team.run(worker -> other.forEach(5, (w, item) -> items.incrementAndGet()));
      assertEquals(10, items.get());
    }
  }

  private static boolean refuses(Runnable call) {
    try {
      call.run();
      return false;
    } catch (IllegalStateException e) {
      return e.getMessage().contains("calls the team itself");
    }
  }

  @Test
  void closeWaitsForTheCallThatRuns() throws InterruptedException {
    ThreadTeam team = new ThreadTeam(2);
    CountDownLatch started = new CountDownLatch(2);
    AtomicInteger done = new AtomicInteger();
    Thread caller =
        new Thread(
            () ->
                team.run(
                    worker -> {
                      started.countDown();
                      sleep(20);
                      done.incrementAndGet();
                    }));
    caller.start();
    started.await();
    team.close();
    assertEquals(2, done.get());
    caller.join(10_000);
    assertTrue(!caller.isAlive(), "the caller has not returned");
    assertThrows(IllegalStateException.class, () -> team.forEach(2, (worker, item) -> {}));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
