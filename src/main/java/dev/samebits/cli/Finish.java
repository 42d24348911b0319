package dev.samebits.cli;

import dev.samebits.analysis.Judge;
import dev.samebits.analysis.Summaries;
import dev.samebits.analysis.Summary;
import dev.samebits.report.ConsoleTable;
import dev.samebits.report.HtmlReport;
import dev.samebits.report.Rendering;
import dev.samebits.report.ReportJson;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import dev.samebits.result.StoreLock;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;

/** From records to verdicts, table, report and exit code: the end of a run, and all of a report. */
final class Finish {
  private static final String ELSEWHERE =
      "report: not in this bundle; render the records with: java -jar benchmarks.jar report ";

  private final ResultStore store;
  private final PrintWriter out;
  private final PrintWriter err;
  private Summary shown;

  Finish(ResultStore store, CommandLine verb) {
    this.store = store;
    this.out = verb.getOut();
    this.err = verb.getErr();
  }

  /**
   * Judges and shows a run that has just ended.
   *
   * @param requireBars whether a bar that was measured and missed is an error
   * @param named backends asked for by name: one that is unavailable makes the run incomplete
   */
  int afterRun(boolean json, boolean requireBars, List<String> named) {
    int code = again(json, requireBars);
    List<String> lost = unavailable(shown.backends(), named);
    lost.forEach(b -> err.println("run: backend " + b + ", which was asked for, is unavailable"));
    err.flush();
    return code == ExitCode.OK && !lost.isEmpty() ? ExitCode.INCOMPLETE : code;
  }

  /**
   * Judges and shows a recorded run.
   *
   * @param requireBars whether a bar that was measured and missed is an error
   */
  int again(boolean json, boolean requireBars) {
    shown = show(json);
    int code = shown.exitCode();
    boolean missed = requireBars && !shown.missedBars().isEmpty();
    return missed && (code == ExitCode.OK || code == ExitCode.INCOMPLETE)
        ? ExitCode.NOT_HELD
        : code;
  }

  static List<String> unavailable(Map<String, String> backends, List<String> named) {
    return named.stream()
        .filter(b -> backends.getOrDefault(b, "").startsWith("unavailable"))
        .toList();
  }

  @SuppressWarnings("try") // the lock is held, not used
  private void record(List<Record> judgements) {
    try (StoreLock lock = store.lock()) {
      store.append(judgements);
    }
  }

  /** Writes the report, or says where it can be written; null if not here. */
  private Path report(Summary summary) {
    if (!Rendering.available()) {
      err.println(ELSEWHERE + store.dir());
      err.flush();
      return null;
    }
    HtmlReport.Written written = HtmlReport.write(store.dir(), summary);
    if (!written.note().isEmpty()) {
      err.println(written.note());
      err.flush();
    }
    return written.report();
  }

  private Summary show(boolean json) {
    Manifest manifest =
        store
            .manifest()
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.ENVIRONMENT, store.dir() + " holds no manifest.json", null));
    Function<String, Optional<ByteBuffer>> blobs = store::blob;
    List<Record> records = store.records();
    List<Record.Verdict> verdicts = Judge.verdicts(records, manifest, blobs);
    Summary summary = Summaries.of(records, manifest, verdicts, blobs);
    record(Stream.<Record>concat(verdicts.stream(), summary.bars().stream()).toList());
    Path report = report(summary);
    if (json) {
      out.println(ReportJson.of(summary));
    } else {
      out.print(
          ConsoleTable.render(summary, Terminal.colour(System.getenv()), report, store.dir()));
    }
    out.flush();
    return summary;
  }
}
