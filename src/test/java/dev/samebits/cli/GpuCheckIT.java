package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.FakeCuda;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/gpu-check.sh} with tiny suites on a driver and a sanitizer that are fakes. */
class GpuCheckIT {
  private static final String HEAD =
      """
      suite: tiny
      capture: {processes: 1, repeats: 3, seconds: 1}
      conditions: {threads: 1}
      """;
  private static final String SUMS =
      HEAD
          + "cases:\n  - {kernel: sum, dtypes: f32, shapes: [n0, n7, n300], inputs: [integer,"
          + " special], variants: {cuda: [canonical, block_tree_two_pass], jvm: canonical}}\n";
  private static final Map<String, String> SUITES =
      Map.of(
          "contract",
          SUMS,
          "sanitizer",
          SUMS.replace(", jvm: canonical", ""),
          "speed",
          """
          suite: tiny
          timing: {forks: 6, together: 3, warmups: 1, warmup_seconds: 0.01, iterations: 2, seconds: 0.01}
          bars:
            - name: easy
              kernels: sum
              dtypes: f32
              shapes: n5000
              subject: cuda/canonical
              against:
                - {kernel: copy, who: cuda/driver, rate: 0.001}
            - name: hard
              kernels: sum
              dtypes: f32
              shapes: n5000
              subject: cuda/canonical
              against:
                - {who: cuda/block_tree_two_pass, speed: 9999}
          """,
          "wall",
          """
          suite: tiny
          timing: {forks: 1, warmups: 2, warmup_seconds: 0.01, iterations: 30, seconds: 0.001}
          capture: {processes: 0}
          cases:
            - {kernel: fma_chain, dtypes: f32, shapes: n32r50, variants: {cuda: canonical}, timed: true}
          """,
          "stress",
          HEAD.replace("repeats: 3", "repeats: 201")
              + "cases:\n  - {kernel: sum, dtypes: f32, shapes: n3000, variants: {cuda:"
              + " [block_tree_atomic, block_tree_two_pass]}}\n");

  /** Takes its options, each with a value, runs the rest and prints what it is told to. */
  private static final String SANITIZER =
      """
      #!/bin/sh
      while [ "${1#--}" != "$1" ]; do shift 2; done
      "$@"
      code=$?
      echo "========= COMPUTE-SANITIZER"
      cat "$0.says"
      exit $code
      """;

  @TempDir private Path dir;

  private record Answer(int code, String said, List<String> verdicts) {
    String of(String subject) {
      return verdicts.stream().filter(l -> l.contains("  " + subject)).findFirst().orElse(said);
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    FakeCuda.library();
    for (Map.Entry<String, String> e : SUITES.entrySet()) {
      Files.writeString(dir.resolve("gpu_" + e.getKey() + ".yaml"), e.getValue());
    }
  }

  @AfterEach
  void mend() {
    FakeCuda.plantForChildren("");
  }

  private void sanitizer(String says) throws IOException {
    Path tool = Files.writeString(dir.resolve("compute-sanitizer"), SANITIZER);
    assertTrue(tool.toFile().setExecutable(true));
    Files.writeString(dir.resolve("compute-sanitizer.says"), says);
  }

  private Answer check(String... options) throws IOException, InterruptedException {
    Path out = dir.resolve("out");
    List<String> command =
        new ArrayList<>(List.of("bash", "scripts/gpu-check.sh", "--out", out.toString()));
    command.addAll(List.of("--suites", dir.toString()));
    command.addAll(List.of(options));
    List<String> java = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    java.addAll(FakeCuda.flags());
    java.addAll(List.of("-Djmh.ignoreLock=true", "-cp", System.getProperty("java.class.path")));
    java.add(Main.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SAMEBITS", String.join(" ", java));
    builder.environment().merge("PATH", dir.toString(), (path, more) -> more + ":" + path);
    Path said = dir.resolve("said.txt");
    Process process = builder.redirectOutput(said.toFile()).start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.UTF_8);
    assertTrue(ended, text);
    return new Answer(process.exitValue(), text, Files.readAllLines(out.resolve("verdicts.txt")));
  }

  @Test
  void everyStepIsRunAndJudged() throws Exception {
    sanitizer("========= ERROR SUMMARY: 0 errors\n");
    Answer a = check("--only", "doctor,contract,memcheck,speed,wall,stress");
    assertEquals(ExitCode.NOT_HELD, a.code(), a.said()); // a bar that nobody can reach
    assertTrue(a.said().contains(String.join("\n", a.verdicts())), a.said());
    assertTrue(a.of("doctor, backend cuda").startsWith("PASS  doctor, backend cuda: CUDA"));
    assertEquals(
        "PASS  contract, same bits: 6 problems, each with one result in Java and on the GPU",
        a.of("contract, same bits"));
    assertTrue(a.of("contract, controls").startsWith("PASS"), a.said());
    assertEquals("PASS  memcheck: 12 kernels, types and shapes, no error", a.of("memcheck"));
    assertEquals("NOT RUN  racecheck: not asked for, or stopped before", a.of("racecheck"));
    String easy = a.of("speed, easy, cuda/canonical against copy cuda/driver");
    assertTrue(easy.startsWith("PASS") && easy.contains("by the device's clock"), easy);
    assertTrue(a.of("speed, hard").startsWith("FAIL"), a.said());
    assertTrue(a.of("wall").startsWith("NOT RUN"), a.said());
    assertTrue(a.of("wall").contains("median of 30"), a.said());
    assertTrue(
        a.of("stress, sum cuda/block_tree_atomic").startsWith("PASS  stress, sum cuda/block_tree"),
        a.said());
    assertTrue(a.of("stress, sum cuda/block_tree_atomic").contains("200 repeats"), a.said());
  }

  @Test
  void aFlippedBitAndARaceFail() throws Exception {
    FakeCuda.plantForChildren("wrong=sum_canonical");
    sanitizer("========= Race reported\n========= RACECHECK SUMMARY: 1 hazard displayed\n");
    Answer a = check("--only", "contract,racecheck");
    assertEquals(ExitCode.NOT_HELD, a.code(), a.said());
    assertTrue(a.of("contract, same bits").startsWith("FAIL"), a.said());
    assertEquals("FAIL  racecheck: 1 errors, first: Race reported", a.of("racecheck"));
  }

  @Test
  void aDriverThatHangsIsCut() throws Exception {
    FakeCuda.plantForChildren("init=hang");
    Answer a = check("--only", "contract,memcheck", "--seconds", "contract=5");
    assertEquals(ExitCode.INCOMPLETE, a.code(), a.said());
    assertTrue(a.of("contract, the rest").contains("cut after 5 s: "), a.said());
    if (!Files.exists(Path.of("/usr/local/cuda/bin/compute-sanitizer"))) {
      assertTrue(a.of("memcheck").startsWith("NOT RUN  memcheck: compute-sanitizer is"), a.said());
    }
  }
}
