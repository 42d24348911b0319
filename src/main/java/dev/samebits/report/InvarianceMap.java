package dev.samebits.report;

import dev.samebits.analysis.Outcome;
import dev.samebits.analysis.Summary;
import dev.samebits.result.Record;
import java.awt.Color;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.LookupPaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultXYZDataset;

/** Cases by axes: letters and a colour for each field. */
final class InvarianceMap {
  private static final int NOTHING = 0;
  private static final int SAME = 1;
  private static final int NO_RESULT = 2;
  private static final int VARIES = 3;
  private static final int BROKEN = 4;

  private InvarianceMap() {}

  static int height(int lines) {
    return 54 + 24 * lines;
  }

  /** One line a case. */
  static Map<String, List<Summary.Row>> single(List<Summary.Row> rows) {
    Map<String, List<Summary.Row>> lines = new LinkedHashMap<>();
    for (Summary.Row r : rows) {
      lines.put(
          r.dtype()
              + " "
              + r.shape()
              + " "
              + r.input()
              + "  "
              + r.who()
              + "  ["
              + Style.letter(r.mode())
              + "]",
          List.of(r));
    }
    return lines;
  }

  /** Each line joins its cases: the worst outcome gives the colour. */
  static JFreeChart of(Map<String, List<Summary.Row>> lines) {
    int n = lines.size();
    List<String> axes = ShownAxes.of(lines.values().stream().flatMap(List::stream).toList());
    double[][] xyz = new double[3][n * axes.size()];
    String[] names = new String[n];
    XYPlot plot = new XYPlot();
    int at = 0;
    int y = n;
    for (Map.Entry<String, List<Summary.Row>> line : lines.entrySet()) {
      names[--y] = line.getKey();
      for (int a = 0; a < axes.size(); a++) {
        String axis = axes.get(a);
        List<Record.Verdict> verdicts =
            line.getValue().stream()
                .map(r -> r.verdicts().get(axis))
                .filter(Objects::nonNull)
                .toList();
        xyz[0][at] = a;
        xyz[1][at] = y;
        xyz[2][at++] = verdicts.stream().mapToInt(InvarianceMap::level).max().orElse(NOTHING);
        plot.addAnnotation(text(letters(verdicts), a, y, verdicts.isEmpty()));
      }
    }
    DefaultXYZDataset data = new DefaultXYZDataset();
    data.addSeries("verdicts", xyz);
    return chart(plot, data, axes, names);
  }

  private static XYTextAnnotation text(String letters, int x, int y, boolean empty) {
    XYTextAnnotation text = new XYTextAnnotation(letters, x, y);
    text.setFont(Style.FONT.deriveFont(java.awt.Font.BOLD));
    text.setPaint(empty ? Svg.INK : Color.WHITE);
    text.setTextAnchor(TextAnchor.CENTER);
    return text;
  }

  private static JFreeChart chart(
      XYPlot plot, DefaultXYZDataset data, List<String> axes, String[] names) {
    SymbolAxis x = new SymbolAxis(null, axes.toArray(String[]::new));
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
    scale.add(SAME - 0.5, new Color(0x1f, 0x85, 0x5a));
    scale.add(NO_RESULT - 0.5, new Color(0x6a, 0x70, 0x80));
    scale.add(VARIES - 0.5, new Color(0xb8, 0x52, 0x10));
    scale.add(BROKEN - 0.5, new Color(0xb3, 0x1f, 0x33));
    return scale;
  }

  private static int level(Record.Verdict v) {
    if (Text.broken(v)) {
      return BROKEN;
    }
    return switch (Text.outcome(v)) {
      case IDENTICAL -> SAME;
      case VARIES -> VARIES;
      default -> NO_RESULT;
    };
  }

  /** The worst letter and, of several cases, how many have it. */
  private static String letters(List<Record.Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return "·";
    }
    Record.Verdict worst =
        verdicts.stream().max(Comparator.comparingInt(InvarianceMap::level)).orElseThrow();
    int all = verdicts.size();
    long like = verdicts.stream().filter(v -> level(v) == level(worst)).count();
    return letter(worst) + (all == 1 ? "" : like == all ? " " + all : " " + like + "/" + all);
  }

  /** = same, V varies, ! varies against a promise, else the outcome's first letter. */
  private static String letter(Record.Verdict v) {
    if (Text.broken(v)) {
      return "V !";
    }
    Outcome o = Text.outcome(v);
    return o == Outcome.IDENTICAL ? "=" : o.name().substring(0, 1);
  }
}
