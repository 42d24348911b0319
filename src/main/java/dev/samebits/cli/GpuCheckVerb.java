package dev.samebits.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges what {@code scripts/gpu-check.sh} has run. Runs and loads nothing. */
@Command(
    name = "gpu-check",
    description = {
      "Print one line for each thing that gpu-check.sh has checked on a GPU, and keep them in"
          + " DIR/verdicts.txt: PASS (PASS THROTTLED if the device held its clocks back), FAIL, or NOT RUN with"
          + " the reason.",
      "Exit codes: 1 something failed, 4 nothing failed but something was not run."
    })
final class GpuCheckVerb implements Callable<Integer> {
  private static final String FILE = "verdicts.txt";

  @Parameters(paramLabel = "DIR", description = "the folder that gpu-check.sh wrote")
  private Path dir;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<GpuVerdict> verdicts = GpuVerdicts.of(dir);
    List<String> lines = verdicts.stream().map(GpuVerdict::line).toList();
    try {
      Files.write(dir.resolve(FILE), lines);
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "cannot write " + dir.resolve(FILE) + ": " + e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
    boolean failed = verdicts.stream().anyMatch(v -> v.outcome() == GpuVerdict.Outcome.FAIL);
    boolean whole = verdicts.stream().noneMatch(v -> v.outcome() == GpuVerdict.Outcome.NOT_RUN);
    return failed ? ExitCode.NOT_HELD : whole ? ExitCode.OK : ExitCode.INCOMPLETE;
  }
}
