package dev.samebits.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The root of our command line; {@link #build} is the one list of verbs. */
@Command(
    name = "samebits",
    synopsisSubcommandLabel = "VERB",
    description = {
      "Same data, same model, same seed: same bits? Measures how fast a kernel is, and whether,"
          + " where and by how much its bits change.",
      "Without arguments: run --preset quick."
    },
    footer = {
      "",
      "A first argument that is an option or a benchmark of JMH is JMH's command line: -l, -h, ...",
      "Exit codes: 0 fine, 1 a guarantee not held, 2 usage, 4 incomplete, 5 environment or control."
    })
final class Samebits implements Runnable {
  @Option(names = "--help", usageHelp = true, description = "print this help")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "print version and commit")
  private boolean version;

  @Option(names = "--debug", description = "print stack traces; may stand anywhere")
  private boolean debug;

  @Spec private CommandSpec spec;

  /** The command line with all verbs. */
  static CommandLine build(boolean debug) {
    CommandLine root = new CommandLine(new Samebits());
    root.addSubcommand(new RunVerb())
        .addSubcommand(new PlanVerb())
        .addSubcommand(new DoctorVerb())
        .addSubcommand(new ReportVerb())
        .addSubcommand(new GpuCheckVerb())
        .addSubcommand(new HelpVerb());
    Errors errors = new Errors(debug);
    root.setParameterExceptionHandler(errors);
    root.setExecutionExceptionHandler(errors);
    root.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    root.setUsageHelpAutoWidth(false);
    root.getCommandSpec().versionProvider(() -> new String[] {Version.line()});
    root.setExpandAtFiles(false);
    root.getSubcommands().values().forEach(c -> c.getCommandSpec().addOption(helpOption()));
    return root;
  }

  private static OptionSpec helpOption() {
    return OptionSpec.builder("--help").usageHelp(true).description("print this help").build();
  }

  /** The verbs of a command line. */
  static Collection<String> verbs(CommandLine root) {
    return root.getSubcommands().keySet();
  }

  /** The long options of a verb. */
  static List<String> options(CommandLine root, String verb) {
    return root.getSubcommands().get(verb).getCommandSpec().options().stream()
        .map(o -> o.longestName())
        .toList();
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    spec.commandLine().usage(out);
  }
}
