package dev.samebits.result;

/** The folder named is not there, or holds no run: most likely another one was meant. */
public final class NoRunException extends StoreException {
  private static final long serialVersionUID = 1L;

  NoRunException(String message, Throwable cause) {
    super(message, cause);
  }
}
