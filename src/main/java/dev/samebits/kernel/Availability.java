package dev.samebits.kernel;

/** Whether a backend can run in this process. */
public sealed interface Availability {
  /**
   * It can.
   *
   * @param receipt what was loaded
   */
  record Available(Receipt receipt) implements Availability {}

  /**
   * It cannot.
   *
   * @param reason why, in one line
   * @param remedy what to do about it, in one line
   * @param cause the error behind it; may be null
   */
  record Unavailable(String reason, String remedy, Throwable cause) implements Availability {}
}
