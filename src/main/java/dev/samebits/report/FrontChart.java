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
import java.util.ArrayList;
import java.util.Comparator;
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

  // Sizes in pixels, near enough to keep names apart.
  private static final double WIDTH = 780;
  private static final double HEIGHT = 330;
  private static final double LETTER = 7.5;
  private static final double LINE = 15;
  private static final double GAP = 10;

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
    names(plot, front.points(), error, rate);
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
    List<Front.Point> best =
        front.points().stream()
            .filter(Front.Point::front)
            .sorted(Comparator.comparingDouble(FrontChart::error))
            .toList();
    XYSeries line = new XYSeries("Pareto front", false);
    line.add(error(best.get(0)), lowest);
    best.forEach(p -> line.add(error(p), p.rate()));
    line.add(rightmost, best.get(best.size() - 1).rate());
    return new XYSeriesCollection(line);
  }

  private static XYStepRenderer lineRenderer() {
    XYStepRenderer steps = new XYStepRenderer();
    steps.setSeriesPaint(0, Svg.INK);
    steps.setSeriesStroke(
        0, new BasicStroke(1.2f, BasicStroke.CAP_BUTT, 1, 10, new float[] {6, 4}, 0));
    return steps;
  }

  /**
   * Names beside their points, above the line of the front, moved down where they would lie on one
   * another.
   */
  private static void names(XYPlot plot, List<Front.Point> points, LogAxis error, LogAxis rate) {
    List<Rectangle2D> taken = new ArrayList<>();
    for (Front.Point p : points) {
      double x = WIDTH * place(error, error(p));
      double y = HEIGHT * (1 - place(rate, p.rate()));
      double width = LETTER * p.who().length();
      boolean left = x + GAP + width > WIDTH;
      x += left ? -GAP - width : GAP;
      Rectangle2D box = new Rectangle2D.Double(x, y - LINE, width, LINE);
      while (taken.stream().anyMatch(box::intersects)) {
        box = new Rectangle2D.Double(x, box.getY() + LINE / 2, width, LINE);
      }
      taken.add(box);
      XYTextAnnotation name =
          new XYTextAnnotation(
              p.who(),
              value(error, (left ? x + width : x) / WIDTH),
              value(rate, 1 - box.getCenterY() / HEIGHT));
      name.setTextAnchor(left ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
      name.setFont(p.front() ? Style.SMALL.deriveFont(java.awt.Font.BOLD) : Style.SMALL);
      name.setPaint(Svg.INK);
      plot.addAnnotation(name);
    }
  }

  /** Where on a logarithmic axis a value lies, 0 to 1. */
  private static double place(LogAxis axis, double value) {
    return Math.log(value / axis.getLowerBound())
        / Math.log(axis.getUpperBound() / axis.getLowerBound());
  }

  private static double value(LogAxis axis, double place) {
    return axis.getLowerBound() * Math.pow(axis.getUpperBound() / axis.getLowerBound(), place);
  }

  private static LogAxis errorAxis(Front front) {
    double least = front.points().stream().mapToDouble(FrontChart::error).min().orElse(1);
    double most = front.points().stream().mapToDouble(FrontChart::error).max().orElse(1);
    LogAxis axis = new LogAxis("largest error against the exact result, ULP (log)");
    axis.setBase(10);
    axis.setTickUnit(new NumberTickUnit(most > 1e6 ? 2 : 1));
    axis.setNumberFormatOverride(
        new DecimalFormat(
            most > 1e6 ? "0E0" : "0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)));
    axis.setRange(least == LEAST_ERROR ? least / 1.5 : least / 3, 3 * most);
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
