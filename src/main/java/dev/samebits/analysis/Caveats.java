package dev.samebits.analysis;

import dev.samebits.result.Environment;
import dev.samebits.result.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a reader has to know of a run before its findings, in sentences. */
final class Caveats {
  /** Share of the cores from which on others' work shows in times. */
  private static final double BUSY = 0.2;

  private Caveats() {}

  /** That the run has not come to its end, or that parts of it gave no result. */
  static Optional<String> incomplete(Manifest m) {
    return m.plannedUnits() == 0 || "COMPLETE".equals(m.status())
        ? Optional.empty()
        : Optional.of(
            "NOT COMPLETE: "
                + m.endedUnits()
                + " of "
                + m.plannedUnits()
                + " units of work have a result"
                + (m.endedUnits() == m.plannedUnits() ? ", but the run did not end." : "."));
  }

  /** That a device was timed while it held its clocks back. */
  static Optional<String> throttled(Throttling t) {
    return t.samples() == 0
        ? Optional.empty()
        : Optional.of(
            "The device held its clocks back ("
                + String.join(", ", t.reasons())
                + ") in "
                + t.samples()
                + " of "
                + t.of()
                + " measured iterations, marked THROTTLED: their times say less of what it can do.");
  }

  /**
   * What is missing, and what makes times doubtful.
   *
   * @param absent backends that are not to be had here and have no row
   */
  static List<String> of(Manifest m, Set<String> absent) {
    List<String> all = new ArrayList<>();
    if (!absent.isEmpty()) {
      all.add("Not available here, so nothing below is about: " + String.join(", ", absent) + ".");
    }
    Environment e = m.environment();
    if (e != null && m.otherCores() != null && m.otherCores() >= BUSY * e.logicalCores()) {
      all.add(
          String.format(
              Locale.ROOT,
              "The machine was busy: other work took %.1f of %s while the last part of this ran,"
                  + " so times are worse and wider than they need be.",
              m.otherCores(),
              Conclusion.count(e.logicalCores(), "core", "cores")));
    }
    return all;
  }
}
