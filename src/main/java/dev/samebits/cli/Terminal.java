package dev.samebits.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the standard streams are connected to. */
final class Terminal {
  private Terminal() {}

  /** Whether a line on standard error can be drawn over. */
  static boolean interactive(Map<String, String> env) {
    return capable(env) && isTerminal(2);
  }

  /** Whether standard output may be coloured; {@code NO_COLOR} (no-color.org) forbids it. */
  static boolean colour(Map<String, String> env) {
    return capable(env) && env.getOrDefault("NO_COLOR", "").isEmpty() && isTerminal(1);
  }

  private static boolean capable(Map<String, String> env) {
    String term = env.getOrDefault("TERM", "");
    return !term.isEmpty() && !term.equals("dumb");
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return false; // no /proc: plain lines are right everywhere
    }
  }
}
