package dev.samebits.report;

import dev.samebits.analysis.Front;
import dev.samebits.analysis.Peak;
import dev.samebits.analysis.Rate;
import dev.samebits.analysis.Summary;
import dev.samebits.analysis.Trainings;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jfree.chart.JFreeChart;

/** All pictures of a report, drawn from a summary. */
final class Pictures {
  private static final int WIDTH = 860;
  private static final int MOST_HISTOGRAMS = 6;
  private static final int PLAIN_HISTOGRAMS = 2;
  private static final String OUTCOMES =
      "= same bits, V bits vary, V ! they vary although the variant promises that they do not, F"
          + " failed, T timed out, M mistrusted or missing, S skipped, U unavailable, · not"
          + " measured. ";
  private static final String LETTERS =
      "[N] nondeterministic, [D] deterministic, [R] reproducible. ";

  private final Summary summary;
  private final String made;
  private final List<Figure> figures = new ArrayList<>();

  private Pictures(Summary summary) {
    this.summary = summary;
    this.made =
        "Made by: "
            + summary.command()
            + " (suite "
            + summary.suite()
            + ", host "
            + summary.host()
            + "). ";
  }

  /** Draws what there is data for. */
  static List<Figure> of(Summary summary) {
    Pictures p = new Pictures(summary);
    p.scaling();
    p.fronts();
    p.throughput();
    p.price();
    p.map();
    p.histograms();
    p.divergence();
    return p.figures;
  }

  private void add(String name, String title, JFreeChart chart, int height, String caption) {
    add(name, title, chart, height, caption, false);
  }

  private void add(
      String name, String title, JFreeChart chart, int height, String caption, boolean detail) {
    String svg = Svg.of(chart, WIDTH, height, name, title);
    figures.add(new Figure(name, title, svg, made + caption, detail));
  }

  private static <T> Map<String, List<T>> group(
      List<T> all, java.util.function.Function<T, String> by) {
    Map<String, List<T>> groups = new LinkedHashMap<>();
    all.forEach(x -> groups.computeIfAbsent(by.apply(x), k -> new ArrayList<>()).add(x));
    return groups;
  }

  private void throughput() {
    List<Summary.Row> timed = summary.rows().stream().filter(r -> !r.rates().isEmpty()).toList();
    group(timed, r -> r.kernel() + " " + r.dtype())
        .forEach(
            (what, rows) ->
                add(
                    "throughput-" + what.replace(' ', '-').replace('_', '-'),
                    "Throughput: " + what,
                    BarCharts.throughput(rows),
                    BarCharts.height(rows.size()),
                    LETTERS
                        + "Longer is faster; x2 means 2 threads offered; the thin line is the 99.9 %"
                        + " interval of the mean over "
                        + effort(rows)
                        + ", cut off at zero and at the edge"
                        + (rows.stream().anyMatch(r -> r.rates().get(0).few())
                            ? "; a bar without it has fewer than " + Rate.FEWEST + " samples"
                            : "")
                        + ". It does not show the spread between processes beyond these forks, nor"
                        + " other shapes."));
  }

  /** The largest problems of each kernel and element type first, the others under the details. */
  private void fronts() {
    Map<String, List<Front>> groups =
        group(summary.fronts(), f -> f.heading().replaceFirst("^(\\S+ \\S+).*", "$1"));
    groups.forEach(
        (what, fronts) -> {
          for (int i = 0; i < fronts.size(); i++) {
            front(fronts.get(i), i > 0);
          }
        });
  }

