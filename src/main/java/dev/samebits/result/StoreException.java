package dev.samebits.result;

/** A result folder cannot be written, read or trusted. The message is one line for the user. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the error behind it; may be null. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
