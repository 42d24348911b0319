package dev.samebits.backend.cuda;

import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Variant;
import java.util.Map;

/**
 * An array copied by the driver, from and to the device's memory: the bandwidth that others are
 * held against, so no code of ours.
 */
final class DriverCopy implements LibraryCall {
  /** What the backend offers. */
  static final Variant VARIANT =
      Variants.portable(Kernel.COPY, "driver", "the driver's own copy, bit for bit");

  private final long bytes;

  DriverCopy(Op op) {
    this.bytes = op.outputs().get(0).bytes();
  }

  @Override
  public Runnable prepare(LibraryLane lane) {
    return lane.copy(0, 0, bytes);
  }

  @Override
  public Map<String, String> facts() {
    return Map.of();
  }

  @Override
  public void close() {}
}
