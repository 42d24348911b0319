package dev.samebits.report;

import dev.samebits.analysis.Front;
import dev.samebits.analysis.Level;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.renderer.xy.XYStepRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Throughput against error: one point a variant, coloured by what its bits were seen to do. */
final class FrontChart {
  /** Errors below this, the exact ones among them, are drawn here: the axis is logarithmic. */
  static final double LEAST_ERROR = 0.1;

  private FrontChart() {}

  static JFreeChart of(Front front) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer points = new XYLineAndShapeRenderer(false, true);
    XYPlot plot = new XYPlot();
    for (Level level : Level.values()) {
      XYSeries series = new XYSeries(level.words());
      front.points().stream()
          .filter(p -> p.level() == level)
          .forEach(p -> series.add(error(p), p.rate()));
      if (!series.isEmpty()) {
        points.setSeriesPaint(data.getSeriesCount(), colour(level));
        points.setSeriesShape(data.getSeriesCount(), shape(level));
        data.addSeries(series);
      }
    }
    LogAxis error = errorAxis(front);
    LogAxis rate = rateAxis(front);
    names(plot, front.points(), Math.sqrt(error.getLowerBound() * error.getUpperBound()));
    plot.setDomainAxis(error);
    plot.setRangeAxis(rate);
    plot.setDataset(0, line(front, error.getUpperBound(), rate.getLowerBound()));
    plot.setRenderer(0, lineRenderer());
    plot.setDataset(1, data);
    plot.setRenderer(1, points);
    return ScalingCharts.legend(Style.chart(plot));
  }

  private static double error(Front.Point p) {
    return Math.max(LEAST_ERROR, p.error());
  }

  /** What can be had: at most this fast at an error of at most so many ULPs. */
  private static XYSeriesCollection line(Front front, double rightmost, double lowest) {
    XYSeries line = new XYSeries("Pareto front", true);
    front.points().stream().filter(Front.Point::front).forEach(p -> line.add(error(p), p.rate()));
    line.add(line.getMinX(), lowest);
    line.add(rightmost, line.getMaxY());
    return new XYSeriesCollection(line);
  }

  private static XYStepRenderer lineRenderer() {
    XYStepRenderer steps = new XYStepRenderer();
    steps.setSeriesPaint(0, Svg.INK);
    steps.setSeriesStroke(
        0, new BasicStroke(1.2f, BasicStroke.CAP_BUTT, 1, 10, new float[] {6, 4}, 0));
    return steps;
  }

  private static void names(XYPlot plot, List<Front.Point> points, double middle) {
    for (Front.Point p : points) {
      boolean left = error(p) > middle;
      XYTextAnnotation name =
          new XYTextAnnotation(left ? p.who() + "   " : "   " + p.who(), error(p), p.rate());
      name.setTextAnchor(left ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
      name.setFont(p.front() ? Style.SMALL.deriveFont(java.awt.Font.BOLD) : Style.SMALL);
      name.setPaint(Svg.INK);
      plot.addAnnotation(name);
    }
  }

  private static LogAxis errorAxis(Front front) {
    double most = front.points().stream().mapToDouble(FrontChart::error).max().orElse(1);
    LogAxis axis = new LogAxis("largest error against the exact result, ULP (log)");
    axis.setBase(10);
    axis.setTickUnit(new NumberTickUnit(most > 1e6 ? 2 : 1));
    axis.setNumberFormatOverride(
        new DecimalFormat(
            most > 1e6 ? "0E0" : "0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)));
    axis.setRange(LEAST_ERROR / 1.5, 3 * most);
    return axis;
  }

  private static LogAxis rateAxis(Front front) {
    double low = front.points().stream().mapToDouble(Front.Point::rate).min().orElse(1);
    double high = front.points().stream().mapToDouble(Front.Point::rate).max().orElse(1);
    LogAxis axis = new LogAxis(front.points().get(0).unit() + " (log)");
    axis.setBase(10);
    axis.setTickUnit(new NumberTickUnit(high / low > 30 ? 1 : 0.30103));
    axis.setNumberFormatOverride(
        new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)));
    axis.setRange(low / 1.6, high * 1.6);
    return axis;
  }

  static Color colour(Level level) {
    return switch (level) {
      case VARIES -> Style.ORANGE;
      case RUN_TO_RUN -> Style.BLUE;
      case ALL_TRIED -> Style.GREEN;
      case UNKNOWN -> Style.GREY;
    };
  }

  /** Colour is not the only signal. */
  private static Shape shape(Level level) {
    return switch (level) {
      case VARIES -> triangle();
      case RUN_TO_RUN -> new Rectangle2D.Double(-5, -5, 10, 10);
      case ALL_TRIED -> new Ellipse2D.Double(-6, -6, 12, 12);
      case UNKNOWN -> new Rectangle2D.Double(-3, -3, 6, 6);
    };
  }

  private static Shape triangle() {
    Path2D.Double p = new Path2D.Double();
    p.moveTo(0, -7);
    p.lineTo(7, 5);
    p.lineTo(-7, 5);
    p.closePath();
    return p;
  }
}
