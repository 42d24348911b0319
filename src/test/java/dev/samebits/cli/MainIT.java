package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.samebits.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a user starts it: what it prints, where, and how it ends. */
class MainIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String JAR = System.getProperty("samebits.jar");

  /** A suite of two cases of a second or so. */
  private static final String TINY =
      """
      suite: tiny
      timing: {forks: 1, warmups: 1, warmup_seconds: 0.05, iterations: 1, seconds: 0.05}
      capture: {processes: 1, repeats: 5, seconds: 0.05}
      cases:
        - {kernel: sum, dtypes: f32, shapes: n64, variants: {jvm: [canonical, serial]}, timed: true}
      """;

  @TempDir private Path dir;

  private record Answer(int code, String out, String err) {
    /** No line that the JVM prints by itself. */
    Answer quiet() {
      for (String line : (out + err).lines().toList()) {
        assertFalse(line.startsWith("WARNING") || line.startsWith("\tat "), out + err);
      }
      return this;
    }
  }

  private Answer run(String... args) throws IOException, InterruptedException {
    return run(List.of(), args);
  }

  private Answer run(List<String> flags, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.add("-Djmh.ignoreLock=true"); // other tests may be running beside this one
    command.addAll(flags);
    command.addAll(List.of("-jar", JAR));
    command.addAll(List.of(args));
    Path out = Files.createTempFile(dir, "out", ".txt");
    Path err = Files.createTempFile(dir, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    Answer answer =
        new Answer(
            ended ? process.exitValue() : -1,
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    assertTrue(ended, () -> "still running: " + command + "\n" + answer);
    return answer;
  }

  private String tiny() throws IOException {
    return Files.writeString(dir.resolve("tiny.yaml"), TINY).toString();
  }

  @Test
  void versionIsOneLine() throws Exception {
    Answer answer = run("--version").quiet();
    assertEquals(0, answer.code());
    assertEquals("", answer.err());
    assertTrue(answer.out().matches("Samebits [0-9.]+ \\(commit \\S+\\)\\R"), answer.out());
  }

  @Test
  void anUnknownVerbIsOneLineAndTwo() throws Exception {
    Answer answer = run("rnu").quiet();
    assertEquals(ExitCode.USAGE, answer.code());
    assertEquals("", answer.out());
    assertEquals(1, answer.err().lines().count(), answer.err());
    assertTrue(answer.err().contains("the nearest verb is 'run'"), answer.err());
  }

  /** In a JVM of its own, as the list of backends is made once. */
  @Test
  void aBadNameOfALibraryIsOneLineAndTwo() throws Exception {
    Answer answer = run("plan", "--cblas", "a b=/x").quiet();
    assertEquals(ExitCode.USAGE, answer.code(), answer.err());
    assertEquals(1, answer.err().lines().count(), answer.err());
    assertTrue(answer.err().contains("name consists of letters"), answer.err());
  }

  @Test
  void jmhListsItsBenchmarks() throws Exception {
    Answer answer = run("-l").quiet();
    assertEquals(0, answer.code());
    assertTrue(answer.out().contains("dev.samebits.jmh.bench.Matmul"), answer.out());
    assertTrue(run("-h").quiet().out().contains("-wi <int>"));
  }

  @Test
  void jmhWritesItsJson() throws Exception {
    Answer answer =
        run(
                "bench.Sum",
                "-f",
                "1",
                "-wi",
                "0",
                "-i",
                "1",
                "-r",
                "50ms",
                "-rf",
                "json",
                "-rff",
                "x.json",
                "-prof",
                "gc")
            .quiet();
    assertEquals(0, answer.code(), answer.err() + answer.out());
    JsonNode results = JSON.readTree(dir.resolve("x.json").toFile());
    assertTrue(results.isArray() && !results.isEmpty(), answer.out());
    for (JsonNode result : results) {
      assertTrue(result.path("benchmark").asText().contains(".Sum."), result.toString());
      assertTrue(result.path("primaryMetric").path("score").isNumber(), result.toString());
      assertTrue(result.path("secondaryMetrics").isObject(), result.toString());
    }
  }

  @Test
  void doctorKnowsEveryBackend() throws Exception {
    Answer answer = run("doctor", "--json").quiet();
    assertEquals(0, answer.code(), answer.err());
    JsonNode doctor = JSON.readTree(answer.out());
    assertTrue(doctor.path("backends").path("jvm").path("available").asBoolean(), answer.out());
    assertFalse(answer.out().contains("UseFMA is off"), answer.out());
    for (String name : List.of("nd4j", "openblas")) {
      JsonNode backend = doctor.path("backends").path(name);
      assertTrue(
          backend.path("available").asBoolean() || !backend.path("remedy").asText().isEmpty(),
          backend.toString());
    }
  }

  /** Where fma is a routine of hundreds of instructions, which the flag brings about on x86-64. */
  @Test
  void doctorSaysThatCanonicalKernelsAreSlowWithoutFma() throws Exception {
    Requires.that(System.getProperty("os.arch").equals("amd64"), "x86-64", "UseAVX is of x86-64");
    Answer answer = run(List.of("-XX:UseAVX=0"), "doctor").quiet();
    assertEquals(0, answer.code(), answer.err());
    String line =
        answer.out().lines().filter(l -> l.startsWith("FMA hardware ")).findFirst().orElse("");
    assertTrue(line.contains(" limited "), answer.out());
    assertTrue(line.contains("keeps its bits but is hundreds of times slower"), line);
  }

  @Test
  void aRunLeavesTableRecordsAndReport() throws Exception {
    Answer answer = run("run", "--suite", tiny(), "--out", "here").quiet();
    assertEquals(0, answer.code(), answer.err());
    assertTrue(answer.out().contains("canonical"), answer.out());
    assertTrue(answer.err().contains("units of work"), answer.err());
    assertFalse(answer.err().chars().anyMatch(c -> c == '\r' || c == 0x1b), answer.err());
    Path here = dir.resolve("here");
    assertTrue(Files.size(here.resolve("report.html")) > 1000);
    assertTrue(Files.readString(here.resolve("records.jsonl")).contains("\"verdict\""));
    assertEquals(
        "COMPLETE", JSON.readTree(here.resolve("manifest.json").toFile()).path("status").asText());

    Files.delete(here.resolve("report.html"));
    Answer again = run("report", "here", "--json").quiet();
    assertEquals(0, again.code(), again.err());
    assertEquals(2, JSON.readTree(again.out()).path("rows").size(), again.out());
    assertTrue(Files.exists(here.resolve("report.html")));

    Answer refused = run("run", "--suite", tiny(), "--out", "here").quiet();
    assertEquals(ExitCode.ENVIRONMENT, refused.code());
    assertEquals(1, refused.err().lines().count(), refused.err());
  }

  /** What runs on Java is measured; that nothing ran on a GPU is said first, and is no success. */
  @Test
  void aSuiteForADeviceIsIncompleteWithoutOne() throws Exception {
    String yaml =
        "suite: device\nneeds: cuda\ncases: [{kernel: sum, dtypes: f32, shapes: n100,"
            + " variants: {jvm: canonical, cuda: canonical},"
            + " capture: {processes: 1, repeats: 5, seconds: 0.1}}]\n";
    String file = Files.writeString(dir.resolve("device.yaml"), yaml).toString();
    List<String> none = List.of("-Dsamebits.cuda.driver=/nowhere/libcuda.so.1");
    Answer answer = run(none, "run", "--suite", file, "--out", "device");
    assertEquals(ExitCode.INCOMPLETE, answer.code(), answer.err());
    assertTrue(answer.err().contains("backend cuda, which was asked for"), answer.err());
    assertTrue(answer.out().contains("nothing below is about: cuda."), answer.out());
  }

  /** AIX, because the JDK's own code starts no process here as Windows, no socket as macOS. */
  @Test
  void onAnotherPlatformTheJarStartsAndJvmRuns() throws Exception {
    List<String> windows = List.of("-Dos.name=Windows", "-Dos.arch=aarch64");
    assertEquals(0, run(windows, "plan", "--preset", "smoke").quiet().code());
    List<String> faked = List.of("-Dos.name=AIX", "-Dos.arch=aarch64");
    Answer doctor = run(faked, "doctor", "--json");
    assertEquals(0, doctor.code(), doctor.err());
    JsonNode backends = JSON.readTree(doctor.out()).path("backends");
    assertFalse(backends.path("openblas").path("available").asBoolean(true), doctor.out());
    assertFalse(backends.path("openblas").path("remedy").asText().isEmpty(), doctor.out());
    Answer answer = run(faked, "run", "--suite", tiny(), "--out", "here", "--json");
    assertEquals(0, answer.code(), answer.err());
    JsonNode rows = JSON.readTree(answer.out()).path("rows");
    assertEquals(
        List.of("canonical", "serial"),
        StreamSupport.stream(rows.spliterator(), false)
            .map(r -> r.path("variant").asText())
            .sorted()
            .toList());
  }
}