  private void front(Front front, boolean detail) {
    StringBuilder prices = new StringBuilder();
    for (Front.LevelPrice p : front.prices()) {
      prices.append(
          String.format(
              java.util.Locale.ROOT, "%s: %.2fx (%s); ", p.level().words(), p.price(), p.who()));
    }
    add(
        "front-" + front.heading().replaceAll("[^A-Za-z0-9]+", "-"),
        "Speed against accuracy: " + front.heading(),
        FrontChart.of(front),
        430,
        "Colour and shape say what the bits were seen to do, not what is promised. The dashed line is"
            + " the Pareto front: nothing above and left of it was measured; names on it are bold."
            + " Price of a level, time of the fastest variant that reaches it over that of the fastest"
            + " of all: "
            + prices
            + "on "
            + front.threads()
            + (front.threads() == 1 ? " thread. " : " threads. ")
            + "The error is the largest of "
            + front.points().get(0).sampled()
            + " outputs; below "
            + FrontChart.LEAST_ERROR
            + " it is drawn there. It does not show other inputs, on which errors differ.",
        detail);
  }

  private void scaling() {
    List<Summary.Row> timed = summary.rows().stream().filter(r -> !r.rates().isEmpty()).toList();
    group(timed, r -> r.kernel() + " " + r.dtype())
        .forEach(
            (what, rows) -> {
              var lines = ScalingCharts.bySize(rows);
              if (!lines.isEmpty()) {
                scaling(what, rows.get(0), lines);
              }
            });
  }

  private void scaling(String what, Summary.Row first, Map<String, TreeMap<Double, Rate>> lines) {
    String unit = first.rates().get(0).unit();
    boolean bytes = unit.equals("GB/s");
    List<Peak> peaks =
        summary.peaks().stream()
            .filter(p -> p.unit().equals(unit) && (bytes || p.dtype().equals(first.dtype())))
            .toList();
    String name = what.replace(' ', '-').replace('_', '-');
    String about =
        "x2 means 2 threads offered. "
            + (peaks.isEmpty()
                ? "No peak of the machine was measured in this run."
                : bytes
                    ? "The dotted lines are the fastest sum or dot over "
                        + (Peak.MEMORY_BYTES >> 20)
                        + " MiB or more: reading memory; smaller operands stay in caches, which are"
                        + " faster."
                    : "The dotted lines are the machine's peak as measured by fma_chain, multiply-adds"
                        + " in registers.");
    add(
        "scaling-" + name,
        "Speed against size: " + what,
        ScalingCharts.sizes(first.kernel(), unit, lines, peaks),
        420,
        about
            + " Mean over all iterations. It does not show the spread between forks, nor shapes that"
            + " are not square.");
    JFreeChart threads = ScalingCharts.threads(unit, lines, peaks);
    if (threads != null) {
      add(
          "threads-" + name,
          "Speed against threads: " + what,
          threads,
          340,
          "At the largest size measured with every number of threads. It does not show smaller"
              + " sizes, at which threads pay less.");
    }
  }

  private static String effort(List<Summary.Row> rows) {
    Set<String> efforts = new TreeSet<>();
    for (Summary.Row r : rows) {
      Rate rate = r.rates().get(0);
      efforts.add(rate.forks() + " forks with " + rate.iterations() + " iterations in all");
    }
    return String.join(" or ", efforts);
  }

  private void price() {
    List<Summary.Row> rows = summary.rows().stream().filter(r -> r.price() != null).toList();
    if (!rows.isEmpty()) {
      int fewest = rows.stream().mapToInt(r -> r.price().ratio().forks()).min().orElse(0);
      int most = rows.stream().mapToInt(r -> r.price().ratio().forks()).max().orElse(0);
      add(
          "price",
          "Price of determinism",
          BarCharts.price(rows),
          BarCharts.height(rows.size()),
          LETTERS
              + "The dot is time over the time of the fastest nondeterministic variant of the same"
              + " backend and problem; the line at 1 is free, right of it is slower; the bar is the"
              + " 95 % interval over "
              + (fewest == most ? fewest : fewest + " to " + most)
              + " forks a side (cut off at ten times the value; with two forks it is wide). It does"
              + " not show the price against other backends, which stands under Details.");
    }
  }

