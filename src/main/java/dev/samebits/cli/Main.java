package dev.samebits.cli;

import dev.samebits.jmh.JmhCommandLine;
import dev.samebits.jmh.Relaunch;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine;

/** Entry point of the jar. */
public final class Main {
  private static final String DEBUG = "--debug";

  private Main() {}

  /** Runs a verb of ours or JMH's command line, and ends the process with its exit code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    List<String> line = new ArrayList<>(List.of(args));
    boolean debug = line.removeIf(DEBUG::equals);
    CommandLine root = Samebits.build(debug);
    Dispatch.Route route =
        new Dispatch(
                Samebits.verbs(root), Samebits.options(root, "run"), JmhCommandLine.benchmarks())
            .route(line);
    System.exit(followOrSay(route, root, args, debug));
  }

  /** Errors of the JVM, which picocli lets pass, are one line too. */
  private static int followOrSay(
      Dispatch.Route route, CommandLine root, String[] args, boolean debug) {
    try {
      return follow(route, root, args);
    } catch (Error | IOException e) {
      System.err.println(e.toString().lines().findFirst().orElse(""));
      if (debug) {
        e.printStackTrace();
      }
      return ExitCode.ENVIRONMENT;
    }
  }

  private static int follow(Dispatch.Route route, CommandLine root, String[] args)
      throws IOException {
    if (route instanceof Dispatch.Wrong wrong) {
      System.err.println(wrong.message());
      return ExitCode.USAGE;
    }
    OptionalInt child = Relaunch.ifNeeded(Main.class, args);
    if (child.isPresent()) {
      return child.getAsInt();
    }
    return route instanceof Dispatch.ToJmh jmh
        ? jmh(jmh.args())
        : execute(root, ((Dispatch.ToVerb) route).args());
  }

  private static int jmh(List<String> args) throws IOException {
    try {
      return JmhCommandLine.run(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return ExitCode.USAGE;
    }
  }

  private static int execute(CommandLine root, List<String> args) {
    root.setOut(new PrintWriter(System.out, true));
    root.setErr(new PrintWriter(System.err, true));
    return root.execute(args.toArray(String[]::new));
  }
}
