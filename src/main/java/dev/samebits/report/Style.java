package dev.samebits.report;

import dev.samebits.kernel.Mode;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Stroke;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;

/** Colours, letters and fonts of the pictures: mid tones that read on white and on black. */
final class Style {
  static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  static final Color ORANGE = new Color(0xd9, 0x6a, 0x1d);
  static final Color BLUE = new Color(0x3f, 0x86, 0xd6);
  static final Color GREEN = new Color(0x2f, 0x9e, 0x6e);
  static final Color RED = new Color(0xd6, 0x3b, 0x4a);
  static final Color GREY = new Color(0x8a, 0x90, 0xa0);
  static final Stroke LINE = new BasicStroke(1.2f);

  private Style() {}

  /** One colour per mode. */
  static Color colour(String mode) {
    return mode.equals(Mode.NONDETERMINISTIC.id())
        ? ORANGE
        : mode.equals(Mode.DETERMINISTIC.id())
            ? BLUE
            : mode.equals(Mode.REPRODUCIBLE.id()) ? GREEN : GREY;
  }

  /** One letter per mode: N, D or R. */
  static String letter(String mode) {
    return mode.isEmpty() ? "?" : mode.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
  }

  /** A chart without title, legend and background. */
  static JFreeChart chart(Plot plot) {
    JFreeChart chart = new JFreeChart(null, FONT, plot, false);
    chart.setBackgroundPaint(null);
    chart.setPadding(new org.jfree.chart.ui.RectangleInsets(4, 4, 4, 14));
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    if (plot instanceof CategoryPlot p) {
      axis(p.getDomainAxis());
      axis(p.getRangeAxis());
      p.setRangeGridlinePaint(Svg.FAINT);
    } else if (plot instanceof XYPlot p) {
      axis(p.getDomainAxis());
      axis(p.getRangeAxis());
      p.setRangeGridlinePaint(Svg.FAINT);
      p.setDomainGridlinePaint(Svg.FAINT);
    }
    return chart;
  }

  static void axis(Axis axis) {
    if (axis == null) {
      return;
    }
    axis.setLabelPaint(Svg.INK);
    axis.setTickLabelPaint(Svg.INK);
    axis.setAxisLinePaint(Svg.FAINT);
    axis.setTickMarkPaint(Svg.FAINT);
    axis.setLabelFont(FONT);
    axis.setTickLabelFont(SMALL);
    if (axis instanceof ValueAxis v) {
      v.setMinorTickMarksVisible(false);
    }
    if (axis instanceof NumberAxis n && !(axis instanceof SymbolAxis)) {
      n.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
    }
  }
}
