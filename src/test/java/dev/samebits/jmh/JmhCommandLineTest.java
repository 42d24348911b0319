package dev.samebits.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is added to JMH's command line, and what is left out of its output. */
class JmhCommandLineTest {
  private static final List<String> FLAGS = List.of("-Xa", "-Xb");

  @Test
  void forkFlagsComeFirst() {
    assertEquals(
        List.of("-jvmArgsPrepend", "-Xa -Xb", "Matmul", "-f", "1"),
        JmhCommandLine.withForkFlags(List.of("Matmul", "-f", "1"), FLAGS));
  }

  @Test
  void forkFlagsJoinThoseOfTheUser() {
    assertEquals(
        List.of("-jvmArgsPrepend", "-Xa -Xb -Xmx1g -Xms1g", "Matmul", "-f", "1"),
        JmhCommandLine.withForkFlags(
            List.of("Matmul", "-jvmArgsPrepend", "-Xmx1g -Xms1g", "-f", "1"), FLAGS));
  }

  @Test
  void withoutFlagsTheLineIsUnchanged() {
    List<String> line = List.of("Matmul", "-f", "1");
    assertEquals(line, JmhCommandLine.withForkFlags(line, List.of()));
  }

  @Test
  void wordsAreWhatIsNoOptionAndNoValue() {
    assertEquals(
        List.of("Matmul", "Dot"),
        JmhCommandLine.words(
            List.of("Matmul", "-f", "1", "-rf", "json", "Dot", "-prof", "gc", "-l")));
    assertThrows(
        IllegalArgumentException.class, () -> JmhCommandLine.words(List.of("Matmul", "-zz")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-l", "-h", "-f", "-f1", "-rff", "-jvmArgsAppend", "-bm"})
  void knowsOptionsOfJmh(String option) {
    assertTrue(JmhCommandLine.knows(option));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-zz", "--preset", "-"})
  void knowsNoOthers(String option) {
    assertFalse(JmhCommandLine.knows(option));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain\n",
        "no line feed",
        "WARN",
        "WARNING: Using\n",
        "WARNING: other\nWARNING: Using x\n",
        "\n\nW\n\n",
        "x WARNING: Using incubator modules: a\n",
        "über\r\nWARNING: Using incubator modulus\r\n"
      })
  void otherOutputPassesByteForByte(String text) {
    assertEquals(text, filtered(text));
  }

  @Test
  void theIncubatorLineIsDropped() {
    String line = "WARNING: Using incubator modules: jdk.incubator.vector\n";
    assertEquals("a\nb\n", filtered(line + "a\n" + line + "b\n" + line));
    assertEquals("a\n", filtered("a\n" + line.trim()));
  }

  private static String filtered(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream target = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (PrintStream filter =
        new PrintStream(
            new JmhCommandLine.LineFilter(target, "WARNING: Using incubator modules:"),
            true,
            StandardCharsets.UTF_8)) {
      filter.print(text);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
