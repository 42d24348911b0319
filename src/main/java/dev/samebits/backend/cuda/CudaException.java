package dev.samebits.backend.cuda;

/** A call of the CUDA driver that failed, in a process that can go on. */
final class CudaException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  CudaException(String message) {
    super(message);
  }
}