  private void map() {
    List<Summary.Row> shown = summary.rows().stream().filter(r -> !r.exactControl()).toList();
    if (!shown.isEmpty()) {
      Map<String, List<Summary.Row>> lines = new LinkedHashMap<>();
      shown.forEach(
          r ->
              lines
                  .computeIfAbsent(
                      r.kernel() + "  " + r.who() + "  [" + Style.letter(r.mode()) + "]",
                      k -> new ArrayList<>())
                  .add(r));
      add(
          "map",
          "Invariance map",
          InvarianceMap.of(lines),
          InvarianceMap.height(lines.size()),
          LETTERS
              + "Each field joins the cases (shapes, element types) of a variant: = 5 means the"
              + " same bits in all 5, V 2/5 that bits vary in 2 of 5. "
              + OUTCOMES
              + repeats(shown)
              + " It does not show how big a difference is, nor settings that were not tried."
              + " Exact-input controls that are identical are left out.");
    }
    group(shown, Summary.Row::kernel)
        .forEach(
            (kernel, rows) ->
                add(
                    "map-" + kernel.replace('_', '-'),
                    "Invariance map case by case: " + kernel,
                    InvarianceMap.of(InvarianceMap.single(rows)),
                    InvarianceMap.height(rows.size()),
                    OUTCOMES
                        + repeats(rows)
                        + " It does not show how big a difference is, nor settings that were not"
                        + " tried. Exact-input controls that are identical are left out.",
                    true));
  }

  private static String repeats(List<Summary.Row> rows) {
    long[] n =
        rows.stream()
            .map(r -> r.verdicts().get("repeat"))
            .filter(v -> v != null && Text.outcome(v).measured())
            .mapToLong(Record.Verdict::n)
            .sorted()
            .toArray();
    return n.length == 0
        ? "No repeats stand behind it."
        : "On the repeat axis " + n[0] + " to " + n[n.length - 1] + " repeats stand behind a cell.";
  }

  private void histograms() {
    List<Summary.Row> all =
        summary.rows().stream()
            .filter(r -> r.difference() != null && r.difference().histogram().size() > 1)
            .sorted(Comparator.comparingLong(Summary.Row::worstUlp).reversed())
            .toList();
    int number = 0;
    for (Summary.Row r : all.subList(0, Math.min(all.size(), MOST_HISTOGRAMS))) {
      number++;
      add(
          "ulp-" + number,
          "ULP histogram: " + r.kernel() + " " + r.dtype() + " " + r.shape() + " " + r.who(),
          DifferenceCharts.histogram(r.difference()),
          240,
          "One output against another: "
              + r.difference().between()
              + ". The pair with most differing elements of this case stands behind it; 0 is the"
              + " share that is equal. It does not show which of the two is closer to the exact"
              + " result. "
              + (all.size() > MOST_HISTOGRAMS
                  ? "The " + MOST_HISTOGRAMS + " largest of " + all.size() + " cases are shown."
                  : ""),
          number > PLAIN_HISTOGRAMS);
    }
  }

  private void divergence() {
    List<Record.Training> runs =
        summary.training().stream().filter(t -> t.curve() != null && !t.curve().isEmpty()).toList();
    group(runs, t -> t.model() + " on " + t.data())
        .forEach(
            (what, of) -> {
              List<Record.Training> parted =
                  of.stream().filter(t -> t.curve().stream().anyMatch(p -> p.l2() > 0)).toList();
              if (!parted.isEmpty()) {
                add(
                    "divergence-" + what.replaceAll("[^A-Za-z0-9]+", "-"),
                    "Divergence over SGD iterations: " + what,
                    DifferenceCharts.divergence(parted),
                    360,
                    divergenceCaption(of));
              }
            });
  }

  private static String divergenceCaption(List<Record.Training> runs) {
    StringBuilder text = new StringBuilder();
    for (Record.Training t : runs) {
      boolean parted = t.curve().stream().anyMatch(p -> p.l2() > 0);
      text.append(Trainings.name(t, runs))
          .append(parted ? ": line " : ": no line, the distance is 0 at every step ")
          .append("(")
          .append(t.replicates())
          .append(" replicates). ");
    }
    return text
        + "Distance between replicates with the same seed, mean over pairs, both axes logarithmic;"
        + " a vertical line marks the first step with other bits. It does not show other seeds, which"
        + " move the weights much further.";
  }
}
