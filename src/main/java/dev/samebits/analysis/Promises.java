package dev.samebits.analysis;

import dev.samebits.kernel.Mode;
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

  /** One line for every training mode that promises the same bits and whose replicates part. */
  public static List<String> brokenTraining(List<Record.Training> training) {
    return training.stream()
        .filter(t -> t.onset() > 0)
        .filter(
            t ->
                Mode.DETERMINISTIC.id().equals(t.mode()) || Mode.REPRODUCIBLE.id().equals(t.mode()))
        .map(
            t ->
                "training "
                    + Trainings.name(t, training)
                    + " promises the same bits; replicates part at step "
                    + t.onset())
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
