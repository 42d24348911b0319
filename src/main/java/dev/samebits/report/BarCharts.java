package dev.samebits.report;

import dev.samebits.analysis.Rate;
import dev.samebits.analysis.Ratio;
import dev.samebits.analysis.Summary;
import java.awt.Paint;
import java.awt.geom.Ellipse2D;
import java.util.Arrays;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.IntervalBarRenderer;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.category.DefaultIntervalCategoryDataset;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/** Horizontal bars: throughput and price. The height grows with the number of rows. */
final class BarCharts {
  private static final int ROW = 26;
  private static final int FRAME = 70;

  /** An interval that reaches further than this is drawn to here only. */
  private static final double FURTHEST = 10;

  private BarCharts() {}

  static int height(int rows) {
    return FRAME + ROW * rows;
  }

  /** Throughput of every timed case of one kernel and dtype, error bars of 99.9 %. */
  static JFreeChart throughput(List<Summary.Row> rows) {
    DefaultStatisticalCategoryDataset data = new DefaultStatisticalCategoryDataset();
    for (Summary.Row r : rows) {
      Rate rate = r.rates().get(0);
      Double error = rate.few() ? null : Double.valueOf(rate.error());
      data.add(Double.valueOf(rate.value()), error, "rate", label(r));
    }
    StatisticalBarRenderer renderer =
        new StatisticalBarRenderer() {
          private static final long serialVersionUID = 1L;

          @Override
          public Paint getItemPaint(int series, int item) {
            return Style.colour(rows.get(item).mode());
          }
        };
    plain(renderer);
    renderer.setErrorIndicatorPaint(Svg.INK);
    renderer.setErrorIndicatorStroke(Style.LINE);
    NumberAxis axis = new NumberAxis(rows.get(0).rates().get(0).unit());
    // An interval that reaches below zero is cut off there: no rate is negative.
    double most =
        rows.stream().map(r -> r.rates().get(0)).mapToDouble(BarCharts::reach).max().orElse(1);
    axis.setRange(0, most > 0 ? 1.03 * most : 1);
    return Style.chart(horizontal(new CategoryPlot(data, names(), axis, renderer)));
  }

  /** Where the bar and its interval end; an interval wider than the bar does not set the scale. */
  private static double reach(Rate r) {
    return r.value() + (r.few() ? 0 : Math.min(r.error(), r.value()));
  }

  private static String label(Summary.Row r) {
    int threads = r.rates().get(0).threads();
    return r.shape()
        + "  "
        + r.who()
        + (threads == 0 ? "" : " x" + threads)
        + "  ["
        + Style.letter(r.mode())
        + "]";
  }

  /** Time over that of the fastest nondeterministic variant of the same backend. */
  static JFreeChart price(List<Summary.Row> rows) {
    String[] names = rows.stream().map(BarCharts::priceLabel).toArray(String[]::new);
    Number[][] low = new Number[1][rows.size()];
    Number[][] high = new Number[1][rows.size()];
    DefaultCategoryDataset points = new DefaultCategoryDataset();
    for (int i = 0; i < rows.size(); i++) {
      Ratio r = rows.get(i).price().ratio();
      points.addValue(r.value(), "price", names[i]);
      low[0][i] = Math.max(r.low(), r.value() / FURTHEST);
      high[0][i] = Math.min(r.high(), r.value() * FURTHEST);
    }
    IntervalBarRenderer bars =
        new IntervalBarRenderer() {
          private static final long serialVersionUID = 1L;

          @Override
          public Paint getItemPaint(int series, int item) {
            return Style.colour(rows.get(item).mode());
          }
        };
    plain(bars);
    bars.setMaximumBarWidth(0.3 / rows.size());
    LogAxis axis = new LogAxis("times the time of the fastest nondeterministic variant");
    axis.setBase(2);
    double least = Arrays.stream(low[0]).mapToDouble(Number::doubleValue).min().orElse(1);
    double most = Arrays.stream(high[0]).mapToDouble(Number::doubleValue).max().orElse(1);
    axis.setRange(Math.min(0.5, least / 1.1), Math.max(4, most * 1.1));
    axis.setTickUnit(new NumberTickUnit(axis.getUpperBound() / axis.getLowerBound() > 512 ? 2 : 1));
    axis.setNumberFormatOverride(
        new java.text.DecimalFormat(
            "0.####", java.text.DecimalFormatSymbols.getInstance(java.util.Locale.ROOT)));
    CategoryPlot plot =
        new CategoryPlot(
            new DefaultIntervalCategoryDataset(new String[] {"interval"}, names, low, high),
            names(),
            axis,
            bars);
    LineAndShapeRenderer dots = new LineAndShapeRenderer(false, true);
    dots.setSeriesShape(0, new Ellipse2D.Double(-4, -4, 8, 8));
    dots.setSeriesPaint(0, Svg.INK);
    plot.setDataset(1, points);
    plot.setRenderer(1, dots);
    plot.setDatasetRenderingOrder(org.jfree.chart.plot.DatasetRenderingOrder.FORWARD);
    ValueMarker free = new ValueMarker(1, Svg.INK, Style.LINE);
    plot.addRangeMarker(free, Layer.FOREGROUND);
    return Style.chart(horizontal(plot));
  }

  private static String priceLabel(Summary.Row r) {
    return r.kernel()
        + " "
        + r.dtype()
        + " "
        + r.shape()
        + "  "
        + r.who()
        + "  ["
        + Style.letter(r.mode())
        + "]";
  }

  private static void plain(BarRenderer renderer) {
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(false);
    renderer.setMaximumBarWidth(0.5);
  }

  private static CategoryAxis names() {
    CategoryAxis axis = new CategoryAxis();
    axis.setMaximumCategoryLabelWidthRatio(0.7f);
    axis.setMaximumCategoryLabelLines(1);
    axis.setCategoryMargin(0.25);
    axis.setCategoryLabelPositions(CategoryLabelPositions.STANDARD);
    axis.setLowerMargin(0.01);
    axis.setUpperMargin(0.01);
    return axis;
  }

  private static CategoryPlot horizontal(CategoryPlot plot) {
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    return plot;
  }
}
