package dev.samebits.analysis;

import dev.samebits.kernel.Axis;
import dev.samebits.result.Record;
import java.util.List;

/** One axis of one case, judged: the fields of {@link Record.Verdict} that the axis decides. */
record Finding(
    Outcome outcome,
    long n,
    long distinct,
    long maxUlp,
    double share,
    String evidence,
    List<String> settings,
    String why) {

  static Finding identical(long n, String evidence, List<String> settings, String why) {
    return new Finding(Outcome.IDENTICAL, n, 1, 0, 0, evidence, settings, why);
  }

  static Finding none(Gap gap, long n, String evidence) {
    return new Finding(
        gap.outcome(), n, 0, -1, -1, evidence, List.of(gap.condition()), gap.describe());
  }

  Record.Verdict verdict(CaseRecords of, Axis axis, boolean promised) {
    return new Record.Verdict(
        "session",
        of.id().toString(),
        "",
        axis.id(),
        outcome.name(),
        n,
        distinct,
        maxUlp,
        share,
        evidence,
        settings,
        promised,
        why);
  }
}
