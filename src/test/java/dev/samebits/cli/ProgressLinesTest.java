package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.samebits.plan.Estimate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Progress in a pipe. */
class ProgressLinesTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong(-5 * SECOND); // nanoTime may be negative
  private final ProgressLines lines =
      new ProgressLines(new PrintStream(bytes, true, StandardCharsets.UTF_8), clock::get);

  private List<String> printed() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void oneLineAPhaseAndOneInTenSeconds() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      lines.begin(120, 7, 185);
      lines.progress("capture: a", 7, 184);
      lines.progress("capture: b", 8, 183);
      clock.addAndGet(9 * SECOND);
      lines.progress("capture: c", 9, 175);
      clock.addAndGet(SECOND);
      lines.progress("capture: d", 10, 174.6);
      lines.progress("timing: a", 11, 59);
      lines.note("backend nd4j is unavailable: no such library");
      lines.end();
    } finally {
      Locale.setDefault(before);
    }
    assertEquals(
        List.of(
            "120 units of work, 7 of them already measured, about 3 min 05 s",
            "[  7/120] capture: a, about 3 min 04 s left",
            "[ 10/120] capture: d, about 2 min 55 s left",
            "[ 11/120] timing: a, about 59 s left",
            "backend nd4j is unavailable: no such library"),
        printed());
  }

  @Test
  void namesWithoutAPhaseDoNotFloodTheLog() {
    lines.begin(1000, 0, 60);
    for (int i = 0; i < 1000; i++) {
      clock.addAndGet(SECOND / 20);
      lines.progress("matmul/f32/m" + i + "n1k1/jvm/canonical/normal@1", i, 60 - i * 0.05);
    }
    assertEquals(1 + 5, printed().size(), printed().toString());
    printed().forEach(l -> assertFalse(l.chars().anyMatch(Character::isISOControl), l));
  }

  @ParameterizedTest
  @CsvSource({
    "sum/f32/n64/jvm/canonical/normal@1, sum f32 jvm canonical",
    "mlp/digits/reproducible, mlp/digits/reproducible",
    "conv2d_backward_filter/f32/n1c1h9w9k2r3s3/jvm/x/normal@1, conv2d_backward_filter f32 j"
  })
  void theBarKeepsItsRoom(String what, String shown) {
    assertEquals(shown, ProgressDisplay.brief(what));
  }

  @ParameterizedTest
  @CsvSource({
    "-3, 0 s",
    "0.4, 0 s",
    "59.4, 59 s",
    "59.6, 1 min 00 s",
    "3599, 59 min 59 s",
    "3600, 1 h 00 min",
    "9000, 2 h 30 min"
  })
  void durationsAreShort(double seconds, String text) {
    assertEquals(text, Estimate.words(seconds));
  }
}
