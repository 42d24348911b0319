package dev.samebits.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.UnknownNameException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SuiteReaderTest {
  private static final String GROUP = "kernel: sum, dtypes: f32, shapes: n7";

  private static Suite read(String yaml) {
    return SuiteReader.read("x.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static Suite withGroup(String group) {
    return read("{suite: x, cases: [{" + group + "}]}");
  }

  @Test
  void groupTakesDefaultsAndOverridesThem() {
    Suite suite =
        read(
            "suite: x\nabout: a b\ntiming: {forks: 2, seconds: 0.25}\n"
                + "capture: {processes: 4, seconds: 0.1}\nconditions: {threads: [1, max]}\n"
                + "cases:\n- {kernel: sum, dtypes: f32, shapes: n7}\n"
                + "- {kernel: dot, dtypes: [f64, f32], shapes: [n1, n2], inputs: [wide, normal],\n"
                + "   seeds: [3, 4], variants: {jvm: [a, b], 'cblas:*': all}, timed: true,\n"
                + "   conditions: {threads: 2, load: true}, capture: {repeats: 9}}\n");
    assertEquals(new Plan.JmhSettings(2, 3, 1, 5, 0.25), suite.timing());
    Suite.CaseGroup first = suite.groups().get(0);
    assertEquals(List.of(InputKind.NORMAL), first.inputs());
    assertEquals(List.of(1L), first.seeds());
    assertEquals(Map.of("threads", List.of("1", "max")), first.conditions());
    assertEquals(new Suite.CaptureSettings(4, 200, 0.1, 1000, 2), first.capture());
    Suite.CaseGroup second = suite.groups().get(1);
    assertEquals(List.of(DType.F64, DType.F32), second.dtypes());
    assertEquals(Shape.of(Kernel.DOT, 2), second.shapes().get(1));
    assertEquals(List.of(3L, 4L), second.seeds());
    assertEquals(Map.of("jvm", List.of("a", "b"), "cblas:*", List.of("all")), second.variants());
    assertEquals(Map.of("threads", List.of("2")), second.conditions());
    assertEquals(new Suite.CaptureSettings(4, 9, 0.1, 1000, 2), second.capture());
    assertEquals(List.of("max"), second.timedThreads());
    assertTrue(second.timed() && !first.timed());
    assertEquals(List.of(), first.once());
    assertEquals(List.of(Map.entry("load", "1")), second.once());
  }

  @Test
  void aGroupHasPiecesAndLoadOneByOne() {
    String group = "{kernel: softmax, dtypes: f32, shapes: m7n3";
    Suite suite =
        read(
            "{suite: x, conditions: {slice: [1, 4], load: true}, cases: ["
                + (group + "}, ")
                + (group + ", conditions: {slice: 3, load: false}}, ")
                + (group + ", conditions: {load: [1, gemm]}}]}"));
    assertEquals(
        List.of(Map.entry("slice", "1"), Map.entry("slice", "4"), Map.entry("load", "1")),
        suite.groups().get(0).once());
    assertEquals(List.of(Map.entry("slice", "3")), suite.groups().get(1).once());
    assertTrue(suite.groups().get(2).once().contains(Map.entry("load", "gemm")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{suite: x, case: []} | x.yaml: unknown key 'case'; did you mean 'cases'?",
        "{suite: x, cases: [{" + GROUP + ", shape: n7}]} | cases[1]: unknown key 'shape'; did you",
        "{suite: x, cases: [{kernel: summ, dtypes: f32, shapes: n7}]} | did you mean 'sum'?",
        "{suite: x, cases: [{kernel: sum, dtypes: f3, shapes: n7}]} | did you mean 'f32'?",
        "{suite: x, cases: [{kernel: sum, dtypes: f32, shapes: m7}]} | cases[1]: shapes: shape 'm7'",
        "{suite: x, cases: [{kernel: sum, dtypes: f32}]} | x.yaml: cases[1]: 'shapes' is missing",
        "{suite: x, cases: [{kernel: sum, dtypes: [], shapes: n7}]} | dtypes: the list is empty",
        "{suite: x, cases: [{kernel: sum, dtypes: [f32, f32], shapes: n7}]} | is given twice",
        "{suite: x, cases: [{" + GROUP + ", inputs: norm}]} | did you mean 'normal'?",
        "{suite: x, cases: [{" + GROUP + ", timed: maybe}]} | timed: expected true or false",
        "{suite: x, cases: [{" + GROUP + ", seeds: -1}]} | seeds: expected a whole number",
        "{suite: x, cases: [{"
            + GROUP
            + ", conditions: {threads: 0}}]} | threads: expected a whole",
        "{suite: x, cases: [{" + GROUP + ", conditions: {thread: 1}}]} | did you mean 'threads'?",
        "{suite: x, cases: [{"
            + GROUP
            + ", conditions: {slice: 1}}]} | conditions: slice: sum has no batch: no part",
        "{suite: x, cases: [{" + GROUP + ", conditions: {load: 2}}]} | load: expected false, true",
        "{suite: x, cases: [{" + GROUP + ", conditions: {slice: 0}}]} | slice: expected a whole",
        "{suite: x, cases: [{" + GROUP + ", capture: {repeats: 1}}]} | repeats: expected a whole",
        "{suite: x, cases: [{" + GROUP + ", capture: {seconds: 0}}]} | seconds: expected seconds",
        "{suite: x, cases: [{" + GROUP + "}], timing: {forks: 99999999999}} | forks: expected",
        "{suite: x, cases: {a: b}} | cases: expected a list",
        "{suite: x, cases: [a]} | cases[1]: expected keys with values",
        "{suite: x, suite: y, cases: []} | not YAML: Duplicate",
        "{suite: x | not YAML",
        "{suite: ../x, cases: [{" + GROUP + "}]} | suite: expected a name",
        "{suite: x} | neither cases nor bars nor training",
        "{cases: [{" + GROUP + "}]} | 'suite' is missing",
        "[] | expected keys with values",
        "{suite: x, training: [{model: m, data: d, modes: {repro: {}}}]} | unknown key 'repro'",
        "{suite: x, training: [{model: m, data: d, modes: {}}]} | modes: none given",
        "{suite: x, training: [{model: m, data: d, modes: {deterministic: {a: b}}}]} | backend/var",
      })
  void errorNamesFileAndKey(String yaml, String expected) {
    var e = assertThrows(IllegalArgumentException.class, () -> read(yaml));
    assertTrue(e.getMessage().startsWith("x.yaml"), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void emptyFileIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> read(""));
  }

  static List<String> presets() {
    return Suite.PRESETS;
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetParses(String preset) {
    Suite suite = Suite.preset(preset);
    assertEquals(preset, suite.name());
    assertTrue(!suite.about().isBlank());
    assertTrue(!suite.groups().isEmpty() || !suite.bars().isEmpty());
  }

  @Test
  void unknownPresetNamesTheNearest() {
    var e = assertThrows(UnknownNameException.class, () -> Suite.preset("quik"));
    assertTrue(e.getMessage().contains("did you mean 'quick'?"), e.getMessage());
  }

  @Test
  void filesOfTheUserAreRead(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("s.yaml"), "{suite: x, cases: [{" + GROUP + "}]}");
    assertEquals(
        withGroup(GROUP).groups().get(0).shapes(), Suite.file(file).groups().get(0).shapes());
    assertThrows(IllegalArgumentException.class, () -> Suite.file(dir.resolve("none.yaml")));
    Files.writeString(file, "#".repeat((1 << 20) + 1));
    assertThrows(IllegalArgumentException.class, () -> Suite.file(file));
  }

  @Test
  void theDocumentedExampleIsASuite() throws Exception {
    String text = Files.readString(Path.of("src/site/markdown/formats.md"));
    int begin = text.indexOf("```yaml\n") + 8;
    Suite suite = read(text.substring(begin, text.indexOf("```", begin)));
    Suite defaults = withGroup(GROUP);
    assertEquals("example", suite.name());
    assertEquals(defaults.timing(), suite.timing(), "the documented defaults");
    Suite.CaptureSettings documented = suite.groups().get(0).capture();
    Suite.CaptureSettings real = defaults.groups().get(0).capture();
    assertEquals(50, documented.repeats());
    assertEquals(real.processes(), documented.processes());
    assertEquals(real.seconds(), documented.seconds());
    assertEquals(real.controlRepeats(), documented.controlRepeats());
    assertEquals(real.controlSeconds(), documented.controlSeconds());
  }
}
