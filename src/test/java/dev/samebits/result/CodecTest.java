package dev.samebits.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/records-schema1.jsonl");
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @Test
  void samplesHoldEveryType() {
    Set<Class<?>> types = Samples.all().stream().map(Object::getClass).collect(Collectors.toSet());
    Set<Class<?>> declared =
        Arrays.stream(Record.class.getDeclaredClasses())
            .filter(k -> !k.isInterface() && Record.class.isAssignableFrom(k))
            .collect(Collectors.toSet());
    assertEquals(declared, types);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "de-DE", "tr-TR"})
  void formatIsSealed(String locale) throws Exception {
    Locale.setDefault(Locale.forLanguageTag(locale));
    List<String> lines = Samples.all().stream().map(Codec::line).toList();
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(GOLDEN, String.join("\n", lines) + "\n");
    }
    assertArrayEquals(
        Files.readString(GOLDEN, StandardCharsets.UTF_8).split("\n"), lines.toArray());
    assertEquals(Samples.all(), lines.stream().map(Codec::parse).toList());
  }

  @Test
  void emptyFieldsComeBackEmpty() {
    Record verdict = Samples.verdict("IDENTICAL");
    assertEquals(verdict, Codec.parse(Codec.line(verdict)));
    Record end = new Record.End("capture-000", "", "", "capture", 0);
    assertEquals(end, Codec.parse(Codec.line(end)));
  }

  /** Fields that were added within the schema. */
  @Test
  void aBarOfAnEarlierVersionHasNothingThrottled() {
    Record.Bar bar =
        (Record.Bar)
            Samples.all().stream().filter(Record.Bar.class::isInstance).findFirst().orElseThrow();
    String now = Codec.line(bar);
    String earlier = now.replaceAll(",\"throttled\":[0-9]+", "");
    assertTrue(bar.throttled() > 0 && !now.equals(earlier), now);
    assertEquals(0, ((Record.Bar) Codec.parse(earlier)).throttled());
  }

  @Test
  void notANumberSurvives() {
    Record r = new Record.Accuracy("f", Samples.CASE, "", 1, 1, Double.NaN, 1 / 0.0, 0);
    assertEquals(r, Codec.parse(Codec.line(r)));
  }

  @Test
  void unknownFieldsAreTolerated() {
    String line = Codec.line(Samples.end("f", 1)).replace("{\"schema\"", "{\"new\":[1],\"schema\"");
    assertEquals(Samples.end("f", 1), Codec.parse(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{}",
        "{\"schema\":1}",
        "{\"schema\":1,\"type\":\"nonsense\"}",
        "{\"schema\":1,\"type\":\"end\",\"process\":\"x\"}",
        "{\"schema\":2,\"type\":\"end\"}",
        "{\"schema\":1,\"type\":\"end\"} {}"
      })
  void whatIsNoRecordIsRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> Codec.parse(line));
  }

  @Test
  void newerSchemaIsNamed() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Codec.parse("{\"schema\":7,\"type\":\"end\"}"));
    assertTrue(e.getMessage().contains("schema 7"), e.getMessage());
  }

  @Test
  void deepNestingIsRefused() {
    String line =
        "{\"schema\":1,\"type\":\"end\",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    assertThrows(IllegalArgumentException.class, () -> Codec.parse(line));
  }
}
