package dev.samebits.cli;

import dev.samebits.analysis.Judge;
import dev.samebits.analysis.Summaries;
import dev.samebits.analysis.Summary;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step of {@code gpu-check.sh} as it wrote it down: a line of {@code steps.tsv} with name, budget
 * and used seconds, exit code and remark, what was printed in {@code NAME.txt}, and a run in the
 * folder {@code NAME}.
 *
 * @param dir the folder of all steps
 * @param name its name
 * @param budget seconds it was given
 * @param seconds seconds it took
 * @param exit exit code of the command; -1 if there was none
 * @param remark why there was none
 */
record GpuStep(Path dir, String name, int budget, int seconds, int exit, String remark) {
  private static final int MAX_BYTES = 16 << 20;

  /** Exit codes of {@code timeout} for what it has ended. */
  private static final List<Integer> CUT = List.of(124, 137);

  /** The steps of a folder by name, in order. */
  static Map<String, GpuStep> read(Path dir) {
    Path file = dir.resolve("steps.tsv");
    Map<String, GpuStep> all = new LinkedHashMap<>();
    for (String line : lines(file)) {
      String[] p = line.split("\t", -1);
      if (p.length != 5 || !(p[1] + p[2]).matches("[0-9]{2,8}") || !p[3].matches("-?[0-9]{1,4}")) {
        throw new Refusal(ExitCode.ENVIRONMENT, file + ": not a line of steps: " + line, null);
      }
      int exit = Integer.parseInt(p[3]);
      GpuStep step =
          new GpuStep(dir, p[0], Integer.parseInt(p[1]), Integer.parseInt(p[2]), exit, p[4]);
      all.put(p[0], step);
    }
    return all;
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new Refusal(
            ExitCode.ENVIRONMENT, file + " is larger than " + MAX_BYTES + " bytes", null);
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, "cannot read " + file + ": " + e, e);
    }
  }

  /** A run as it is judged. */
  record Run(List<Record> records, Manifest manifest, Summary summary) {}

  /** The step's run; empty if it did not come as far as that. */
  Optional<Run> run() {
    Path folder = dir.resolve(name);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    ResultStore store = ResultStore.open(folder);
    return store
        .manifest()
        .map(
            manifest -> {
              List<Record> records = store.records();
              List<Record.Verdict> verdicts = Judge.verdicts(records, manifest, store::blob);
              return new Run(
                  records, manifest, Summaries.of(records, manifest, verdicts, store::blob));
            });
  }

  /** What was printed. */
  List<String> printed() {
    return lines(dir.resolve(name + ".txt"));
  }

  /** Whether it was ended because its time was over. */
  boolean cut() {
    return CUT.contains(exit);
  }

  /** Why there is no run, or not all of it; empty if it ended by itself. */
  String trouble() {
    if (!remark.isEmpty()) {
      return remark;
    } else if (cut()) {
      return "cut after " + budget + " s";
    }
    return exit == ExitCode.USAGE || exit > 5 ? "ended with exit code " + exit + last() : "";
  }

  /** The last line that was printed. */
  String last() {
    List<String> text = printed().stream().filter(l -> !l.isBlank()).toList();
    return text.isEmpty() ? "" : ": " + text.get(text.size() - 1);
  }
}
