package dev.samebits.backend.cuda;

import dev.samebits.kernel.OutOfDeviceMemoryException;
import java.util.List;
import jcuda.driver.CUdevice_attribute;

/**
 * Where the inputs of a call are. Under the condition {@code l2=rotate} they are there many times,
 * and each invocation takes the next copy: before a copy's turn comes again, at least twice the
 * size of the L2 cache has been read from others.
 */
final class Rotation {
  private final List<DeviceMemory> inputs;
  private final int copies;
  private final long[][] addresses;
  private int turn = -1;

  private Rotation(List<DeviceMemory> inputs, int copies) {
    this.inputs = inputs;
    this.copies = copies;
    this.addresses = new long[inputs.size()][1];
    next();
  }

  /** The inputs as they are. */
  static Rotation none(List<DeviceMemory> inputs) {
    return new Rotation(inputs, 1);
  }

  /**
   * Copies the inputs as often as the device's cache demands.
   *
   * @throws IllegalArgumentException if there is nothing to copy, or an input is an output too
   * @throws OutOfDeviceMemoryException naming the needed and the free bytes if there are too few
   */
  static Rotation of(Device device, List<DeviceMemory> inputs, List<DeviceMemory> outputs) {
    String condition = "condition l2=rotate: ";
    long bytes = inputs.stream().mapToLong(DeviceMemory::bytes).sum();
    if (bytes == 0) {
      throw new IllegalArgumentException(condition + "the inputs are empty");
    } else if (inputs.stream().anyMatch(outputs::contains)) {
      throw new IllegalArgumentException(condition + "an input is written to");
    }
    int cache = device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
    long others = 2L * Math.max(1, cache);
    long each = inputs.stream().mapToLong(DeviceMemory::stride).sum();
    long more = (others + each - 1) / each;
    long needed = inputs.stream().mapToLong(m -> m.bytesForCopies(more)).sum();
    long[] memory = device.memory();
    if (needed > memory[0]) {
      throw new OutOfDeviceMemoryException(
          "%s%d more copies of the inputs need %d bytes, %d of %d are free on %s"
              .formatted(condition, more, needed, memory[0], memory[1], device.name()));
    }
    inputs.forEach(m -> m.copies(Math.toIntExact(more)));
    return new Rotation(inputs, Math.toIntExact(more + 1));
  }

  /** How many there are of each input. */
  int copies() {
    return copies;
  }

  /** Turns to the next copy. */
  void next() {
    if (turn < 0 || copies > 1) {
      turn = (turn + 1) % copies;
      for (int i = 0; i < addresses.length; i++) {
        addresses[i][0] = NativeAddress.of(inputs.get(i).pointer(turn));
      }
    }
  }

  /** Address of an input's copy whose turn it is; the array stays, its content changes. */
  long[] address(int input) {
    return addresses[input];
  }
}
