package dev.samebits.kernel;

import java.util.List;

/**
 * What a device tells of the invocations it has just done, by its own clock.
 *
 * @param invocations how many of them were timed
 * @param medianNanos median time of one
 * @param minNanos shortest
 * @param maxNanos longest
 * @param clockMhz clock of the multiprocessors; -1 if not told
 * @param memoryMhz clock of the memory; -1 if not told
 * @param watts power drawn; -1 if not told
 * @param celsius temperature; -1 if not told
 * @param reasons why clocks are lower than they could be, in the words of the device's tools
 * @param throttled whether one of the reasons makes the times incomparable
 */
public record DeviceSample(
    int invocations,
    double medianNanos,
    double minNanos,
    double maxNanos,
    int clockMhz,
    int memoryMhz,
    double watts,
    int celsius,
    List<String> reasons,
    boolean throttled) {
  /** Copies the list; the codec leaves an empty one out. */
  public DeviceSample {
    reasons = reasons == null ? List.of() : List.copyOf(reasons);
  }
}
