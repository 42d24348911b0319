package dev.samebits.kernel;

/**
 * An accelerator has reported an error from which this process cannot recover: every later call
 * would fail too, or return nothing to be trusted. The process must end; another one starts clean.
 */
public final class DeviceLostException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the call, the code and its text
   */
  public DeviceLostException(String message) {
    super(message);
  }
}
