package dev.samebits.jmh;

/** A run may only go on where and with what it was begun. */
public final class ResumeRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ResumeRefusedException(String message) {
    super(message);
  }
}
