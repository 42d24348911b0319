package dev.samebits.backend.cuda;

import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import java.util.Set;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Results of driver calls, turned into exceptions. */
final class Driver {
  /** CUDA_ERROR_CONTAINED, of CUDA 12.8; JCuda 12.6 does not name it. */
  private static final int CONTAINED = 226;

  /** CUDA_ERROR_TENSOR_MEMORY_LEAK, of CUDA 12.8; JCuda 12.6 does not name it. */
  private static final int TENSOR_MEMORY_LEAK = 721;

  /**
   * Errors after which the driver's manual says that the process must be ended and begun anew, or
   * that hardware has failed beneath it.
   */
  private static final Set<Integer> STICKY =
      Set.of(
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
          CONTAINED,
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          TENSOR_MEMORY_LEAK,
          CUresult.CUDA_ERROR_MPS_CLIENT_TERMINATED,
          CUresult.CUDA_ERROR_EXTERNAL_DEVICE,
          CUresult.CUDA_ERROR_UNKNOWN);

  private Driver() {}

  /**
   * Requires success.
   *
   * @param call the function called
   * @param code what it returned
   * @throws DeviceLostException if this process cannot go on with the device
   * @throws OutOfDeviceMemoryException if the device has too little memory left, naming the free
   *     bytes
   * @throws CudaException on any other error
   */
  static void check(String call, int code) {
    if (code == CUresult.CUDA_SUCCESS) {
      return;
    }
    String message = call + " returned " + describe(code);
    if (STICKY.contains(code)) {
      throw new DeviceLostException(message);
    }
    if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw outOfMemory(message);
    }
    throw new CudaException(message);
  }

  /**
   * Too little memory is left.
   *
   * @param what needed it, and how much, where that is known
   */
  static OutOfDeviceMemoryException outOfMemory(String what) {
    long[] free = new long[1];
    long[] total = new long[1];
    boolean known = JCudaDriver.cuMemGetInfo(free, total) == CUresult.CUDA_SUCCESS;
    return new OutOfDeviceMemoryException(
        "out of device memory: "
            + what
            + (known ? "; %d of %d bytes are free".formatted(free[0], total[0]) : ""));
  }

  /** The code with the driver's own words for it. */
  static String describe(int code) {
    String[] name = new String[1];
    String[] text = new String[1];
    JCudaDriver.cuGetErrorName(code, name);
    JCudaDriver.cuGetErrorString(code, text);
    return code
        + (name[0] == null ? "" : " " + name[0])
        + (text[0] == null ? "" : " (" + text[0] + ")");
  }
}
