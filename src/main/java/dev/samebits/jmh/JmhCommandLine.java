package dev.samebits.jmh;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
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
   * Runs JMH. It prints to standard output as always.
   *
   * @return JMH's exit code: 0, or 1 if it cannot run; also 1 if no benchmark gave a result. Where
   *     JMH refuses its options it ends the process itself
   * @throws IllegalArgumentException if {@code -p key=} names no case, or one of another benchmark
   */
  public static int run(List<String> args) throws IOException {
    PrintStream console = System.out;
    LineFilter filter = new LineFilter(console, INCUBATOR_WARNING);
    System.setOut(new PrintStream(filter, true));
    try {
      return run(withForkFlags(args, forkFlags(args)).toArray(String[]::new));
    } finally {
      System.out.flush();
      System.setOut(console);
    }
  }

  private static int run(String... line) throws IOException {
    try {
      CommandLineOptions options = new CommandLineOptions(line);
      if (measures(options)) {
        requireKeys(options);
        return new Runner(options).run().isEmpty() ? 1 : 0;
      }
      Main.main(line);
      return 0;
    } catch (CommandLineOptionException e) {
      Main.main(line); // it says what is wrong, and ends the process
      return 1;
    } catch (RunnerException e) {
      List<String> reasons = new ArrayList<>();
      for (Throwable t = e; t != null; t = t.getCause()) {
        // Where nothing matches, the text is in toString() alone.
        String reason = t.getMessage() == null ? t.toString() : t.getMessage();
        reasons.add(reason.lines().findFirst().orElse(""));
        Arrays.stream(t.getSuppressed()).map(Throwable::getMessage).forEach(reasons::add);
      }
      System.err.println("JMH: " + String.join("; ", reasons));
      return 1;
    }
  }

  private static boolean measures(CommandLineOptions o) {
    return !o.shouldHelp()
        && !o.shouldList()
        && !o.shouldListWithParams()
        && !o.shouldListProfilers()
        && !o.shouldListResultFormats();
  }

  /**
   * A key is the case of one benchmark: another one would fail in its fork, with a stack trace for
   * each.
   */
  static void requireKeys(CommandLineOptions options) {
    for (String key : options.getParameter("key").orElse(List.of())) {
      CaseId id;
      try {
        id = CaseKey.parse(key).id();
        Backends.of(id.backend()).variant(id.kernel(), id.variant());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("-p key=" + key + ": " + e.getMessage(), e);
      }
      String own = BenchmarkClasses.of(id.kernel()) + ".invoke";
      List<String> selected = selected(options);
      if (!selected.equals(List.of(own))) {
        throw new IllegalArgumentException(
            "-p key="
                + key
                + " is a case of "
                + own
                + ", but the line selects "
                + String.join(", ", selected)
                + "; name "
                + own.substring(own.indexOf("bench."))
                + " alone");
      }
    }
  }

  /** The benchmarks with cases that JMH would run. */
  private static List<String> selected(CommandLineOptions options) {
    return benchmarks().stream()
        .filter(b -> b.endsWith(".invoke"))
        .filter(b -> options.getIncludes().isEmpty() || found(options.getIncludes(), b))
        .filter(b -> !found(options.getExcludes(), b))
        .toList();
  }

  private static boolean found(List<String> expressions, String name) {
    return expressions.stream().anyMatch(e -> Pattern.compile(e).matcher(name).find());
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
