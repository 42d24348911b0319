package dev.samebits.plan;

/** What was asked for leaves nothing of a suite. */
public final class NothingToRunException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  NothingToRunException(String message) {
    super(message);
  }
}
