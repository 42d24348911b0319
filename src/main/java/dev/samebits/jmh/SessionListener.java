package dev.samebits.jmh;

/** Told how a session gets on. Calls come from one thread. */
public interface SessionListener {
  /**
   * The session knows its work.
   *
   * @param units units of work in the plan
   * @param done units that an earlier, resumed session has already measured
   * @param estimateSeconds estimated time left
   */
  void begin(int units, int done, double estimateSeconds);

  /**
   * A step begins or ends.
   *
   * @param what the case or process now at work
   * @param done units ended so far
   * @param secondsLeft estimated time left
   */
  void progress(String what, int done, double secondsLeft);

  /** Something worth a line: an unavailable backend, a failed fork. */
  void note(String line);

  /** No more calls follow. */
  void end();
}
