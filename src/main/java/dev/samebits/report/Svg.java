package dev.samebits.report;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.jfree.chart.JFreeChart;
import org.w3c.dom.Document;

/** Charts as SVG text. */
final class Svg {
  /**
   * Drawn in these two colours, lines and letters become the page's own ink and rules its faint
   * ink, so that one picture reads well on a light and on a dark page.
   */
  static final Color INK = new Color(1, 2, 3);

  /** See {@link #INK}. */
  static final Color FAINT = new Color(4, 5, 6);

  private static final char MARK = '\uE000';

  private static final Pattern MEASURED =
      Pattern.compile("<text\\b([^>]*)>\\uE000([0-9.]+)\\uE000");

  private static final Pattern BREAK = Pattern.compile("\\s*\\n\\s*(/?>)");

  /** A block's edge in the block's own colour, which the map's renderer always draws. */
  private static final Pattern EDGE = Pattern.compile("<rect(?=[^>]* fill=\"none\")[^>]*/>");

  private static final Pattern DEFAULT =
      Pattern.compile(
          " (?:xml:space|text-rendering|color-interpolation|color-rendering|image-rendering"
              + "|shape-rendering)=\"[^\"]*\"");
  private static final Pattern DIGITS = Pattern.compile("(\\.[0-9]{2})[0-9]+(?=[ \"])");

  private static final String STANDALONE =
      "<style>svg{color:#1d2330;background:#fff}"
          + "text{paint-order:stroke;stroke:#fff;stroke-width:3px}"
          + "@media(prefers-color-scheme:dark){svg{color:#e6e8ee;background:#14171d}"
          + "text{stroke:#14171d}}</style>";

  private Svg() {}

  /**
   * Puts the width of each text before it. A reader's browser has other fonts than the machine that
   * drew the picture; with its width given, a text still ends where it was meant to.
   */
  private static final class Measured extends SVGGraphics2D {
    Measured(SVGGeneratorContext context) {
      super(context, false);
    }

    @Override
    public void drawString(String s, float x, float y) {
      double width = getFont().getStringBounds(s, getFontRenderContext()).getWidth();
      super.drawString(
          s.isBlank() ? s : String.format(Locale.ROOT, "%c%.1f%c%s", MARK, width, MARK, s), x, y);
    }
  }

  /** An {@code svg} element without prologue; {@code name} keeps its ids apart from others'. */
  static String of(JFreeChart chart, int width, int height, String name, String title) {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setComment(" ");
    context.setIDGenerator(
        new SVGIDGenerator() {
          @Override
          public String generateID(String prefix) {
            return name + "-" + super.generateID(prefix);
          }
        });
    SVGGraphics2D g = new Measured(context);
    g.setSVGCanvasSize(new Dimension(width, height));
    chart.draw(g, new Rectangle2D.Double(0, 0, width, height));
    StringWriter out = new StringWriter();
    try {
      g.stream(out, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String svg = out.toString().replace("genericDefs", name + "-defs");
    svg = svg.substring(svg.indexOf("<svg")).replace("rgb(1,2,3)", "currentColor");
    svg = svg.replace("rgb(4,5,6)", "#8a90a0").replaceAll("(?s)<!--.*?-->", "");
    svg =
        MEASURED
            .matcher(svg)
            .replaceAll("<text textLength=\"$2\" lengthAdjust=\"spacingAndGlyphs\"$1>");
    svg = small(svg, width, height);
    return svg.replaceFirst(
        "<svg",
        "<svg role=\"img\" aria-label=\""
            + escape(title)
            + "\" viewBox=\"0 0 "
            + width
            + " "
            + height
            + "\"");
  }

  /** Without what draws nothing: line breaks inside tags, defaults, the clip at the canvas. */
  private static String small(String svg, int width, int height) {
    svg = BREAK.matcher(svg).replaceAll("$1");
    Matcher canvas =
        Pattern.compile(
                "<clipPath[^>]* id=\"([^\"]+)\"[^>]*><path d=\"M0 0 L"
                    + width
                    + " 0 L"
                    + width
                    + " "
                    + height
                    + " L0 "
                    + height)
            .matcher(svg);
    while (canvas.find()) {
      svg = svg.replace(" clip-path=\"url(#" + canvas.group(1) + ")\"", "");
    }
    svg = svg.replaceAll("(<text\\b[^>]*?) clip-path=\"[^\"]*\"", "$1");
    svg = EDGE.matcher(svg).replaceAll("");
    svg = DEFAULT.matcher(svg).replaceAll("");
    return DIGITS.matcher(svg).replaceAll("$1");
  }

  /** The same element as a file of its own. */
  static String file(String svg) {
    int end = svg.indexOf('>') + 1;
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + svg.substring(0, end)
        + STANDALONE
        + svg.substring(end);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("$", "&#36;");
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }
}
