package dev.samebits.jmh;

/** Ends a child process soon after its parent has died, so that no orphan keeps measuring. */
final class ParentWatch {
  private ParentWatch() {}

  /** Exit status of a process whose parent died. */
  static final int ORPHANED = 86;

  static void start() {
    ProcessHandle.current()
        .parent()
        .ifPresentOrElse(
            p -> p.onExit().thenRun(() -> Runtime.getRuntime().halt(ORPHANED)),
            () -> Runtime.getRuntime().halt(ORPHANED));
  }
}
