package dev.samebits.jmh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose ticks are counted. */
class OtherWorkTest {
  private static final List<String> MACHINE =
      List.of(
          "cpu  1000 200 30 90000 4000 5 6 70 80 9",
          "cpu0 500 100 15 45000 2000 2 3 35 40 4",
          "cpu1 500 100 15 45000 2000 3 3 35 40 5",
          "intr 1 2 3");
  private static final String PROCESS =
      "42 (java (a) b) S 1 42 42 0 -1 4194304 9 8 7 6 300 40 500 60 20 0 33 0 77 1 2";

  @Test
  void idleWaitingAndGuestTicksAreNotBusyAndEndedChildrenAreOurs() {
    assertArrayEquals(
        new long[] {1000 + 200 + 30 + 5 + 6 + 70, 300 + 40 + 500 + 60},
        OtherWork.ticks(MACHINE, PROCESS, 2));
  }

  @Test
  void aShareOfAMachineIsNotKnown() {
    assertEquals(0, OtherWork.ticks(MACHINE, PROCESS, 1).length);
  }
}
