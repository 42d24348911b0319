package dev.samebits.report;

import dev.samebits.analysis.Bars;
import dev.samebits.result.Record;
import dev.samebits.result.Record.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Speed bars as rows of words, for the console and for the page. */
public final class BarTable {
  /** What the columns mean. */
  static final String LEGEND =
      "speed: subject's over opponent's, the bar is a least one; time: subject's over opponent's, the"
          + " bar is a largest one. Each case: the median over pairs of forks run one right after the"
          + " other, each with its fastest iteration; a row: the geometric mean over its cases. (..) is"
          + " the 95 % interval; (?) after an outcome says that it does not leave out the other one."
          + " less call: the same of times less that of a call without work.";

  static final String WORST = "worst case";

  /** The columns after the name. */
  static final List<String> HEADERS =
      List.of("against", "asked", "cases", "ratio (95 %)", "less call", WORST, "outcome");

  private BarTable() {}

  /**
   * A line of the table.
   *
   * @param bar what was decided
   * @param cells its columns after the name, see {@link #HEADERS}
   * @param style CSS class of the outcome
   */
  public record Line(Record.Bar bar, List<String> cells, String style) {}

  static List<Line> lines(List<Record.Bar> bars) {
    return bars.stream().map(BarTable::line).toList();
  }

  private static Line line(Record.Bar b) {
    boolean speed = atLeast(b);
    String sign = speed ? " >= " : " <= ";
    return new Line(
        b,
        List.of(
            b.opponent(),
            b.measure()
                + sign
                + ratio(b.bar())
                + (b.each() == null ? "" : ", each" + sign + ratio(b.each())),
            Integer.toString(b.cases().size()),
            interval(b.whole()),
            interval(b.net()),
            worst(b, speed),
            outcome(b)),
        b.outcome().equals("MET") ? "same" : b.outcome().equals("MISSED") ? "varies" : "gap");
  }

  /**
   * {@code met}, {@code MISSED} or {@code not measured}; a question mark where it is not clear, and
   * a word where a device held its clocks back.
   */
  static String outcome(Record.Bar b) {
    String sure = (b.clear() ? "" : " (?)") + (b.throttled() == 0 ? "" : " THROTTLED");
    return switch (Bars.Outcome.valueOf(b.outcome())) {
      case MET -> "met" + sure;
      case MISSED -> "MISSED" + sure;
      case NOT_MEASURED -> "not measured";
    };
  }

  static String interval(Interval i) {
    return i == null
        ? "-"
        : ratio(i.value()) + " (" + ratio(i.low()) + " to " + ratio(i.high()) + ")";
  }

  private static String ratio(double x) {
    return String.format(Locale.ROOT, x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : "%.2f", x);
  }

  private static String worst(Record.Bar b, boolean speed) {
    Record.BarCase worst = null;
    for (Record.BarCase c : b.cases()) {
      Interval i = deciding(b, c);
      if (i != null && (worst == null || speed == i.value() < deciding(b, worst).value())) {
        worst = c;
      }
    }
    if (worst == null) {
      return "-";
    }
    long kernels =
        b.cases().stream().map(c -> Bars.problem(c.subject()).split(" ")[0]).distinct().count();
    String problem = Bars.problem(worst.subject());
    return ratio(deciding(b, worst).value())
        + " "
        + (kernels == 1 ? problem.substring(problem.indexOf(' ') + 1) : problem);
  }

  private static Interval deciding(Record.Bar b, Record.BarCase c) {
    return b.subtract() ? c.net() : c.whole();
  }

  private static String byDevice(Record.BarCase c) {
    return c.clock() == null || c.clock().isEmpty() ? "" : "by the clock of the " + c.clock();
  }

  private static boolean atLeast(Record.Bar b) {
    return !b.measure().equals("time");
  }

  private static String missed(Record.Bar b) {
    String side = atLeast(b) ? "below " : "above ";
    return side + ratio(b.each()) + ", which is asked of each";
  }

  /**
   * One line per case of all bars.
   *
   * @param bar name of the bar and opponent
   * @param problem kernel, element type, shape, threads
   * @param cells pairs, ratio, ratio less call, remark
   */
  public record Case(String bar, String problem, List<String> cells) {}

  static List<Case> cases(List<Record.Bar> bars) {
    List<Case> all = new ArrayList<>();
    for (Record.Bar b : bars) {
      for (Record.BarCase c : b.cases()) {
        String found = !c.why().isEmpty() ? c.why() : c.holds() ? byDevice(c) : missed(b);
        String slow = c.throttled() == 0 ? "" : c.throttled() + " iterations throttled";
        String remark = found.isEmpty() || slow.isEmpty() ? found + slow : found + ", " + slow;
        all.add(
            new Case(
                b.name() + " against " + b.opponent(),
                Bars.problem(c.subject()),
                List.of(
                    Integer.toString(c.pairs()), interval(c.whole()), interval(c.net()), remark)));
      }
    }
    return all;
  }
}
