package dev.samebits.jmh;

/** JMH would not start, which says nothing about a case. */
public final class JmhRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JmhRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
