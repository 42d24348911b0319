package dev.samebits.jmh;

import dev.samebits.kernel.ForkSettings;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of child JVMs: same JDK, same class path, same flags as this one. */
public final class ChildJvm {
  private ChildJvm() {}

  /** The Java launcher of this JVM. */
  public static Path executable() {
    String name = File.separatorChar == '\\' ? "java.exe" : "java";
    return Path.of(System.getProperty("java.home"), "bin", name);
  }

  /** The flags of this JVM for a child; agents stay with the parent, our properties go by value. */
  public static List<String> inheritedFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> !a.startsWith("-agent") && !a.startsWith("-javaagent"))
        .filter(a -> !a.startsWith("-Dsamebits."))
        .toList();
  }

  /** Flags without which a JDK of this version warns about native access or Unsafe. */
  public static List<String> silencingFlags(int feature) {
    List<String> flags = new ArrayList<>();
    if (feature >= 22) {
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    if (feature >= 24) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    return flags;
  }

  /** What a fork's JVM gets beyond its launcher and class path, each flag once. */
  public static List<String> flags(ForkSettings settings) {
    List<String> flags = new ArrayList<>(inheritedFlags());
    List<String> more = new ArrayList<>(silencingFlags(Runtime.version().feature()));
    more.add("-Djava.awt.headless=true");
    more.addAll(ownProperties());
    for (String flag : more) {
      if (!flags.contains(flag)) {
        flags.add(flag);
      }
    }
    flags.addAll(settings.jvmArgs());
    if (settings.jvmArgs().stream().noneMatch(a -> a.startsWith("-XX:ArchiveClassesAtExit"))) {
      flags.addAll(ClassArchive.flags());
    }
    return flags;
  }

  /** Settings made on our command line reach the children like those made on Java's. */
  private static List<String> ownProperties() {
    return System.getProperties().stringPropertyNames().stream()
        .filter(n -> n.startsWith("samebits.") && !n.equals(Relaunch.MARK))
        .sorted()
        .map(n -> "-D" + n + "=" + System.getProperty(n))
        .toList();
  }

  /** A process builder for a main class of this class path. */
  static ProcessBuilder builder(ForkSettings settings, Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(executable().toString());
    command.addAll(flags(settings));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(settings.unset());
    builder.environment().putAll(settings.env());
    return builder;
  }

  /** Lines that a JVM prints by itself and that say nothing about the program. */
  static boolean isJvmNoise(String line) {
    return line.startsWith("WARNING: Using incubator modules")
        || line.startsWith("Picked up JAVA_TOOL_OPTIONS")
        || line.startsWith("Picked up _JAVA_OPTIONS")
        || line.startsWith("NOTE: Picked up JDK_JAVA_OPTIONS");
  }
}
