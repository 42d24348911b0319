package dev.samebits.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.analysis.RunFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConsoleTableTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/report/console-table.txt");

  private static String render(boolean ansi) {
    return ConsoleTable.render(
        SampleRun.summary(),
        ansi,
        Path.of("results/report.html"),
        Path.of("results/records.jsonl"));
  }

  @Test
  void isTheGoldenTextInEveryLocale() throws IOException {
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, render(false), StandardCharsets.UTF_8);
    }
    String golden = Files.readString(GOLDEN, StandardCharsets.UTF_8);
    Locale before = Locale.getDefault();
    try {
      for (String tag : List.of("und", "de-DE", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertEquals(golden, render(false), tag);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void isPlainAsciiAndFits() {
    for (String line : render(false).split("\n")) {
      assertTrue(line.matches("[\\x20-\\x7e]*"), line);
      assertTrue(line.length() <= ConsoleTable.WIDTH, line.length() + ": " + line);
    }
  }

  @Test
  void colourAddsNothingButColour() {
    String coloured = render(true);
    assertTrue(coloured.contains("\u001b[1;31mVARIES (37)\u001b[0m"));
    assertEquals(render(false), coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
  }

  @Test
  void controlCharactersInRecordsAreShownNotSent() {
    String text =
        ConsoleTable.render(
            new RunFixture()
                .failure("x\u001b[2J", "", "capture", 0, "FAILED", "a\nb\u0007")
                .summary(),
            false,
            null,
            null);
    assertFalse(text.contains("\u001b"));
    assertTrue(text.contains("FAILED x?[2J: a?b?"), text);
  }

  @Test
  void aBrokenPromiseShowsWithoutTiming() {
    String id = "sum/f32/n9/jvm/serial/wide@1";
    String text =
        ConsoleTable.render(
            new RunFixture()
                .variant("sum", "jvm", "serial", "deterministic", RunFixture.RUN_TO_RUN)
                .capture(id, "threads=1", 0, 100, 1, "a", "b")
                .summary(),
            false,
            null,
            null);
    assertTrue(
        text.contains("sum f32 n9 wide@1\n jvm serial: repeat VARIES (2) !, worst 1 ULP\n"), text);
  }

  @Test
  void fewSamplesHaveNoInterval() {
    RunFixture run =
        new RunFixture().timing("sum/f32/n1000/jvm/serial/wide@1", "", 0, "a", 900.0, 1100.0);
    String text = ConsoleTable.render(run.summary(), false, null, null);
    assertTrue(text.contains(" 4.00 (2 samples) "), text);
    assertTrue(text.contains("too few for an interval"), text);
    assertFalse(render(false).contains("too few for an interval"));
  }
}
