package dev.samebits.cli;

import static dev.samebits.cli.GpuVerdict.fail;
import static dev.samebits.cli.GpuVerdict.notRun;
import static dev.samebits.cli.GpuVerdict.pass;
import static dev.samebits.cli.GpuVerdict.passAt;

import dev.samebits.analysis.Bars;
import dev.samebits.analysis.SameBits;
import dev.samebits.analysis.SanitizerLog;
import dev.samebits.analysis.Summary;
import dev.samebits.analysis.WallClock;
import dev.samebits.cli.GpuStep.Run;
import dev.samebits.kernel.CaseId;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From what the steps of {@code gpu-check.sh} left to verdicts. */
final class GpuVerdicts {
  /** Fewest iterations of which the median of wall times less event times is taken. */
  private static final int WALL_ITERATIONS = 1000;

  private static final double WALL_NANOS = 10_000;
  private static final int REPEATS = 200;
  private static final int SHOWN = 3;

  /** Every step, in order. One that was not asked for is not run. */
  private static final List<String> STEPS =
      List.of("doctor", "contract", "memcheck", "racecheck", "speed", "wall", "stress");

  private final List<GpuVerdict> all = new ArrayList<>();

  private GpuVerdicts() {}

  /** The verdicts on a folder, in order of the steps. */
  static List<GpuVerdict> of(Path dir) {
    Map<String, GpuStep> steps = GpuStep.read(dir);
    GpuVerdicts verdicts = new GpuVerdicts();
    for (String name : STEPS) {
      GpuStep step = steps.get(name);
      if (step == null) {
        verdicts.all.add(notRun(name, "not asked for, or stopped before"));
      } else {
        verdicts.judge(step);
      }
    }
    return verdicts.all;
  }

  private void judge(GpuStep step) {
    if (step.name().equals("doctor")) {
      doctor(step);
      return;
    }
    Optional<Run> run = step.run();
    String absent = run.map(r -> absent(r, "cuda")).orElse("");
    if (run.isEmpty() || !absent.isEmpty()) {
      String why = absent.isEmpty() ? step.trouble() : absent;
      all.add(notRun(step.name(), why.isEmpty() ? "no run was recorded" + step.last() : why));
      return;
    }
    switch (step.name()) {
      case "contract" -> contract(step, run.get());
      case "memcheck", "racecheck" -> sanitizer(step, run.get());
      case "speed" -> speed(step, run.get());
      case "wall" -> wall(step, run.get());
      default -> stress(step, run.get());
    }
  }

  /** What it says of the backends that the other steps ask. */
  private void doctor(GpuStep step) {
    if (step.exit() != ExitCode.OK) {
      String why =
          step.cut() ? step.trouble() : "ended with exit code " + step.exit() + step.last();
      all.add(step.cut() ? notRun("doctor", why) : fail("doctor", why));
      return;
    }
    for (String backend : List.of("cuda", "cublas", "cudnn")) {
      String subject = "doctor, backend " + backend;
      Pattern line = Pattern.compile("backend " + backend + " +(ok|limited|missing) +(.*)");
      Optional<Matcher> found =
          step.printed().stream().map(line::matcher).filter(Matcher::matches).findFirst();
      all.add(
          found.isEmpty()
              ? fail(subject, "it says nothing of it")
              : found.get().group(1).equals("ok")
                  ? pass(subject, found.get().group(2))
                  : notRun(subject, found.get().group(1) + ", " + found.get().group(2)));
    }
  }

  /** Why a backend is not to be had; empty if it is, or if nobody has asked it. */
  private static String absent(Run run, String backend) {
    String said =
        run.manifest().backends() == null
            ? ""
            : run.manifest().backends().getOrDefault(backend, "");
    return said.startsWith("unavailable") ? "backend " + backend + " is " + said : "";
  }

  private void contract(GpuStep step, Run run) {
    SameBits bits = run.summary().sameBits();
    same("contract, same bits", bits.definitions(), "in Java and on the GPU");
    same("contract, jcublas against cublas", bits.bindings(), "through both bindings");
    same("contract, training", bits.training(), "in Java and on the GPU");
    faults(step, run, bits.broken());
    incomplete(step, run);
    for (String backend : List.of("cublas", "jcublas")) {
      notThere(step, run, backend);
    }
  }

