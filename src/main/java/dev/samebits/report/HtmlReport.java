package dev.samebits.report;

import dev.samebits.analysis.Summary;
import dev.samebits.result.WholeFiles;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes {@code report.html}, one file that needs nothing else, and each picture again as {@code
 * pictures/NAME.svg}. Everything that comes from records is escaped.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * What was written.
   *
   * @param report the HTML file
   * @param pictures the pictures
   * @param note why there are no pictures; empty if there are
   */
  public record Written(Path report, List<Path> pictures, String note) {}

  /**
   * Writes the report into a run's folder, replacing an older one.
   *
   * @throws UncheckedIOException naming the file that cannot be written
   */
  public static Written write(Path dir, Summary summary) {
    return write(dir, summary, Pictures::of);
  }

  /** The same with another way to draw, which tests make fail. */
  static Written write(Path dir, Summary summary, Function<Summary, List<Figure>> draw) {
    System.setProperty("java.awt.headless", "true");
    List<Figure> figures = List.of();
    String note = "";
    try {
      figures = draw.apply(summary);
    } catch (LinkageError | InternalError | RuntimeException e) {
      note = "no pictures: " + reason(e);
    }
    Path report = dir.resolve("report.html");
    save(report, html(summary, figures, note));
    Path folder = dir.resolve("pictures");
    if (!figures.isEmpty()) {
      makeFolder(folder);
    }
    List<Path> pictures =
        figures.stream()
            .map(
                f -> {
                  Path file = folder.resolve(f.name() + ".svg");
                  save(file, Svg.file(f.svg()));
                  return file;
                })
            .toList();
    return new Written(report, pictures, note);
  }

  /** AWT without fonts, fontconfig or its native libraries fails in many ways; see the tests. */
  private static String reason(Throwable e) {
    boolean fonts = e instanceof LinkageError || e instanceof InternalError;
    Throwable root = e;
    while (true) {
      for (StackTraceElement frame : root.getStackTrace()) {
        fonts |= frame.getClassName().startsWith("sun.awt.") || isFont(frame.getClassName());
      }
      if (root.getCause() == null || root.getCause() == root) {
        break;
      }
      root = root.getCause();
    }
    String message =
        root.getMessage() == null ? "" : ": " + root.getMessage().lines().findFirst().orElse("");
    return fonts
        ? "drawing needs AWT with fonts, and it failed with "
            + root.getClass().getSimpleName()
            + message
            + "; install fontconfig and a font (fonts-dejavu-core)"
        : "a fault in drawing, please report it: " + root.getClass().getSimpleName() + message;
  }

  private static boolean isFont(String className) {
    return className.startsWith("sun.font.") || className.startsWith("java.awt.Font");
  }

  /** A link, in a folder that someone else made, could lead out of it. */
  private static void makeFolder(Path folder) {
    try {
      if (Files.isSymbolicLink(folder)) {
        throw new IOException("it is a link; remove it");
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  private static void save(Path file, String text) {
    try {
      WholeFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e, e);
    }
  }

  private static String html(Summary summary, List<Figure> figures, String note) {
    Configuration c = new Configuration(Configuration.VERSION_2_3_34);
    c.setClassLoaderForTemplateLoading(HtmlReport.class.getClassLoader(), "report");
    c.setDefaultEncoding(StandardCharsets.UTF_8.name());
    c.setLocale(Locale.ROOT);
    c.setNumberFormat("computer");
    c.setLogTemplateExceptions(false);
    c.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    Map<String, Object> model = new HashMap<>();
    model.put("s", summary);
    model.put("page", new Page(summary));
    model.put("figures", figures);
    model.put("note", note);
    StringWriter out = new StringWriter();
    try {
      c.getTemplate("report.ftlh").process(model, out);
    } catch (IOException | TemplateException e) {
      throw new IllegalStateException("cannot render report.ftlh: " + e.getMessage(), e);
    }
    return out.toString();
  }
}
