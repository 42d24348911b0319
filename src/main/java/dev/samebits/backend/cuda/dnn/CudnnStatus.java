package dev.samebits.backend.cuda.dnn;

import com.sun.jna.Function;
import dev.samebits.backend.cuda.Device;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import dev.samebits.library.SharedLibrary;

/**
 * Results of calls of cuDNN, turned into exceptions. Release 9 numbers them anew, in groups of a
 * thousand, of which the third says that something is not supported.
 */
final class CudnnStatus {
  static final int SUCCESS = 0;

  /** CUDNN_STATUS_NOT_SUPPORTED of release 8. */
  private static final int NOT_SUPPORTED_8 = 9;

  /** CUDNN_STATUS_NOT_SUPPORTED and what belongs to it in release 9: 3000 to 3999. */
  private static final int NOT_SUPPORTED_9 = 3;

  /** CUDNN_STATUS_ALLOC_FAILED of release 8. */
  private static final int ALLOC_FAILED_8 = 2;

  /** CUDNN_STATUS_INTERNAL_ERROR_{HOST,DEVICE}_ALLOCATION_FAILED of release 9. */
  private static final int HOST_ALLOCATION_FAILED_9 = 4003;

  private static final int DEVICE_ALLOCATION_FAILED_9 = 4004;

  private final Device device;
  private final Function text;

  CudnnStatus(Device device, SharedLibrary library) {
    this.device = device;
    this.text = library.function("cudnnGetErrorString").orElse(null);
  }

  /** Number and the library's own word for it. */
  String describe(int status) {
    return status + (text == null ? "" : " " + text.invokeString(new Object[] {status}, false));
  }

  /** Whether a status says that an algorithm cannot do what it is asked for. */
  static boolean notSupported(int status) {
    return status == NOT_SUPPORTED_8 || status / 1000 == NOT_SUPPORTED_9;
  }

  /**
   * Requires success.
   *
   * @throws IllegalArgumentException if the algorithm does not do that
   * @throws OutOfDeviceMemoryException naming the free bytes if there are too few
   * @throws IllegalStateException on any other error
   */
  void check(String call, int status) {
    if (status == SUCCESS) {
      return;
    }
    device.await(); // the driver's own error says more
    String message = call + " returned " + describe(status);
    if (notSupported(status)) {
      throw new IllegalArgumentException(message + " on " + device.name());
    } else if (status == ALLOC_FAILED_8
        || status == HOST_ALLOCATION_FAILED_9
        || status == DEVICE_ALLOCATION_FAILED_9) {
      long[] memory = device.memory();
      throw new OutOfDeviceMemoryException(
          "out of memory: "
              + message
              + ", "
              + memory[0]
              + " of "
              + memory[1]
              + " bytes are free on "
              + device.name());
    }
    throw new IllegalStateException(message);
  }
}
