package dev.samebits.jmh;

import dev.samebits.kernel.ForkSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * From JDK 24 on, JMH's parent process makes the JVM print warnings about {@code sun.misc.Unsafe}
 * that no manifest entry can silence. There the program runs once more in a child JVM that has the
 * flags, on the same terminal.
 */
public final class Relaunch {
  static final String MARK = "samebits.relaunched";

  private Relaunch() {}

  /**
   * Runs the main class in a child JVM if this one lacks the flags.
   *
   * @return the child's exit status; empty if the program should go on in this JVM
   */
  public static OptionalInt ifNeeded(Class<?> main, String[] args) throws IOException {
    if (System.getProperty(MARK) != null) {
      ParentWatch.start();
      return OptionalInt.empty();
    }
    List<String> flags = new ArrayList<>(ChildJvm.silencingFlags(Runtime.version().feature()));
    flags.removeAll(ChildJvm.inheritedFlags());
    if (!flags.contains("--sun-misc-unsafe-memory-access=allow")) {
      return OptionalInt.empty();
    }
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.executable().toString());
    command.addAll(ChildJvm.flags(ForkSettings.NONE));
    command.add("-D" + MARK + "=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    Process child = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(child)));
    while (true) {
      try {
        return OptionalInt.of(child.waitFor());
      } catch (InterruptedException e) {
        child.destroy();
      }
    }
  }

  /** A signal reaches the whole group or this process alone; the child's own hook does the work. */
  private static void awaitEnd(Process child) {
    child.destroy();
    try {
      child.waitFor();
    } catch (InterruptedException e) {
      child.destroyForcibly();
    }
  }
}
