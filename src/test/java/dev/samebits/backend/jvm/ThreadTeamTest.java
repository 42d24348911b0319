package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
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
}
