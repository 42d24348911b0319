package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.kernel.DeviceSample;
import dev.samebits.result.Record;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Differences of two clocks on made-up times. */
class WallClockTest {
  private static final String ID = "fma_chain/f32/n32r500000/cuda/canonical/normal@1";

  private static Record device(int iteration, double nanos) {
    return new Record.Device(
        "timing-0",
        ID,
        "threads=1",
        0,
        iteration,
        new DeviceSample(1, nanos, nanos, nanos, -1, -1, -1, -1, List.of(), false));
  }

  private static Record timing(Double... samples) {
    return new Record.Timing(
        "timing-0", ID, "threads=1", 0, "ns/op", List.of(5.0), List.of(samples), 1, List.of());
  }

  /** 8, 2 and 30 more: the median is 8, whatever the warm-up took. */
  @Test
  void theMedianOfTheDifferences() {
    List<Record> records =
        List.of(
            device(0, 1),
            device(1, 100),
            device(2, 200),
            device(3, 150),
            timing(108.0, 202.0, 180.0));
    assertEquals(List.of(new WallClock(ID, 3, 150, 8)), WallClock.of(records));
  }

  @Test
  void anIterationWithoutTheDevicesTimeDoesNotCount() {
    List<Record> records = List.of(device(2, 200), timing(108.0, 202.0, 180.0));
    assertEquals(List.of(new WallClock(ID, 1, 200, 2)), WallClock.of(records));
    assertEquals(List.of(), WallClock.of(List.of(timing(1.0))));
  }
}