  private void same(String subject, SameBits.Group bits, String where) {
    if (!bits.different().isEmpty()) {
      all.add(fail(subject, some(bits.different())));
    } else if (bits.problems() > 0) {
      all.add(pass(subject, bits.same() + " problems, each with one result " + where));
    } else {
      all.add(notRun(subject, "no problem was computed " + where));
    }
  }

  private void notThere(GpuStep step, Run run, String backend) {
    String absent = absent(run, backend);
    if (!absent.isEmpty()) {
      all.add(notRun(step.name() + ", " + backend, absent));
    }
  }

  /** Controls, promises and failures: what a run itself is judged by. */
  private void faults(GpuStep step, Run run) {
    faults(step, run, List.of());
  }

  private void faults(GpuStep step, Run run, List<String> said) {
    Summary s = run.summary();
    List<String> found = new ArrayList<>(s.controls().problems());
    s.broken().stream().filter(b -> !said.contains(b)).forEach(found::add);
    s.failures().stream()
        .filter(f -> !f.outcome().equals("MISSING"))
        .forEach(f -> found.add(f.outcome() + " " + f.subject() + ": " + f.why()));
    String subject = step.name() + ", controls and promises";
    if (!found.isEmpty()) {
      all.add(fail(subject, some(found)));
    } else if (!s.rows().isEmpty()) {
      all.add(pass(subject, s.controls().held().size() + " controls held, no promise broken"));
    }
  }

  /** What was planned and is not there. */
  private void incomplete(GpuStep step, Run run) {
    Manifest m = run.manifest();
    if (!"COMPLETE".equals(m.status())) {
      String why = step.trouble().isEmpty() ? "" : step.trouble() + ": ";
      long ended = ended(run);
      all.add(
          notRun(
              step.name() + ", the rest",
              why + ended + " of " + m.plannedUnits() + " cases and conditions have a result"));
    }
  }

  /** From the records: a run that was killed has not brought its manifest up to date. */
  private static long ended(Run run) {
    return run.records().stream()
        .filter(r -> r instanceof Record.End e && !e.caseId().isEmpty())
        .distinct()
        .count();
  }

  private void sanitizer(GpuStep step, Run run) {
    SanitizerLog log = SanitizerLog.parse(step.printed());
    Manifest m = run.manifest();
    long ended = ended(run);
    if (log.errors() > 0) {
      String first = log.finding().isEmpty() ? "" : ", first: " + log.finding();
      all.add(fail(step.name(), log.errors() + " errors" + first));
    } else if (!log.refusal().isEmpty()) {
      all.add(notRun(step.name(), "compute-sanitizer says: " + log.refusal()));
    } else if (!run.summary().failures().isEmpty() && !step.cut()) {
      faults(step, run);
    } else if (!step.trouble().isEmpty() || ended < m.plannedUnits()) {
      all.add(
          notRun(
              step.name(),
              (step.trouble().isEmpty() ? "incomplete" : step.trouble())
                  + ", "
                  + ended
                  + " of "
                  + m.plannedUnits()
                  + " kernels, types and shapes were run under it"));
    } else if (log.summaries() == 0 || step.exit() != 0) {
      all.add(
          notRun(
              step.name(),
              log.summaries() == 0
                  ? "compute-sanitizer printed no summary"
                  : "ended with exit code " + step.exit() + step.last()));
    } else {
      all.add(pass(step.name(), ended + " kernels, types and shapes, no error"));
    }
  }

  private void speed(GpuStep step, Run run) {
    for (Record.Bar bar : run.summary().bars()) {
      boolean least = !bar.measure().equals("time");
      String subject = "speed, " + bar.name() + ", " + bar.subject() + " against " + bar.opponent();
      String asked = bar.measure() + (least ? " >= " : " <= ") + number(bar.bar());
      switch (Bars.Outcome.valueOf(bar.outcome())) {
        case MET -> all.add(passAt(bar.throttled(), subject, seen(bar) + ", asked is " + asked));
        case MISSED -> all.add(fail(subject, seen(bar) + ", asked is " + asked));
        case NOT_MEASURED ->
            all.add(
                notRun(
                    subject, (step.trouble().isEmpty() ? "" : step.trouble() + ": ") + bar.why()));
      }
    }
    List<String> failed = run.summary().failures().stream().map(f -> f.subject()).toList();
    if (!failed.isEmpty() && !step.cut()) {
      all.add(fail("speed, failures", some(failed)));
    }
  }

