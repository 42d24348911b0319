package dev.samebits.report;

import dev.samebits.analysis.Summary;
import dev.samebits.analysis.Trainings;
import dev.samebits.metric.Divergence;
import dev.samebits.result.Record;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Pictures of where, by how much and from when on bits differ. */
final class DifferenceCharts {
  private static final float[][] DASHES = {null, {8, 4}, {2, 4}, {10, 3, 2, 3}};

  /** More classes than this have small labels. */
  private static final int LARGE = 17;

  /** More classes than this have upright labels, so that they do not overlap. */
  private static final int UPRIGHT = 24;

  private static final Pattern RANGE = Pattern.compile("[0-9]{1,18}-[0-9]+");

  private DifferenceCharts() {}

  /** Share of the differing elements by ULP class, of one case. */
  static JFreeChart histogram(Summary.Difference d) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    double total = d.histogram().values().stream().mapToLong(Long::longValue).sum();
    TreeSet<String> classes = new TreeSet<>(Divergence.CLASS_ORDER);
    classes.addAll(d.histogram().keySet());
    for (long low = 2; low <= largest(classes); low *= 2) {
      classes.add(low + "-" + (2 * low - 1));
    }
    for (String c : classes) {
      data.addValue(100 * d.histogram().getOrDefault(c, 0L) / total, "share", label(c));
    }
    BarRenderer renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setSeriesPaint(0, Style.BLUE);
    renderer.setMaximumBarWidth(0.12);
    CategoryAxis axis = new CategoryAxis("ULP distance, from this to below the next");
    axis.setMaximumCategoryLabelWidthRatio(2f);
    if (classes.size() > UPRIGHT) {
      axis.setCategoryLabelPositions(CategoryLabelPositions.UP_90);
    }
    NumberAxis share = new NumberAxis("% of elements");
    share.setRange(0, 100);
    JFreeChart chart = Style.chart(new CategoryPlot(data, axis, share, renderer));
    if (classes.size() > LARGE) {
      axis.setTickLabelFont(Style.SMALL.deriveFont(9f));
    }
    return chart;
  }

  /** Lower end of the highest class; at most 2^61. */
  private static long largest(Set<String> classes) {
    return classes.stream()
        .filter(c -> RANGE.matcher(c).matches())
        .mapToLong(c -> Long.parseLong(c.substring(0, c.indexOf('-'))))
        .filter(low -> low < 1L << 62)
        .max()
        .orElse(0);
  }

  /** Where a class of distances begins, large ones as a power of two. */
  private static String label(String c) {
    if (!RANGE.matcher(c).matches()) {
      return c;
    }
    long low = Long.parseLong(c.substring(0, c.indexOf('-')));
    return low < 1024 ? Long.toString(low) : "2^" + (63 - Long.numberOfLeadingZeros(low));
  }

  /** A key of its own for each run, which the chart demands. */
  private static String name(Record.Training t, List<Record.Training> runs, int before) {
    String name = Trainings.name(t, runs);
    long namesakes =
        runs.subList(0, before).stream().filter(o -> Trainings.name(o, runs).equals(name)).count();
    return namesakes == 0 ? name : name + " (" + (namesakes + 1) + ")";
  }

  /** L2 distance of the weights by step, both logarithmic; steps at distance 0 have no point. */
  static JFreeChart divergence(List<Record.Training> runs) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
    lines.setDrawSeriesLineAsPath(true);
    XYPlot plot = new XYPlot();
    for (Record.Training t : runs) {
      XYSeries series = new XYSeries(name(t, runs, data.getSeriesCount()));
      t.curve().stream().filter(p -> p.l2() > 0).forEach(p -> series.add(p.step(), p.l2()));
      int i = data.getSeriesCount();
      data.addSeries(series);
      lines.setSeriesPaint(i, Style.colour(t.mode()));
      lines.setSeriesStroke(
          i, new BasicStroke(2, BasicStroke.CAP_ROUND, 1, 10, DASHES[i % DASHES.length], 0));
      if (t.onset() > 0) {
        ValueMarker onset = new ValueMarker(t.onset(), Style.colour(t.mode()), Style.LINE);
        onset.setLabel(Style.letter(t.mode()) + " parts at step " + t.onset());
        onset.setLabelPaint(Svg.INK);
        onset.setLabelFont(Style.SMALL);
        onset.setLabelBackgroundColor(new Color(0, 0, 0, 0));
        onset.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
        onset.setLabelTextAnchor(TextAnchor.TOP_LEFT);
        onset.setLabelOffset(new org.jfree.chart.ui.RectangleInsets(4 + 18 * i, 6, 0, 0));
        plot.addDomainMarker(onset);
      }
    }
    LogAxis step = new LogAxis("SGD step");
    step.setNumberFormatOverride(java.text.NumberFormat.getIntegerInstance(java.util.Locale.ROOT));
    step.setRange(0.9, 1.05 * runs.stream().mapToInt(Record.Training::steps).max().orElse(1));
    step.setTickUnit(new NumberTickUnit(Math.log10(2)));
    LogAxis distance = new LogAxis("L2 distance of the weights");
    distance.setNumberFormatOverride(
        new java.text.DecimalFormat(
            "0E0", java.text.DecimalFormatSymbols.getInstance(java.util.Locale.ROOT)));
    double[] l2 =
        runs.stream()
            .flatMap(t -> t.curve().stream())
            .mapToDouble(Record.CurvePoint::l2)
            .filter(x -> x > 0)
            .toArray();
    distance.setRange(
        Math.pow(10, Math.floor(Math.log10(Arrays.stream(l2).min().orElse(1)))),
        Math.pow(10, Math.ceil(Math.log10(1.01 * Arrays.stream(l2).max().orElse(1)))));
    distance.setTickUnit(new NumberTickUnit(1));
    plot.setDataset(data);
    plot.setDomainAxis(step);
    plot.setRangeAxis(distance);
    plot.setRenderer(lines);
    return Style.chart(plot);
  }
}
