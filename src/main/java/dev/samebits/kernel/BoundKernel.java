package dev.samebits.kernel;

import java.util.Map;
import java.util.Optional;

/** A kernel call bound to its operands: {@link #invoke} is the timed region and nothing else. */
public interface BoundKernel extends AutoCloseable {
  /** Computes the outputs from the inputs once. */
  void invoke();

  /** The settings in force, read back from where they act, at least {@code threads}. */
  Map<String, String> effective();

  /** Asks for {@link #deviceSample}: the device is to time every invocation from now on. */
  default void timeOnDevice() {}

  /**
   * What the device tells of the invocations since the last call; at most the last 1 024 are timed.
   * Empty without a device, or if it was not asked to time.
   */
  default Optional<DeviceSample> deviceSample() {
    return Optional.empty();
  }

  /** Releases threads and handles, not the operands. */
  @Override
  void close();
}
