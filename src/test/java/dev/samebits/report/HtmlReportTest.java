package dev.samebits.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.samebits.analysis.RunFixture;
import dev.samebits.analysis.Summary;
import dev.samebits.result.Codec;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class HtmlReportTest {
  @TempDir Path dir;

  private String html(Summary summary) throws Exception {
    return Files.readString(HtmlReport.write(dir, summary).report());
  }

  @Test
  void isUnavailableWhereWhatItRendersWithIsLeftOut() {
    assertTrue(Rendering.available());
    assertFalse(Rendering.available(ClassLoader.getPlatformClassLoader()));
  }

  @Test
  void needsNothingFromOutside() throws Exception {
    String html = html(SampleRun.summary());
    assertFalse(html.contains("<script"), "a script");
    assertFalse(html.contains("<link"), "a linked resource");
    Matcher m = Pattern.compile("(?:src|href)=[\"']?([^\"' >]*)|url\\(([^)]*)\\)").matcher(html);
    while (m.find()) {
      String target = m.group(1) == null ? m.group(2) : m.group(1);
      assertTrue(target.replace("'", "").startsWith("#"), "refers to " + target);
    }
  }

  @Test
  void everyFigureSaysHowItWasMadeAndWhatItDoesNotShow() throws Exception {
    String html = html(SampleRun.summary());
    Matcher m = Pattern.compile("(?s)<figcaption>(.*?)</figcaption>").matcher(html);
    int figures = 0;
    while (m.find()) {
      figures++;
      assertTrue(m.group(1).startsWith("Made by: java -jar benchmarks.jar"), m.group(1));
      assertTrue(m.group(1).contains("oes not show"), m.group(1));
    }
    assertEquals(figures, html.split("<svg").length - 1);
    for (String name :
        List.of("throughput-matmul-f32", "price", "map-sum", "ulp-1", "divergence-")) {
      assertTrue(html.contains("id=\"" + name), "figure " + name);
    }
  }

  @Test
  void picturesAreWellFormedFilesWithIdsOfTheirOwn() throws Exception {
    HtmlReport.Written w = HtmlReport.write(dir, SampleRun.summary());
    Set<String> ids = new HashSet<>();
    for (Path p : w.pictures()) {
      String svg = Files.readString(p);
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
      Matcher m = Pattern.compile(" id=\"([^\"]*)\"").matcher(svg);
      while (m.find()) {
        assertTrue(ids.add(m.group(1)), p + " repeats the id " + m.group(1));
      }
      assertTrue(svg.contains("currentColor"), p + " ignores the page's ink");
    }
    assertEquals("", w.note());
  }

  @Test
  void hostileRecordsStayText() throws Exception {
    String evil = "<script>alert(1)</script>\"'><img src=x>";
    RunFixture run =
        new RunFixture()
            .variant("sum", "jvm", "serial", "nondeterministic", List.of())
            .timing("sum/f32/n9/jvm/serial/wide@1", "", 0, evil, 1.0, 2.0)
            .failure("sum/f32/n9/jvm/serial/wide@1", "", "capture", 0, "FAILED", evil)
            .failure(evil, evil, evil, 0, evil, evil)
            .skip(evil, evil, evil, evil, evil)
            .backend(evil, evil)
            .bound("sum/f32/n9/jvm/serial/wide@1", evil, evil, evil);
    String html = html(run.summary());
    assertFalse(html.contains("<script"), "a script came through");
    assertFalse(html.contains("<img"), "an element came through");
    assertTrue(html.contains("&lt;script&gt;"));
  }

  @Test
  void aServerWithoutFontsGetsEverythingButPictures() throws Exception {
    for (Throwable t :
        List.of(
            new InternalError("java.lang.reflect.InvocationTargetException"),
            new NoClassDefFoundError("Could not initialize class sun.awt.X11FontManager"),
            new UnsatisfiedLinkError("libfreetype.so.6: cannot open shared object file"),
            inside("sun.awt.FontConfiguration", new NullPointerException()),
            inside("sun.awt.FontConfiguration", new RuntimeException("Fontconfig head is null")))) {
      HtmlReport.Written w =
          HtmlReport.write(
              dir,
              SampleRun.summary(),
              s -> {
                throw HtmlReportTest.<RuntimeException>sneaky(t);
              });
      String html = Files.readString(w.report());
      assertEquals(List.of(), w.pictures());
      assertTrue(w.note().startsWith("no pictures: drawing needs AWT with fonts"), w.note());
      assertFalse(w.note().contains("\n"), w.note());
      assertTrue(html.contains("openblas single_thread") && html.contains("no pictures: "));
      assertFalse(html.contains("<svg"));
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable t) throws T {
    throw (T) t;
  }

  private static Throwable inside(String className, Throwable t) {
    t.setStackTrace(new StackTraceElement[] {new StackTraceElement(className, "init", null, 1)});
    return t;
  }

  @Test
  void aFaultInDrawingIsCalledOne() {
    HtmlReport.Written w =
        HtmlReport.write(
            dir,
            SampleRun.summary(),
            s -> {
              throw new IllegalArgumentException("a bug");
            });
    assertEquals(
        "no pictures: a fault in drawing, please report it: IllegalArgumentException: a bug",
        w.note());
  }

  @Test
  void memoryThatRunsOutIsNotCalledAFont() {
    assertThrows(
        OutOfMemoryError.class,
        () ->
            HtmlReport.write(
                dir,
                SampleRun.summary(),
                s -> {
                  throw new OutOfMemoryError("heap");
                }));
  }

  @Test
  void anEmptyRunHasAReportToo() throws Exception {
    assertTrue(html(new RunFixture().summary()).contains("No case was measured."));
  }

  @Test
  void sayWhichFileCannotBeWritten() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> HtmlReport.write(file, SampleRun.summary()));
    assertTrue(e.getMessage().startsWith("cannot write " + file), e.getMessage());
  }

  @Test
  void linksInTheFolderAreNotFollowed() throws Exception {
    Path mine = Files.writeString(Files.createDirectory(dir.resolve("mine")).resolve("f"), "mine");
    Path run = Files.createDirectory(dir.resolve("run"));
    String pid = "." + ProcessHandle.current().pid();
    for (String name : List.of("report.html", "report.html.part", ".report.html" + pid)) {
      Files.createSymbolicLink(run.resolve(name), mine);
    }
    Path report = HtmlReport.write(run, SampleRun.summary()).report();
    assertTrue(Files.isRegularFile(report, LinkOption.NOFOLLOW_LINKS));
    assertEquals("mine", Files.readString(mine));
  }

  @Test
  void aPicturesFolderThatIsALinkIsRefused() throws Exception {
    Path mine = Files.createDirectory(dir.resolve("mine"));
    Path run = Files.createDirectory(dir.resolve("run"));
    Files.createSymbolicLink(run.resolve("pictures"), mine);
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> HtmlReport.write(run, SampleRun.summary()));
    assertTrue(e.getMessage().contains("pictures: it is a link"), e.getMessage());
    assertEquals(0, mine.toFile().list().length);
  }

  @Test
  void sameInEveryLocale() throws Exception {
    Locale before = Locale.getDefault();
    String root = html(SampleRun.summary());
    try {
      for (String tag : List.of("de-DE", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertEquals(root, html(SampleRun.summary()), tag);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void jsonHoldsTheSameFigures() throws Exception {
    Summary s = SampleRun.summary();
    JsonNode json = Codec.mapper().readTree(ReportJson.of(s));
    assertEquals(s.rows().size(), json.get("rows").size());
    JsonNode row = json.get("rows").get(1);
    assertEquals(s.rows().get(1).caseId(), row.get("caseId").asText());
    assertEquals(
        s.rows().get(1).rates().get(0).value(), row.get("rates").get(0).get("value").asDouble());
    assertEquals(s.conclusion().size(), json.get("conclusion").size());
    assertTrue(
        json.get("conclusion").get(2).asText().startsWith("OTHER bits from run to run: nd4j"),
        json.get("conclusion").toString());
    assertEquals(s.libraries().size(), json.get("libraries").size());
  }

  @Test
  void barsCurvesAndFrontsAreShown() throws Exception {
    HtmlReport.write(dir, SampleRun.summary());
    String html = Files.readString(dir.resolve("report.html"));
    assertTrue(html.contains("<h2>Speed bars</h2>"));
    assertTrue(html.contains("<td>speed &gt;= 1.00, each &gt;= 0.90</td>"), "what is asked");
    assertTrue(html.contains(">MISSED</td>") && html.contains(">met</td>"), "outcomes");
    assertTrue(html.contains(">not measured</td>"));
    for (String name :
        List.of("scaling-matmul-f32", "threads-matmul-f32", "front-matmul-f32-m512n512k512")) {
      assertTrue(html.contains("<figure id=\"" + name), name);
    }
    String curves = Files.readString(dir.resolve("pictures/scaling-matmul-f32.svg"));
    assertTrue(curves.contains("arithmetic x2"), "the machine's peak");
    assertTrue(curves.contains("jvm canonical x2 isa=avx2"), "a setting is a line of its own");
    assertTrue(html.contains("same bits on every axis tried: "), "the price of each level");
  }
}
