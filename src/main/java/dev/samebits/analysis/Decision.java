package dev.samebits.analysis;

import dev.samebits.analysis.Bars.Outcome;
import dev.samebits.result.Manifest.BarInfo;
import dev.samebits.result.Record;
import dev.samebits.result.Record.BarCase;
import dev.samebits.result.Record.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether one bar is met, from its cases and their geometric mean.
 *
 * @param bar what is asked
 * @param cases what was found, case by case
 * @param mean geometric mean that decides; null if there is none
 */
record Decision(BarInfo bar, List<BarCase> cases, Interval mean) {

  Record.Bar record(Interval whole, Interval net) {
    Outcome outcome = outcome();
    return new Record.Bar(
        "session",
        bar.name(),
        bar.about() == null ? "" : bar.about(),
        bar.subject(),
        bar.opponent(),
        bar.measure(),
        bar.bar(),
        bar.each(),
        bar.subtract(),
        outcome.name(),
        clear(outcome),
        String.join("; ", why()),
        whole,
        net,
        cases);
  }

  private List<BarCase> unmeasured() {
    return cases.stream().filter(c -> deciding(c) == null).toList();
  }

  /** Cases that were measured and do not reach what is asked of each. */
  private List<BarCase> tooSlow() {
    return cases.stream().filter(c -> deciding(c) != null && !c.holds()).toList();
  }

  private Interval deciding(BarCase c) {
    return bar.subtract() ? c.net() : c.whole();
  }

  private Outcome outcome() {
    if (mean == null || !unmeasured().isEmpty()) {
      return Outcome.NOT_MEASURED;
    }
    return Bars.reaches(bar, mean.value(), bar.bar()) && tooSlow().isEmpty()
        ? Outcome.MET
        : Outcome.MISSED;
  }

  /** Whether every interval that the outcome rests on lies on one side of what is asked. */
  private boolean clear(Outcome outcome) {
    if (outcome == Outcome.MET) {
      return beyond(mean, bar.bar(), true)
          && (bar.each() == null
              || cases.stream().allMatch(c -> beyond(deciding(c), bar.each(), true)));
    }
    return outcome == Outcome.MISSED
        && (beyond(mean, bar.bar(), false)
            || tooSlow().stream().anyMatch(c -> beyond(deciding(c), bar.each(), false)));
  }

  /** Whether a whole interval reaches ({@code good}) or fails what is asked. */
  private boolean beyond(Interval i, double asked, boolean good) {
    double worst = Bars.atLeast(bar) ? i.low() : i.high();
    double best = Bars.atLeast(bar) ? i.high() : i.low();
    return good ? Bars.reaches(bar, worst, asked) : !Bars.reaches(bar, best, asked);
  }

  private List<String> why() {
    List<String> all = new ArrayList<>();
    List<BarCase> missing = unmeasured();
    if (cases.isEmpty()) {
      all.add("no case can be run here");
    } else if (!missing.isEmpty()) {
      all.add(
          missing.size()
              + " of "
              + cases.size()
              + " cases not measured: "
              + Bars.problem(missing.get(0).subject())
              + ": "
              + missing.get(0).why());
    } else if (mean == null) {
      all.add("the cases have fewer than " + Bars.FEWEST_PAIRS + " rounds of forks in common");
    }
    if (mean != null && !Bars.reaches(bar, mean.value(), bar.bar())) {
      all.add(format("geometric mean %.3f, asked is %.2f", mean.value(), bar.bar()));
    }
    for (BarCase c : tooSlow()) {
      all.add(
          format(
              "%s: %.3f, asked of each is %.2f",
              Bars.problem(c.subject()), deciding(c).value(), bar.each()));
    }
    return all;
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
