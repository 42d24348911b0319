package dev.samebits.report;

import dev.samebits.analysis.Outcome;
import dev.samebits.analysis.Price;
import dev.samebits.analysis.Rate;
import dev.samebits.kernel.Conditions;
import dev.samebits.result.Record;
import java.util.Locale;

/** Numbers and verdicts in few characters, the same in every locale. */
final class Text {
  private Text() {}

  /** Three significant digits, without an exponent where that is readable. */
  static String number(double x) {
    double a = Math.abs(x);
    if (x != x) {
      return "?";
    } else if (a == 0 || a >= 0.001 && a < 1e6) {
      int decimals = a >= 100 ? 0 : a >= 10 ? 1 : a >= 1 || a == 0 ? 2 : a >= 0.1 ? 3 : 4;
      return String.format(Locale.ROOT, "%." + decimals + "f", x);
    }
    return String.format(Locale.ROOT, "%.2e", x);
  }

  /** Throughput and its error with as many decimals, or the samples if they are too few for it. */
  static String rate(Rate r, String plusMinus) {
    int decimals = r.value() >= 100 ? 0 : r.value() >= 10 ? 1 : r.value() >= 1 ? 2 : 3;
    String f = "%." + decimals + "f";
    if (r.few()) {
      return String.format(Locale.ROOT, f, r.value())
          + " ("
          + r.iterations()
          + (r.iterations() == 1 ? " sample)" : " samples)")
          + (r.throttled() == 0 ? "" : " THROTTLED");
    }
    String error = r.error() == r.error() ? String.format(Locale.ROOT, f, r.error()) : "?";
    return String.format(Locale.ROOT, f, r.value())
        + " "
        + plusMinus
        + " "
        + error
        + (r.throttled() == 0 ? "" : " THROTTLED");
  }

  /** Threads offered, and what else was set: {@code 2, isa=avx2}. */
  static String threads(Rate r, String none) {
    String more = Conditions.parse(r.condition()).without(Conditions.THREADS).toString();
    String threads = r.threads() == 0 ? none : Integer.toString(r.threads());
    return more.isEmpty() ? threads : threads + ", " + more;
  }

  /** A verdict in one table cell; {@code !} marks a broken promise. */
  static String cell(Record.Verdict v) {
    if (v == null) {
      return "-";
    }
    return switch (outcome(v)) {
      case IDENTICAL -> "same (" + v.n() + ")";
      case VARIES ->
          "VARIES" + (already(v) ? "" : " (" + v.distinct() + ")") + (broken(v) ? " !" : "");
      default -> v.outcome();
    };
  }

  /** Whether the verdict only repeats what another axis showed. */
  static boolean already(Record.Verdict v) {
    return v.evidence().equals("not judged apart");
  }

  static boolean broken(Record.Verdict v) {
    return v.promised() && outcome(v) == Outcome.VARIES;
  }

  static Outcome outcome(Record.Verdict v) {
    return Outcome.valueOf(v.outcome());
  }

  /** ULPs, as a power of two from 2^20 on; {@code -} if nothing varies, {@code ?} if unknown. */
  static String ulp(long ulp, boolean varies) {
    if (!varies) {
      return "-";
    } else if (ulp < 0) {
      return "?";
    }
    return ulp < 1 << 20 ? Long.toString(ulp) : "2^" + (63 - Long.numberOfLeadingZeros(ulp));
  }

  static String price(Price p) {
    return p == null ? "-" : String.format(Locale.ROOT, "%.2fx", p.ratio().value());
  }

  static String percent(double share) {
    return share < 0 ? "?" : number(100 * share) + " %";
  }
}
