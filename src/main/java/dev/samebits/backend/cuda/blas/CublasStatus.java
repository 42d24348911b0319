package dev.samebits.backend.cuda.blas;

import dev.samebits.backend.cuda.Device;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import java.util.Map;

/** Results of calls of cuBLAS and cuBLASLt, turned into exceptions. */
final class CublasStatus {
  static final int SUCCESS = 0;
  private static final int ALLOC_FAILED = 3;
  private static final int ARCH_MISMATCH = 8;
  private static final int NOT_SUPPORTED = 15;

  /** {@code cublasStatus_t}; the function that tells the names is missing in early releases. */
  private static final Map<Integer, String> NAMES =
      Map.of(
          SUCCESS,
          "CUBLAS_STATUS_SUCCESS",
          1,
          "CUBLAS_STATUS_NOT_INITIALIZED",
          ALLOC_FAILED,
          "CUBLAS_STATUS_ALLOC_FAILED",
          7,
          "CUBLAS_STATUS_INVALID_VALUE",
          ARCH_MISMATCH,
          "CUBLAS_STATUS_ARCH_MISMATCH",
          11,
          "CUBLAS_STATUS_MAPPING_ERROR",
          13,
          "CUBLAS_STATUS_EXECUTION_FAILED",
          14,
          "CUBLAS_STATUS_INTERNAL_ERROR",
          NOT_SUPPORTED,
          "CUBLAS_STATUS_NOT_SUPPORTED",
          16,
          "CUBLAS_STATUS_LICENSE_ERROR");

  private CublasStatus() {}

  /** Number and name. */
  static String describe(int status) {
    return status + " " + NAMES.getOrDefault(status, "(a status without a name)");
  }

  /**
   * Requires success.
   *
   * @param device asked for the driver's own error first, which says more
   * @throws IllegalArgumentException if the device or the library has no such operation
   * @throws OutOfDeviceMemoryException naming the free bytes if there are too few
   * @throws IllegalStateException on any other error
   */
  static void check(Device device, String call, int status) {
    if (status == SUCCESS) {
      return;
    }
    device.await();
    String message = call + " returned " + describe(status);
    if (status == NOT_SUPPORTED || status == ARCH_MISMATCH) {
      throw new IllegalArgumentException(message + " on " + device.name());
    } else if (status == ALLOC_FAILED) {
      long[] memory = device.memory();
      throw new OutOfDeviceMemoryException(
          "out of device memory: "
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
