package dev.samebits.report;

import dev.samebits.analysis.Peak;
import dev.samebits.analysis.Rate;
import dev.samebits.analysis.Summary;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Operand;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.block.LineBorder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** How speed grows with the size of the work and with the threads, beside the measured peaks. */
final class ScalingCharts {
  /** Fewer sizes make no curve. */
  static final int FEWEST_SIZES = 4;

  private static final Color[] COLOURS = {
    Style.GREEN, Style.ORANGE, Style.BLUE, Style.RED, Style.GREY, new Color(0x8e, 0x62, 0xc9)
  };
  private static final float[][] DASHES = {null, {7, 4}, {2, 4}, {10, 3, 2, 3}, {14, 4}};
  private static final Shape[] SHAPES = {
    new Ellipse2D.Double(-4, -4, 8, 8), new Rectangle2D.Double(-3.5, -3.5, 7, 7), triangle()
  };

  private ScalingCharts() {}

  private static Shape triangle() {
    Path2D.Double p = new Path2D.Double();
    p.moveTo(0, -5);
    p.lineTo(5, 4);
    p.lineTo(-5, 4);
    p.closePath();
    return p;
  }

  /**
   * Rates by size, one line per variant and setting: the rows of one kernel and element type.
   *
   * @return rate by size by {@code who xN}, only lines with at least {@value #FEWEST_SIZES} sizes
   */
  static Map<String, TreeMap<Double, Rate>> bySize(List<Summary.Row> rows) {
    Map<String, TreeMap<Double, Rate>> lines = new LinkedHashMap<>();
    for (Summary.Row row : rows) {
      CaseId id = CaseId.parse(row.caseId());
      for (Rate r : row.rates()) {
        if (id.shape().get(id.kernel().dims().get(0).key()) > 0) {
          lines.computeIfAbsent(name(row, r), k -> new TreeMap<>()).put(size(id), r);
        }
      }
    }
    lines.values().removeIf(l -> l.size() < FEWEST_SIZES);
    return lines;
  }

  private static String name(Summary.Row row, Rate r) {
    String more = Conditions.parse(r.condition()).without(Conditions.THREADS).toString();
    return row.who()
        + (r.threads() == 0 ? "" : " x" + r.threads())
        + (more.isEmpty() ? "" : " " + more);
  }

  /** Side of the cube with as much work for a product of matrices, else elements read. */
  private static double size(CaseId id) {
    if (id.kernel() == Kernel.MATMUL) {
      return Math.cbrt(id.kernel().work(id.shape(), id.dtype()) / 2);
    }
    return id.kernel().inputs(id.shape(), id.dtype()).stream().mapToLong(Operand::elements).sum();
  }

  /** What the horizontal axis counts. */
  static String sizeName(String kernel) {
    return kernel.equals(Kernel.MATMUL.id())
        ? "side of the matrices (cube root of m n k)"
        : "elements read";
  }

