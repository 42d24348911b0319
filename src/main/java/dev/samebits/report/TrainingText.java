package dev.samebits.report;

import dev.samebits.analysis.Summary;
import dev.samebits.result.Record;
import java.util.List;
import java.util.Locale;

/** Training results and troubles in words. */
final class TrainingText {
  private TrainingText() {}

  static String onset(Record.Training t) {
    return t.onset() == 0 ? "never" : Integer.toString(t.onset());
  }

  /** Lowest and highest test accuracy of the replicates, in per cent. */
  static String accuracy(Record.Training t) {
    List<Double> all = t.accuracy() == null ? List.of() : t.accuracy();
    double low = all.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    double high = all.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    return low == high
        ? String.format(Locale.ROOT, "%.2f %%", 100 * low)
        : String.format(Locale.ROOT, "%.2f to %.2f %%", 100 * low, 100 * high);
  }

  /** L2 distance of the weights at the last recorded step. */
  static String distance(Record.Training t) {
    return t.curve() == null || t.curve().isEmpty()
        ? "?"
        : Text.number(t.curve().get(t.curve().size() - 1).l2());
  }

  static String trouble(Summary.Trouble t) {
    StringBuilder text = new StringBuilder(t.outcome());
    text.append(' ').append(t.subject().isEmpty() ? "a whole process" : t.subject());
    if (!t.condition().isEmpty()) {
      text.append(" at ").append(t.condition());
    }
    if (t.count() > 1) {
      text.append(" (").append(t.count()).append(" times)");
    }
    text.append(": ").append(t.why());
    if (!t.remedy().isEmpty()) {
      text.append(" -> ").append(t.remedy());
    }
    return text.toString();
  }
}
