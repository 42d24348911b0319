package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Checks of the measurement itself. What must vary has to be seen varying, or a clean verdict means
 * little; what cannot vary has to be clean, or a difference means little. One problem makes the
 * whole run MISTRUSTED.
 */
public final class Controls {
  /** Kernels whose results on small integers are exact in every order of the additions. */
  private static final Set<Kernel> LINEAR =
      EnumSet.of(
          Kernel.MATMUL,
          Kernel.GEMV,
          Kernel.SUM,
          Kernel.DOT,
          Kernel.CONV2D_FORWARD,
          Kernel.CONV2D_BACKWARD_DATA,
          Kernel.CONV2D_BACKWARD_FILTER,
          Kernel.SCATTER_ADD,
          Kernel.COL_SUM,
          Kernel.ROW_SUM,
          Kernel.BIAS_ADD);

  private final Collection<CaseRecords> cases;
  private final List<Record.Verdict> verdicts;
  private final Manifest manifest;
  private final List<String> held = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private Controls(List<Record.Verdict> verdicts, Manifest manifest, List<Record> records) {
    this.cases = CaseRecords.index(records);
    this.verdicts = verdicts;
    this.manifest = manifest;
  }

  /**
   * What the controls showed, one line each.
   *
   * @param held controls that behaved
   * @param skipped controls that could not be run, with the reason
   * @param problems controls that misbehaved: any makes the run MISTRUSTED
   */
  public record Result(List<String> held, List<String> skipped, List<String> problems) {}

  /** Checks positive, negative and integer-input controls. */
  public static Result check(
      List<Record.Verdict> verdicts, Manifest manifest, List<Record> records) {
    Controls c = new Controls(verdicts, manifest, records);
    if (manifest.variants() != null) {
      for (Manifest.VariantInfo v : manifest.variants()) {
        if ("POSITIVE".equals(v.control())) {
          c.positive(v);
        } else if ("NEGATIVE".equals(v.control())) {
          c.negative(v);
        }
      }
    }
    c.integers();
    return new Result(c.held, c.skipped, c.problems);
  }

  private List<Record.Verdict> of(Manifest.VariantInfo v) {
    return verdicts.stream()
        .filter(
            w -> {
              CaseId id = CaseId.parse(w.caseId());
              return id.kernel().id().equals(v.kernel())
                  && id.backend().equals(v.backend())
                  && id.variant().equals(v.variant());
            })
        .toList();
  }

  private static String name(Manifest.VariantInfo v) {
    return v.kernel() + "/" + v.backend() + "/" + v.variant();
  }

  /**
   * At least one case of the variant with rounding inputs must vary: with two or more threads, or
   * under any condition on a device, which has thousands.
   */
  private void positive(Manifest.VariantInfo v) {
    List<Record.Verdict> repeat =
        of(v).stream()
            .filter(w -> w.axis().equals("repeat"))
            .filter(w -> CaseId.parse(w.caseId()).input() != InputKind.INTEGER)
            .toList();
    if (repeat.stream().allMatch(w -> w.outcome().equals(Outcome.UNAVAILABLE.name()))) {
      return; // none, or of a backend that is not to be had here
    }
    boolean device = Boolean.TRUE.equals(v.accelerator());
    List<Record.Verdict> varying =
        repeat.stream()
            .filter(w -> w.outcome().equals(Outcome.VARIES.name()))
            .filter(w -> device || w.settings().stream().anyMatch(Controls::hasThreads))
            .toList();
    String name = "positive control " + name(v);
    if (!varying.isEmpty()) {
      long patterns = varying.stream().mapToLong(Record.Verdict::distinct).max().orElse(0);
      held.add(name + " varies, as it must: up to " + patterns + " patterns");
    } else if (!device
        && manifest.environment() != null
        && manifest.environment().logicalCores() == 1) {
      skipped.add(name + ": SKIPPED, needs 2 cores");
    } else if (repeat.stream().noneMatch(w -> Outcome.valueOf(w.outcome()).measured())) {
      Record.Verdict w = repeat.get(0);
      skipped.add(name + ": " + w.outcome() + ", " + w.why());
    } else if (!device && repeat.stream().noneMatch(this::ranWithThreads)) {
      skipped.add(name + ": SKIPPED, not run with 2 threads");
    } else {
      problems.add(
          name
              + " was not seen to vary"
              + (device ? "" : " with 2 or more threads")
              + ", so a clean repeat axis proves nothing in this run; cases tried: "
              + String.join(", ", repeat.stream().map(Record.Verdict::caseId).toList()));
    }
  }

  private static boolean hasThreads(String condition) {
    return Conditions.parse(condition).threads().orElse(0) >= 2;
  }

  /** From the records: a verdict that varies names only the settings that vary. */
  private boolean ranWithThreads(Record.Verdict v) {
    return cases.stream()
        .filter(c -> c.id().toString().equals(v.caseId()))
        .flatMap(c -> c.conditions().stream())
        .anyMatch(Controls::hasThreads);
  }

  private void negative(Manifest.VariantInfo v) {
    List<Record.Verdict> all = of(v);
    List<Record.Verdict> varying =
        all.stream().filter(w -> w.outcome().equals(Outcome.VARIES.name())).toList();
    for (Record.Verdict w : varying) {
      problems.add(
          "negative control "
              + w.caseId()
              + " varies on the "
              + w.axis()
              + " axis: "
              + w.evidence());
    }
    if (varying.isEmpty() && all.stream().anyMatch(w -> w.outcome().equals("IDENTICAL"))) {
      held.add("negative control " + name(v) + " is identical on every axis measured");
    }
  }

  /** Integer inputs: one fingerprint per problem over all backends, variants and conditions. */
  private void integers() {
    Map<String, ExactInputs> byProblem = new TreeMap<>();
    for (CaseRecords c : cases) {
      if (c.id().input() == InputKind.INTEGER && LINEAR.contains(c.id().kernel())) {
        ExactInputs seen = byProblem.computeIfAbsent(c.id().problem(), k -> new ExactInputs());
        c.conditions().forEach(condition -> seen.add(c, condition));
      }
    }
    byProblem.forEach(this::integerProblem);
  }

  /** What one problem gave: who made each output, and in how many settings. */
  private static final class ExactInputs {
    private final Map<String, Set<String>> whoByPrint = new TreeMap<>();
    private final Set<String> who = new TreeSet<>();
    private int settings;

    void add(CaseRecords c, String condition) {
      String variant = c.id().backend() + "/" + c.id().variant();
      boolean any = false;
      for (ProcessRecords p : c.processes(condition)) {
        for (String print : p.fingerprints()) {
          whoByPrint.computeIfAbsent(print, k -> new TreeSet<>()).add(variant);
          any = true;
        }
      }
      if (any) {
        who.add(variant);
        settings++;
      }
    }
  }

  private void integerProblem(String problem, ExactInputs seen) {
    String name = "exact inputs " + problem;
    if (seen.whoByPrint.size() > 1) {
      problems.add(
          name
              + " gave "
              + seen.whoByPrint.size()
              + " different outputs: "
              + String.join(
                  " | ",
                  seen.whoByPrint.values().stream().map(w -> String.join(", ", w)).toList()));
    } else if (seen.settings > 1) {
      held.add(
          name
              + ": same bits from "
              + Conclusion.count(seen.who.size(), "variant", "variants")
              + " in "
              + seen.settings
              + " settings ("
              + String.join(", ", seen.who)
              + ")");
    } else if (seen.settings == 1) {
      skipped.add(name + ": SKIPPED, one variant in one setting has nothing to be compared with");
    }
  }
}
