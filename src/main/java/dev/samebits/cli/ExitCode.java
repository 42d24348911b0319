package dev.samebits.cli;

/** What the process says when it ends. */
final class ExitCode {
  /** Fine; variation where none was promised otherwise included. */
  static final int OK = 0;

  /** A guarantee was not held. */
  static final int NOT_HELD = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** The run is incomplete, or a backend asked for by name is unavailable. */
  static final int INCOMPLETE = 4;

  /** The environment was refused, a control failed, or results cannot be read or written. */
  static final int ENVIRONMENT = 5;

  /** Ended by Ctrl-C, as the shell counts it. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