  /** The picture of {@link #bySize}. */
  static JFreeChart sizes(
      String kernel, String unit, Map<String, TreeMap<Double, Rate>> lines, List<Peak> peaks) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    List<String> whos = new ArrayList<>();
    lines.forEach(
        (name, points) -> {
          XYSeries series = new XYSeries(name);
          points.forEach((size, r) -> series.add(size.doubleValue(), r.value()));
          String who = name.replaceFirst(" x[0-9]+", "");
          if (!whos.contains(who)) {
            whos.add(who);
          }
          style(renderer, data.getSeriesCount(), whos.indexOf(who), threads(points));
          data.addSeries(series);
        });
    LogAxis size = new LogAxis(sizeName(kernel));
    size.setBase(kernel.equals(Kernel.MATMUL.id()) ? 2 : 10);
    size.setTickUnit(new NumberTickUnit(1));
    size.setNumberFormatOverride(plain());
    XYPlot plot = new XYPlot(data, size, rateAxis(unit, data, peaks), renderer);
    peaks.forEach(p -> plot.addRangeMarker(marker(p)));
    return legend(Style.chart(plot));
  }

  private static int threads(TreeMap<Double, Rate> points) {
    return points.firstEntry().getValue().threads();
  }

  private static void style(XYLineAndShapeRenderer renderer, int series, int who, int threads) {
    // A line per number of threads: 1 is solid, 2 dashed, 4 dotted, ...
    int dash = (31 - Integer.numberOfLeadingZeros(Math.max(1, threads))) % DASHES.length;
    renderer.setSeriesPaint(series, COLOURS[who % COLOURS.length]);
    renderer.setSeriesShape(series, SHAPES[who % SHAPES.length]);
    renderer.setSeriesStroke(
        series, new BasicStroke(2, BasicStroke.CAP_ROUND, 1, 10, DASHES[dash], 0));
  }

  private static DecimalFormat plain() {
    return new DecimalFormat("0.####", DecimalFormatSymbols.getInstance(Locale.ROOT));
  }

  private static LogAxis rateAxis(String unit, XYSeriesCollection data, List<Peak> peaks) {
    double low = Double.POSITIVE_INFINITY;
    double high = peaks.stream().mapToDouble(Peak::value).max().orElse(0);
    for (int s = 0; s < data.getSeriesCount(); s++) {
      low = Math.min(low, data.getSeries(s).getMinY());
      high = Math.max(high, data.getSeries(s).getMaxY());
    }
    LogAxis axis = new LogAxis(unit);
    axis.setBase(10);
    axis.setTickUnit(new NumberTickUnit(high / low > 100 ? 1 : 0.30103));
    axis.setNumberFormatOverride(
        new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)));
    axis.setRange(low / 1.3, high * 1.6);
    return axis;
  }

  private static ValueMarker marker(Peak p) {
    ValueMarker m =
        new ValueMarker(
            p.value(), Svg.INK, new BasicStroke(1, BasicStroke.CAP_BUTT, 1, 10, DASHES[2], 0));
    m.setLabel(p.what() + " x" + p.threads() + ": " + Text.number(p.value()) + " " + p.unit());
    m.setLabelFont(Style.SMALL);
    m.setLabelPaint(Svg.INK);
    m.setLabelBackgroundColor(new Color(0, 0, 0, 0));
    m.setLabelAnchor(RectangleAnchor.TOP_LEFT);
    m.setLabelTextAnchor(TextAnchor.BOTTOM_LEFT);
    m.setLabelOffset(new RectangleInsets(2, 6, 2, 6));
    return m;
  }

  /** The name of a line without its number of threads. */
  private static String who(String line) {
    return line.replaceFirst(" x[0-9]+", "");
  }

  /** Rate over threads at the largest size that all lines of a variant have; null if only one. */
  static JFreeChart threads(
      String unit, Map<String, TreeMap<Double, Rate>> lines, List<Peak> peaks) {
    Map<String, XYSeries> byWho = new LinkedHashMap<>();
    Map<String, TreeSet<Double>> common = new LinkedHashMap<>();
    lines.forEach(
        (name, points) ->
            common
                .computeIfAbsent(who(name), k -> new TreeSet<>(points.keySet()))
                .retainAll(points.keySet()));
    lines.forEach(
        (name, points) -> {
          if (!common.get(who(name)).isEmpty()) {
            Rate r = points.get(common.get(who(name)).last());
            byWho.computeIfAbsent(who(name), XYSeries::new).addOrUpdate(r.threads(), r.value());
          }
        });
    byWho.values().removeIf(s -> s.getItemCount() < 2);
    if (byWho.isEmpty()) {
      return null;
    }
    XYSeries peak = new XYSeries("peak");
    peaks.forEach(p -> peak.addOrUpdate(p.threads(), p.value()));
    if (peak.getItemCount() > 1) {
      byWho.put("peak", peak);
    }
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    byWho.forEach(
        (who, series) -> {
          int i = data.getSeriesCount();
          style(renderer, i, i, who.equals("peak") ? 4 : 1);
          if (who.equals("peak")) {
            renderer.setSeriesPaint(i, Svg.INK);
          }
          data.addSeries(series);
        });
    LogAxis threads = new LogAxis("threads");
    threads.setBase(2);
    threads.setTickUnit(new NumberTickUnit(1));
    threads.setNumberFormatOverride(plain());
    threads.setRange(0.9, 1.1 * data.getDomainUpperBound(false));
    return legend(
        Style.chart(new XYPlot(data, threads, rateAxis(unit, data, List.of()), renderer)));
  }

  /** Adds the names of the lines below a picture. */
  static JFreeChart legend(JFreeChart chart) {
    LegendTitle legend = new LegendTitle(chart.getPlot());
    legend.setItemFont(Style.SMALL);
    legend.setItemPaint(Svg.INK);
    legend.setBackgroundPaint(null);
    legend.setFrame(
        new LineBorder(new Color(0, 0, 0, 0), new BasicStroke(0), RectangleInsets.ZERO_INSETS));
    legend.setPosition(RectangleEdge.BOTTOM);
    chart.addLegend(legend);
    return chart;
  }
}
