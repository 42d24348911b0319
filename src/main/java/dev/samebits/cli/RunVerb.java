package dev.samebits.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.samebits.jmh.JmhRefusedException;
import dev.samebits.jmh.ResumeRefusedException;
import dev.samebits.jmh.Session;
import dev.samebits.jmh.SessionListener;
import dev.samebits.kernel.Backend;
import dev.samebits.plan.Plan;
import dev.samebits.result.BuildInfo;
import dev.samebits.result.ResultStore;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures, judges, prints the table and writes the report. */
@Command(
    name = "run",
    description = {
      "Measure, print a table and write a report.",
      "Exit codes: 5 a control failed or --out cannot be written, 1 a guarantee was not held (or,"
          + " with --require-bars, a speed bar missed),"
          + " 4 incomplete or a backend named by --backend or needed by the suite is unavailable,"
          + " 130 interrupted."
    })
final class RunVerb implements Callable<Integer> {
  private static final Path RESULTS = Path.of("results");
  private static final String HOST = "[A-Za-z0-9_-][A-Za-z0-9._-]*";

  @Mixin private Selection selection;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "results folder, new or empty (default: results/HOST/DATE-COMMIT-SUITE)")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "go on with the interrupted run in this folder, with its own options")
  private Path resume;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "alias of this machine in folder names and records (default: localhost)")
  private String host = "localhost";

  @Option(names = "--json", description = "print only JSON on standard output")
  private boolean json;

  @Option(
      names = "--require-bars",
      description = "exit with 1 if a speed bar of the suite was measured and missed")
  private boolean requireBars;

  @Spec private CommandSpec spec;

  Selection selection() {
    return selection;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    if (!host.matches(HOST)) {
      throw new Refusal(
          ExitCode.USAGE,
          "--host "
              + host
              + ": expected letters, digits, '.', '_' and '-', not beginning with a dot",
          null);
    }
    if (resume != null && out != null) {
      throw new Refusal(
          ExitCode.USAGE, "--resume writes into its own folder; leave --out away", null);
    }
    ResultStore earlier = resume == null ? null : ResultStore.open(resume);
    CommandRecord command =
        earlier == null || selection.given()
            ? CommandRecord.of(spec.commandLine().getParent().getParseResult().originalArgs())
            : CommandRecord.recorded(earlier);
    Selection chosen = earlier == null || selection.given() ? selection : command.selection();
    List<Backend> backends = chosen.backends();
    Plan plan = chosen.plan(backends);
    ResultStore store = earlier == null ? ResultStore.create(folder(plan)) : earlier;
    String alias = earlier == null ? host : earlier.manifest().map(m -> m.host()).orElse(host);
    Session.Options options = new Session.Options(earlier != null, command.words(), alias);
    Session session = new Session(plan, backends, store, options, listener());
    if (!measure(session, store)) {
      return ExitCode.INTERRUPTED;
    }
    return new Finish(store, spec.commandLine())
        .afterRun(json, requireBars, chosen.namedBackends());
  }

  private Path folder(Plan plan) {
    return out != null
        ? out
        : ResultStore.defaultDir(RESULTS, host, LocalDate.now(), BuildInfo.commit(), plan.suite());
  }

  private static SessionListener listener() {
    return Terminal.interactive(System.getenv())
        ? new ProgressDisplay(System.err)
        : new ProgressLines(System.err, System::nanoTime);
  }

  /** Whether the session came to its end by itself. */
  private static boolean measure(Session session, ResultStore store) {
    try (Interrupt interrupt = new Interrupt(session, store, System.err)) {
      session.run();
      return !interrupt.happened();
    } catch (ResumeRefusedException | JmhRefusedException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, e.getMessage(), e);
    }
  }
}
