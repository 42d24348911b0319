package dev.samebits.kernel;

/**
 * A device has too little memory left for a call: whoever runs the case leaves it out, whether it
 * was being bound or already at work.
 */
public final class OutOfDeviceMemoryException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was needed, where known, and what is free
   */
  public OutOfDeviceMemoryException(String message) {
    super(message);
  }
}