  private static String seen(Record.Bar bar) {
    boolean device = bar.cases().stream().allMatch(c -> "device".equals(c.clock()));
    return number(bar.deciding().value())
        + " ("
        + number(bar.deciding().low())
        + " to "
        + number(bar.deciding().high())
        + ") by "
        + (device ? "the device's clock" : "the host's clock")
        + (bar.throttled() == 0
            ? ""
            : ", " + bar.throttled() + " iterations while the device held its clocks back");
  }

  private void wall(GpuStep step, Run run) {
    List<WallClock> clocks = WallClock.of(run.records());
    if (clocks.isEmpty()) {
      String why = step.trouble().isEmpty() ? "no iteration has both times" : step.trouble();
      all.add(notRun("wall", why));
    }
    for (WallClock c : clocks) {
      String text =
          String.format(
              Locale.ROOT,
              "%.2f us more than the device's %.3f ms, median of %d, asked is < %.0f us",
              c.addedNanos() * 1e-3,
              c.deviceNanos() * 1e-6,
              c.iterations(),
              WALL_NANOS * 1e-3);
      all.add(
          c.iterations() < WALL_ITERATIONS
              ? notRun("wall", text + "; " + WALL_ITERATIONS + " are needed")
              : c.addedNanos() < WALL_NANOS ? pass("wall", text) : fail("wall", text));
    }
  }

  /** What was promised beside what was seen, a line for each variant. */
  private void stress(GpuStep step, Run run) {
    Map<String, List<Record.Verdict>> byVariant = new LinkedHashMap<>();
    for (Summary.Row row : run.summary().rows()) {
      byVariant
          .computeIfAbsent(
              row.kernel() + " " + row.backend() + "/" + row.variant(), k -> new ArrayList<>())
          .addAll(row.verdicts().values());
    }
    byVariant.forEach((who, verdicts) -> stress(step, run, who, verdicts));
    faults(step, run);
    for (String backend : List.of("cublas", "cudnn")) {
      notThere(step, run, backend);
    }
    incomplete(step, run);
  }

  private void stress(GpuStep step, Run run, String who, List<Record.Verdict> verdicts) {
    long fewest =
        verdicts.stream()
            .filter(v -> v.axis().equals("repeat"))
            .mapToLong(Record.Verdict::n)
            .min()
            .orElse(0);
    List<String> varies =
        verdicts.stream()
            .filter(v -> v.outcome().equals("VARIES"))
            .map(v -> v.axis() + " of " + CaseId.parse(v.caseId()).shape())
            .distinct()
            .toList();
    boolean broken = verdicts.stream().anyMatch(v -> v.promised() && v.outcome().equals("VARIES"));
    String text =
        "promises "
            + promise(run.manifest(), verdicts)
            + "; seen: "
            + (varies.isEmpty() ? "the same bits" : "varies on " + String.join(", ", varies))
            + ", "
            + fewest
            + " repeats";
    String subject = "stress, " + who;
    if (broken) {
      all.add(fail(subject, text));
    } else if (fewest < REPEATS) {
      all.add(notRun(subject, why(step, verdicts) + text + ", " + REPEATS + " are needed"));
    } else {
      all.add(pass(subject, text));
    }
  }

  private static String why(GpuStep step, List<Record.Verdict> verdicts) {
    String skipped =
        verdicts.stream()
            .filter(v -> !v.outcome().equals("VARIES") && !v.outcome().equals("IDENTICAL"))
            .map(v -> v.outcome() + ", " + v.why() + "; ")
            .findFirst()
            .orElse("");
    return (step.trouble().isEmpty() ? "" : step.trouble() + "; ") + skipped;
  }

  private static String promise(Manifest manifest, List<Record.Verdict> verdicts) {
    if (verdicts.isEmpty() || manifest.variants() == null) {
      return "nothing known";
    }
    CaseId id = CaseId.parse(verdicts.get(0).caseId());
    return manifest.variants().stream()
        .filter(v -> v.kernel().equals(id.kernel().id()))
        .filter(v -> v.backend().equals(id.backend()) && v.variant().equals(id.variant()))
        .map(v -> v.promisedAxes() == null ? List.<String>of() : v.promisedAxes())
        .map(axes -> axes.isEmpty() ? "nothing" : String.join(", ", axes))
        .findFirst()
        .orElse("nothing known");
  }

  private static String some(List<String> lines) {
    String shown = String.join("; ", lines.subList(0, Math.min(SHOWN, lines.size())));
    return lines.size() <= SHOWN ? shown : shown + "; and " + (lines.size() - SHOWN) + " more";
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, "%.3f", x);
  }
}
