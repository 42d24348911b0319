package dev.samebits.report;

import dev.samebits.analysis.Rate;
import dev.samebits.analysis.Summary;
import dev.samebits.analysis.Trainings;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.Kernel;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the template prints, as strings. Public members are read by FreeMarker. */
public final class Page {
  private final Summary summary;
  private final List<String> axes; // asked for by every line

  Page(Summary summary) {
    this.summary = summary;
    this.axes = ShownAxes.of(summary.rows());
  }

  /**
   * A table cell.
   *
   * @param text the words
   * @param style CSS class: {@code same}, {@code varies}, {@code broken}, {@code none}, {@code gap}
   */
  public record Cell(String text, String style) {}

  /**
   * A line of the main table.
   *
   * @param row the case
   * @param threads threads offered
   * @param rate throughput and error
   * @param cells one per axis
   * @param ulp worst ULP
   * @param share largest share of differing elements
   * @param price against the same backend
   * @param any price against every backend
   * @param priceOwn price against the same backend with its interval
   * @param priceAny against every backend, with its interval
   * @param error largest error against the exact result, in ULP
   */
  public record Line(
      Summary.Row row,
      String threads,
      String rate,
      List<Cell> cells,
      String ulp,
      String share,
      String price,
      String any,
      String priceOwn,
      String priceAny,
      String error) {}

  /**
   * The cases of one problem.
   *
   * @param heading what is computed
   * @param unit unit of the rates
   * @param lines the cases
   */
  public record Group(String heading, String unit, List<Line> lines) {}

  /**
   * A line of the training table.
   *
   * @param name its mode, and what else it takes to tell it from the others
   * @param run what was recorded
   * @param cells its columns
   */
  public record Trained(String name, Record.Training run, List<String> cells) {}

  /** Axis columns. */
  public List<String> getAxes() {
    return axes;
  }

  /** Problems of which a case was timed. */
  public List<Group> getTimed() {
    List<Summary.Row> timed = new ArrayList<>(summary.rows());
    timed.removeAll(BitsOnly.rows(timed));
    return groups(timed);
  }

  /** The other problems. */
  public List<Group> getUntimed() {
    return groups(BitsOnly.rows(summary.rows()));
  }

  /** All problems. */
  public List<Group> getGroups() {
    return groups(summary.rows());
  }

  private List<Group> groups(List<Summary.Row> rows) {
    Map<String, List<Line>> groups = new LinkedHashMap<>();
    Map<String, String> units = new LinkedHashMap<>();
    for (Summary.Row r : rows) {
      groups.computeIfAbsent(r.heading(), k -> new ArrayList<>()).add(line(r));
      units.put(r.heading(), Kernel.of(r.kernel()).rateUnit());
    }
    return groups.entrySet().stream()
        .map(e -> new Group(e.getKey(), units.get(e.getKey()), e.getValue()))
        .toList();
  }

  private Line line(Summary.Row r) {
    Rate rate = r.rates().isEmpty() ? null : r.rates().get(0);
    return new Line(
        r,
        rate == null ? "–" : Text.threads(rate, "–"),
        rate == null ? "–" : Text.rate(rate, "±"),
        axes.stream().map(a -> cell(r.verdicts().get(a))).toList(),
        Text.ulp(r.worstUlp(), r.varies()),
        r.varies() ? Text.percent(r.worstShare()) : "-",
        Text.price(r.price()),
        Text.price(r.priceAny()),
        price(r.price()),
        price(r.priceAny()),
        r.accuracy() == null ? "-" : Text.number(r.accuracy().maxUlp()));
  }

  private static String price(dev.samebits.analysis.Price p) {
    if (p == null) {
      return "-";
    }
    String high =
        p.ratio().high() < 1000 ? String.format(Locale.ROOT, "%.2f", p.ratio().high()) : "∞";
    return Text.price(p) + String.format(Locale.ROOT, " (%.2f to %s)", p.ratio().low(), high);
  }

  private static Cell cell(Record.Verdict v) {
    if (v == null) {
      return new Cell("–", "none");
    }
    String style =
        switch (Text.outcome(v)) {
          case IDENTICAL -> "same";
          case VARIES -> Text.broken(v) ? "broken" : "varies";
          default -> "gap";
        };
    return new Cell(Text.cell(v), style);
  }

  /** Every verdict, for the table of evidence. */
  public List<Record.Verdict> getVerdicts() {
    return summary.rows().stream().flatMap(r -> r.verdicts().values().stream()).toList();
  }

  /** The training table. */
  public List<Trained> getTraining() {
    return summary.training().stream()
        .map(
            t ->
                new Trained(
                    Trainings.name(t, summary.training()),
                    t,
                    List.of(
                        Integer.toString(t.replicates()),
                        TrainingText.onset(t),
                        Integer.toString(t.distinctFinal()),
                        Text.percent(t.churn()),
                        TrainingText.accuracy(t),
                        TrainingText.distance(t),
                        t.growthRate() == null ? "-" : Text.number(t.growthRate()))))
        .toList();
  }

  /** The table of bars. */
  public List<BarTable.Line> getBars() {
    return BarTable.lines(summary.bars());
  }

  /** The cases of all bars. */
  public List<BarTable.Case> getBarCases() {
    return BarTable.cases(summary.bars());
  }

  /** Legend of the table of bars. */
  public String getBarLegend() {
    return BarTable.LEGEND;
  }

  /** Legend of the table. */
  public List<String> getLegend() {
    return Legend.lines(summary, true);
  }

  /** Legend of the training table. */
  public String getTrainingLegend() {
    return Legend.TRAINING;
  }

  /** What clean verdicts do not show. */
  public String getNotShown() {
    return Legend.NOT_SHOWN;
  }

  /** Formulas behind the rates. */
  public Map<String, String> getFormulas() {
    Map<String, String> all = new LinkedHashMap<>();
    for (Summary.Row r : summary.rows()) {
      Kernel k = Kernel.of(r.kernel());
      all.put(k.id(), k.rateUnit() + ", " + k.workFormula());
    }
    return all;
  }

  /** Axes that the suite of this version does not measure. */
  public List<String> getUnmeasured() {
    List<String> all = new ArrayList<>();
    for (Axis a : Axis.values()) {
      if (summary.rows().stream().noneMatch(r -> r.verdicts().containsKey(a.id()))) {
        all.add(a.id());
      }
    }
    return all;
  }

  /** Minutes and seconds of the run. */
  public String getDuration() {
    long s = Math.round(summary.wallSeconds());
    return s / 60 + " min " + s % 60 + " s";
  }

  /** Share of the time inside measured code. */
  public String getMeasured() {
    return Text.percent(summary.measuredShare());
  }

  /** Memory in GiB. */
  public String getMemory() {
    return summary.environment() == null
        ? ""
        : Text.number(summary.environment().memoryBytes() / 0x1p30) + " GiB";
  }
}
