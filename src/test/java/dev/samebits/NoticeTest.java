package dev.samebits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** NOTICE names every artifact and native library in the shaded jar, and nothing else. */
class NoticeTest {
  private static final Path NOTICE = Path.of("NOTICE");
  private static final Pattern NOTICE_LINE = Pattern.compile("^([\\w.-]+:[\\w.-]+) {2,}(\\S.*)$");

  /** A line of {@code dependency:list}: group:artifact:type[:classifier]:version:scope. */
  private static final Pattern RESOLVED = Pattern.compile("^ {3}([\\w.-]+:[\\w.-]+):jar:\\S+.*$");

  @Test
  void namesEveryShadedArtifact() throws IOException {
    SortedMap<String, String> resolved = keyed(RESOLVED, resource("/runtime-artifacts.txt"));
    assertTrue(resolved.size() > 40, "resolved artifacts were read: " + resolved.keySet());
    assertEquals(
        String.join("\n", resolved.keySet()),
        String.join("\n", keyed(NOTICE_LINE, Files.readString(NOTICE)).keySet()),
        "left: what is shaded; right: what NOTICE names");
  }

  @Test
  void namesEveryUnpackedLibrary() throws IOException {
    String notice = Files.readString(NOTICE);
    List<String> missing;
    try (Stream<Path> files = Files.walk(Path.of("target/classes/natives"))) {
      missing =
          files
              .map(f -> f.getFileName().toString())
              .filter(f -> f.contains(".so"))
              .map(f -> f.substring(0, f.indexOf(".so")))
              .filter(f -> !notice.contains(f.equals("libopenblas") ? "OpenBLAS" : f))
              .toList();
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void namesNoLicenceThatMayNotBeShipped() throws IOException {
    keyed(NOTICE_LINE, Files.readString(NOTICE))
        .forEach(
            (artifact, licence) ->
                assertFalse(
                    licence.matches("A?GPL-[0-9.]+(-only|-or-later)?"), artifact + ": " + licence));
  }

  @Test
  void givesTheDataItsAttribution() throws IOException {
    String notice = Files.readString(NOTICE);
    for (String part : List.of("E. Alpaydin", "C. Kaynak", "CC BY 4.0", "10.24432/C50P49")) {
      assertTrue(notice.contains(part), part);
    }
  }

  private static SortedMap<String, String> keyed(Pattern pattern, String text) {
    SortedMap<String, String> found = new TreeMap<>();
    text.lines()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .forEach(m -> found.put(m.group(1), m.groupCount() > 1 ? m.group(2) : ""));
    return found;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = NoticeTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
