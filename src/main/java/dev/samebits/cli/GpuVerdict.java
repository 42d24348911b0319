package dev.samebits.cli;

/**
 * One thing that was checked on a GPU.
 *
 * @param outcome what came of it
 * @param subject the step, and what of it
 * @param text what was found, or why it was not run
 */
record GpuVerdict(Outcome outcome, String subject, String text) {
  /** What can come of it. */
  enum Outcome {
    /** As it must be. */
    PASS,
    /** As it must be, though the device held its clocks back. */
    PASS_THROTTLED,
    /** Not as it must be. */
    FAIL,
    /** Not known, with the reason. */
    NOT_RUN
  }

  static GpuVerdict pass(String subject, String text) {
    return new GpuVerdict(Outcome.PASS, subject, text);
  }

  /**
   * The same of what was timed.
   *
   * @param throttled iterations in which the device held its clocks back
   */
  static GpuVerdict passAt(int throttled, String subject, String text) {
    return new GpuVerdict(throttled == 0 ? Outcome.PASS : Outcome.PASS_THROTTLED, subject, text);
  }

  static GpuVerdict fail(String subject, String text) {
    return new GpuVerdict(Outcome.FAIL, subject, text);
  }

  static GpuVerdict notRun(String subject, String why) {
    return new GpuVerdict(Outcome.NOT_RUN, subject, why);
  }

  /** As one line, whatever a library said. */
  String line() {
    String said = text.replaceAll("\\s+", " ").strip();
    return outcome.name().replace('_', ' ') + "  " + subject + ": " + said;
  }
}
