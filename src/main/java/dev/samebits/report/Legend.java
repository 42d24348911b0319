package dev.samebits.report;

import dev.samebits.analysis.Rate;
import dev.samebits.analysis.Summary;
import dev.samebits.kernel.Axis;
import java.util.ArrayList;
import java.util.List;

/** What the words mean, shared by the table and the report. */
final class Legend {
  private static final List<String> LINES =
      List.of(
          "same (n): n comparisons, no bit differed; (n+): n or more in each case. VARIES (k): k different outputs were seen."
              + " ! means that the variant promises the same bits there.",
          "repeat: again in one process. process: a new process. threads: another number of"
              + " threads (n = settings). load: while the machine is busy.",
          "After n clean comparisons another one differs with p < 1 - 0.05^(1/n) at 95 %: 200 give"
              + " 1.5 %, 3 give 63 %, 2 give 78 %. For threads n counts the settings and there is no p.",
          "rate: thr = threads offered; +- is half of the 99.9 % interval over all iterations, as"
              + " JMH gives it; small operands stay in the caches. worst ULP: largest difference, in units in"
              + " the last place; large where a result is close to zero.",
          "price: time over that of the fastest nondeterministic variant of the same backend and"
              + " problem, from the fastest iteration of each fork (1.00x is free; - where there is none).");

  private static final String FEW =
      "(k samples): too few for an interval, which needs " + Rate.FEWEST + ".";

  private static final String SLICE =
      "slice: the batch computed some rows or images at a time instead of whole (n = settings, whole"
          + " included).";

  private static final String ANY =
      "of all: the same price against the fastest nondeterministic variant of any backend.";

  static final String TRAINING =
      "part at step: first step at which two replicates have other weights. churn: test"
          + " predictions that differ, mean over pairs. weight distance: L2, mean over pairs, at"
          + " the end.";

  static final String NOT_SHOWN =
      "Same bits here is evidence for this machine, these library versions, these shapes and"
          + " inputs; it is no proof for others.";

  private Legend() {}

  /**
   * The lines that this table needs.
   *
   * @param any whether the price against all backends is shown
   */
  static List<String> lines(Summary summary, boolean any) {
    List<String> lines = new ArrayList<>(LINES);
    if (summary.rows().stream().anyMatch(r -> r.verdicts().containsKey(Axis.SLICE.id()))) {
      lines.add(SLICE);
    }
    if (any) {
      lines.add(ANY);
    }
    if (summary.rows().stream().anyMatch(r -> !r.rates().isEmpty() && r.rates().get(0).few())) {
      lines.add(FEW);
    }
    return lines;
  }
}
