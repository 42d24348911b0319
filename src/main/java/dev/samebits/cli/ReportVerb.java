package dev.samebits.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.samebits.result.ResultStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges and renders a recorded run again. Needs none of the backends. */
@Command(
    name = "report",
    description = "Judge a recorded run again, print its table and write its report.html.")
final class ReportVerb implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "folder of the run")
  private Path dir;

  @Option(names = "--json", description = "print only JSON on standard output")
  private boolean json;

  @Option(
      names = "--require-bars",
      description = "exit with 1 if a speed bar of the suite was measured and missed")
  private boolean requireBars;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    return new Finish(ResultStore.open(dir), spec.commandLine()).again(json, requireBars);
  }
}
