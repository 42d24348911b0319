package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Mode;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.math3.stat.StatUtils;

/** What the conclusion says about prices and training. */
final class ConclusionParts {
  private ConclusionParts() {}

  /**
   * One sentence a mode. Each problem counts with the fastest variant of the mode, as one would
   * choose it; medians, because single problems would move a mean far.
   */
  static void price(List<Summary.Row> rows, List<String> all) {
    for (Mode mode : Mode.values()) {
      List<Summary.Row> of = rows.stream().filter(r -> r.mode().equals(mode.id())).toList();
      String own = medians(of, Summary.Row::price);
      String any = medians(of, Summary.Row::priceAny);
      if (!own.isEmpty() || !any.isEmpty()) {
        all.add(
            "Price of the fastest "
                + mode.id()
                + " variant (time over that of the fastest variant without a promise, median over"
                + " the problems; under 1 is faster): "
                + (own.isEmpty() ? "" : "on the same backend " + own)
                + (own.isEmpty() || any.isEmpty() ? "" : "; ")
                + (any.isEmpty() ? "" : "on any backend " + any)
                + ".");
      }
    }
  }

  /** How many bars were met, and the names of the others. */
  static void bars(List<Record.Bar> bars, List<String> all) {
    if (bars.isEmpty()) {
      return;
    }
    String missed = names(bars, Bars.Outcome.MISSED);
    String open = names(bars, Bars.Outcome.NOT_MEASURED);
    List<Record.Bar> met =
        bars.stream().filter(b -> b.outcome().equals(Bars.Outcome.MET.name())).toList();
    long unclear = met.stream().filter(b -> !b.clear()).count();
    all.add(
        "Speed bars: "
            + met.size()
            + " of "
            + bars.size()
            + " met"
            + (unclear == 0 ? "" : " (" + unclear + " of them not clearly)")
            + (missed.isEmpty() ? "" : "; MISSED: " + missed)
            + (open.isEmpty() ? "" : "; not measured: " + open)
            + ".");
  }

  private static String names(List<Record.Bar> bars, Bars.Outcome outcome) {
    return String.join(
        ", ",
        bars.stream()
            .filter(b -> b.outcome().equals(outcome.name()))
            .map(b -> b.name() + " against " + b.opponent())
            .toList());
  }

  private static String medians(List<Summary.Row> rows, Function<Summary.Row, Price> price) {
    Map<String, Map<String, Double>> byBackend = new TreeMap<>();
    for (Summary.Row r : rows) {
      Price p = price.apply(r);
      if (p != null) {
        byBackend
            .computeIfAbsent(r.backend(), k -> new TreeMap<>())
            .merge(CaseId.parse(r.caseId()).problem(), p.ratio().value(), Math::min);
      }
    }
    List<String> parts = new ArrayList<>();
    byBackend.forEach(
        (backend, best) -> {
          double[] v = best.values().stream().mapToDouble(Double::doubleValue).sorted().toArray();
          String range =
              v.length == 1
                  ? "1 problem"
                  : times(v[0]) + " to " + times(v[v.length - 1]) + ", " + v.length + " problems";
          parts.add(backend + " " + times(StatUtils.percentile(v, 50)) + "x (" + range + ")");
        });
    return String.join(", ", parts);
  }

  /** A ratio with three digits or so: more are not measured. */
  private static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : ratio < 100 ? "%.1f" : "%.0f", ratio);
  }

  /** One sentence for the runs that part, one for those that do not. */
  static void training(List<Record.Training> training, List<String> all) {
    Map<String, List<String>> clean = new LinkedHashMap<>();
    for (Record.Training r : training) {
      if (r.onset() == 0) {
        String evidence =
            String.format(
                Locale.ROOT,
                "%d replicates with the same seed keep the same weights, bit for bit, over all %d"
                    + " steps",
                r.replicates(),
                r.steps());
        clean.computeIfAbsent(evidence, k -> new ArrayList<>()).add(Trainings.name(r, training));
      } else {
        all.add(
            String.format(
                Locale.ROOT,
                "Training, %s: %d replicates with the same seed part at step %d of %d and end as"
                    + " %d different models.",
                Trainings.name(r, training),
                r.replicates(),
                r.onset(),
                r.steps(),
                r.distinctFinal()));
      }
    }
    clean.forEach(
        (evidence, modes) ->
            all.add("Training, " + String.join(" and ", modes) + ": " + evidence + "."));
  }
}
