package dev.samebits.report;

import dev.samebits.analysis.Outcome;
import dev.samebits.analysis.Summary;
import dev.samebits.metric.Divergence;
import dev.samebits.result.Record;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.TreeSet;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.LookupPaintScale;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.DefaultXYZDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Pictures of where, by how much and from when on bits differ. */
final class DifferenceCharts {
  static final List<String> AXES = List.of("repeat", "process", "threads", "load");
  private static final float[][] DASHES = {null, {8, 4}, {2, 4}, {10, 3, 2, 3}};

  private DifferenceCharts() {}

  /** Case by axis: a letter and a colour for each verdict. */
  static JFreeChart map(List<Summary.Row> rows) {
    int n = rows.size();
    double[][] xyz = new double[3][n * AXES.size()];
    String[] names = new String[n];
    SymbolAxis x = new SymbolAxis(null, AXES.toArray(String[]::new));
    XYPlot plot = new XYPlot();
    for (int i = 0; i < n; i++) {
      Summary.Row r = rows.get(i);
      names[n - 1 - i] =
          r.dtype() + " " + r.shape() + "  " + r.who() + "  [" + Style.letter(r.mode()) + "]";
      for (int a = 0; a < AXES.size(); a++) {
        Record.Verdict v = r.verdicts().get(AXES.get(a));
        int at = i * AXES.size() + a;
        xyz[0][at] = a;
        xyz[1][at] = n - 1 - i;
        xyz[2][at] = level(v);
        XYTextAnnotation text = new XYTextAnnotation(letter(v), a, n - 1 - i);
        text.setFont(Style.FONT.deriveFont(java.awt.Font.BOLD));
        text.setPaint(v == null ? Svg.INK : Color.WHITE);
        text.setTextAnchor(TextAnchor.CENTER);
        plot.addAnnotation(text);
      }
    }
    DefaultXYZDataset data = new DefaultXYZDataset();
    data.addSeries("verdicts", xyz);
    SymbolAxis y = new SymbolAxis(null, names);
    y.setGridBandsVisible(false);
    x.setGridBandsVisible(false);
    XYBlockRenderer blocks = new XYBlockRenderer();
    blocks.setBlockAnchor(RectangleAnchor.CENTER);
    blocks.setBlockWidth(0.94);
    blocks.setBlockHeight(0.86);
    blocks.setPaintScale(scale());
    plot.setDataset(data);
    plot.setDomainAxis(x);
    plot.setRangeAxis(y);
    plot.setRenderer(blocks);
    plot.setDomainAxisLocation(AxisLocation.TOP_OR_LEFT);
    JFreeChart chart = Style.chart(plot);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinesVisible(false);
    return chart;
  }

  private static LookupPaintScale scale() {
    LookupPaintScale scale = new LookupPaintScale(-0.5, 4.5, new Color(0, 0, 0, 0));
    scale.add(0.5, new Color(0x1f, 0x85, 0x5a));
    scale.add(1.5, new Color(0xb8, 0x52, 0x10));
    scale.add(2.5, new Color(0xb3, 0x1f, 0x33));
    scale.add(3.5, new Color(0x6a, 0x70, 0x80));
    return scale;
  }

  private static int level(Record.Verdict v) {
    if (v == null) {
      return 0;
    } else if (Text.broken(v)) {
      return 3;
    }
    return switch (Text.outcome(v)) {
      case IDENTICAL -> 1;
      case VARIES -> 2;
      default -> 4;
    };
  }

  /** = same, V varies, ! varies against a promise, else the outcome's first letter. */
  static String letter(Record.Verdict v) {
    if (v == null) {
      return "·";
    } else if (Text.broken(v)) {
      return "V !";
    }
    Outcome o = Text.outcome(v);
    return o == Outcome.IDENTICAL ? "=" : o.name().substring(0, 1);
  }

  /** Share of the differing elements by ULP class, of one case. */
  static JFreeChart histogram(Summary.Difference d) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    double total = d.histogram().values().stream().mapToLong(Long::longValue).sum();
    TreeSet<String> classes = new TreeSet<>(Divergence.CLASS_ORDER);
    classes.addAll(d.histogram().keySet());
    for (String c : classes) {
      data.addValue(100 * d.histogram().get(c) / total, "share", c);
    }
    BarRenderer renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setSeriesPaint(0, Style.BLUE);
    renderer.setMaximumBarWidth(0.12);
    CategoryAxis axis = new CategoryAxis("ULP distance");
    axis.setMaximumCategoryLabelWidthRatio(2f);
    NumberAxis share = new NumberAxis("% of elements");
    share.setRange(0, 100);
    return Style.chart(new CategoryPlot(data, axis, share, renderer));
  }

  /** L2 distance of the weights by step, both logarithmic; steps at distance 0 have no point. */
  static JFreeChart divergence(List<Record.Training> runs) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
    XYPlot plot = new XYPlot();
    for (Record.Training t : runs) {
      XYSeries series = new XYSeries(t.mode());
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
    plot.setDataset(data);
    plot.setDomainAxis(step);
    plot.setRangeAxis(distance);
    plot.setRenderer(lines);
    return Style.chart(plot);
  }
}
