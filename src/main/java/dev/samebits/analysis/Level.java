package dev.samebits.analysis;

import dev.samebits.kernel.Axis;
import dev.samebits.result.Record;
import java.util.Map;

/**
 * How far the bits of a case were seen to hold, whatever its variant promises: the levels of {@link
 * dev.samebits.kernel.Mode}, measured.
 */
public enum Level {
  /** Other bits from run to run. */
  VARIES("other bits from run to run"),
  /** The same bits from run to run, others with another setting. */
  RUN_TO_RUN("same bits from run to run, others with another setting"),
  /** The same bits on every axis measured, at least one of them a setting. */
  ALL_TRIED("same bits on every axis tried"),
  /** Repeats were not looked at, or a process gave no result. */
  UNKNOWN("not measured");

  private final String words;

  Level(String words) {
    this.words = words;
  }

  /** What it means. */
  public String words() {
    return words;
  }

  /** The level that the verdicts of a case show. */
  static Level of(Map<String, Record.Verdict> verdicts) {
    Record.Verdict repeat = verdicts.get(Axis.REPEAT.id());
    Record.Verdict process = verdicts.get(Axis.PROCESS.id());
    if (varies(repeat) || varies(process)) {
      return VARIES;
    }
    boolean settings = false;
    for (Record.Verdict v : verdicts.values()) {
      Outcome o = Outcome.of(v.outcome(), Outcome.MISSING);
      if (!o.measured()) {
        return UNKNOWN;
      } else if (o == Outcome.VARIES) {
        return RUN_TO_RUN;
      }
      settings |= v != repeat && v != process;
    }
    return repeat == null ? UNKNOWN : settings ? ALL_TRIED : RUN_TO_RUN;
  }

  private static boolean varies(Record.Verdict v) {
    return v != null && v.outcome().equals(Outcome.VARIES.name());
  }
}
