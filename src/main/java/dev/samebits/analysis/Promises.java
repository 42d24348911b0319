package dev.samebits.analysis;

import dev.samebits.result.Record;
import java.util.List;

/** Guarantees against what was measured. */
public final class Promises {
  private Promises() {}

  /** The verdicts that break a promise: VARIES on an axis that the variant guarantees. */
  public static List<Record.Verdict> broken(List<Record.Verdict> verdicts) {
    return verdicts.stream()
        .filter(v -> v.promised() && v.outcome().equals(Outcome.VARIES.name()))
        .toList();
  }

  /** One line about a broken promise. */
  public static String describe(Record.Verdict v) {
    String why = v.why() == null || v.why().isEmpty() ? "" : " (" + v.why() + ")";
    return v.caseId()
        + " promises the same bits on the "
        + v.axis()
        + " axis, but varies: "
        + v.evidence()
        + why;
  }
}
