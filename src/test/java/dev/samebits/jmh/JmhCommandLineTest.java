package dev.samebits.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** What is added to JMH's command line, and what is left out of its output. */
class JmhCommandLineTest {
  private static final List<String> FLAGS = List.of("-Xa", "-Xb");
  private static final String SUM = "sum/f32/n10/jvm/canonical/normal@1";

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

  @Test
  void aKeyIsACaseOfTheOneBenchmarkSelected() throws CommandLineOptionException {
    requireKeys("bench.Sum.invoke", SUM);
    requireKeys("FingerprintBench", "bench.Sum", SUM + "?threads=2");
    assertEquals(
        "-p key=sum/f32/n10/jvm/canonicl/normal@1: unknown variant of sum on jvm 'canonicl'; did"
            + " you mean 'canonical'? (known: "
            + String.join(
                ", ",
                new JvmBackend()
                    .variants().stream()
                        .filter(v -> v.kernel() == Kernel.SUM)
                        .map(Variant::name)
                        .toList())
            + ")",
        refusal("bench.Sum.invoke", "sum/f32/n10/jvm/canonicl/normal@1"));
    String another = refusal("Matmul", SUM);
    assertTrue(
        another.endsWith(
            "selects dev.samebits.jmh.bench.Matmul.invoke; name bench.Sum.invoke alone"),
        another);
    String more = refusal("Sum", SUM);
    assertTrue(more.contains("ColSum.invoke, dev.samebits.jmh.bench.RowSum.invoke, "), more);
  }

  private static String refusal(String... line) {
    return assertThrows(IllegalArgumentException.class, () -> requireKeys(line)).getMessage();
  }

  /** The last word is the key. */
  private static void requireKeys(String... line) throws CommandLineOptionException {
    List<String> all = new ArrayList<>(List.of(line));
    all.set(line.length - 1, "key=" + line[line.length - 1]);
    all.add(line.length - 1, "-p");
    JmhCommandLine.requireKeys(new CommandLineOptions(all.toArray(String[]::new)));
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
