package dev.samebits.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH's own command line. JMH reads it; only the flags that our forks need are added. */
public final class JmhCommandLine {
  private static final String PREPEND = "-jvmArgsPrepend";

  /** What the JVM writes to a fork's standard error when it has the Vector API. */
  private static final String INCUBATOR_WARNING = "WARNING: Using incubator modules:";

  private JmhCommandLine() {}

  /** The qualified names of all benchmark methods in the jar, sorted. */
  public static List<String> benchmarks() {
    if (JmhCommandLine.class.getResource(BenchmarkList.BENCHMARK_LIST) == null) {
      return List.of();
    }
    Set<String> names = new TreeSet<>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList()
            .getAll(
                OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                List.of())) {
      names.add(entry.getUsername());
    }
    return List.copyOf(names);
  }

  /**
   * The words of a command line that are neither options nor their values: what JMH takes for
   * regular expressions over benchmark names.
   *
   * @throws IllegalArgumentException if JMH does not understand the line, with its reason
   */
  public static List<String> words(List<String> args) {
    try {
      return new CommandLineOptions(args.toArray(String[]::new)).getIncludes();
    } catch (CommandLineOptionException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether JMH has an option of this name, with or without a value that it accepts. */
  public static boolean knows(String option) {
    try {
      words(List.of(option));
      return option.length() > 1;
    } catch (IllegalArgumentException e) {
      return !e.getMessage().endsWith("is not a recognized option");
    }
  }

  /**
   * Runs JMH. It prints to standard output as always, and ends the process with 1 when it fails.
   */
  public static void run(List<String> args) throws IOException {
    PrintStream console = System.out;
    LineFilter filter = new LineFilter(console, INCUBATOR_WARNING);
    System.setOut(new PrintStream(filter, true));
    try {
      Main.main(withForkFlags(args, forkFlags(args)).toArray(String[]::new));
    } finally {
      System.out.flush();
      System.setOut(console);
    }
  }

  /** The line with flags put before the flags of every fork, whatever the user asked to prepend. */
  static List<String> withForkFlags(List<String> args, List<String> flags) {
    List<String> line = new ArrayList<>(args);
    StringBuilder all = new StringBuilder(String.join(" ", flags));
    int at = line.indexOf(PREPEND);
    if (at >= 0 && at + 1 < line.size()) {
      all.append(' ').append(line.get(at + 1));
      line.subList(at, at + 2).clear();
    }
    if (!all.isEmpty()) {
      line.addAll(0, List.of(PREPEND, all.toString()));
    }
    return line;
  }

  /** Flags that a fork needs and would not inherit: JMH hands on this JVM's unless told others. */
  private static List<String> forkFlags(List<String> args) {
    List<String> flags = new ArrayList<>();
    if (ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
      flags.add("--add-modules=jdk.incubator.vector");
    }
    flags.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= 24) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    if (!args.contains("-jvmArgs")) {
      flags.removeAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }
    return flags;
  }

  /** Drops the lines that begin with a phrase; every other byte passes at once or with its line. */
  static final class LineFilter extends java.io.OutputStream {
    private final PrintStream target;
    private final byte[] phrase;
    private final java.io.ByteArrayOutputStream held = new java.io.ByteArrayOutputStream();
    private boolean passing;
    private boolean dropping;

    LineFilter(PrintStream target, String phrase) {
      this.target = target;
      this.phrase = phrase.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public synchronized void write(int b) {
      if (dropping) {
        dropping = b != '\n';
        return;
      }
      if (passing) {
        target.write(b);
        passing = b != '\n';
        return;
      }
      held.write(b);
      if (b != phrase[held.size() - 1]) {
        release();
        passing = b != '\n';
      } else if (held.size() == phrase.length) {
        held.reset();
        dropping = true;
      }
    }

    private void release() {
      target.writeBytes(held.toByteArray());
      held.reset();
    }

    @Override
    public synchronized void flush() {
      target.flush();
    }

    @Override
    public synchronized void close() {
      release();
      target.flush();
    }
  }
}
