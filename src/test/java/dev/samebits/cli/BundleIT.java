package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samebits.result.Manifest;
import dev.samebits.result.ResultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The portable bundle, made by its script and used without the environment of a Java host. */
@EnabledIfSystemProperty(
    named = "bundle",
    matches = "true",
    disabledReason = "takes a minute and a half; -Dbundle=true, as in .ci/run, runs it")
class BundleIT {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final String ELSEWHERE =
      "report: not in this bundle; render the records with: java -jar benchmarks.jar report ";
  private static final String TINY =
      """
      suite: tiny
      timing: {forks: 1, warmups: 1, warmup_seconds: 0.05, iterations: 1, seconds: 0.05}
      capture: {processes: 1, repeats: 5, seconds: 0.05}
      cases:
        - {kernel: matmul, dtypes: f32, shapes: m17n17k17, variants: {jvm: canonical}, timed: true}
      """;

  @TempDir private Path dir;

  private record Answer(int code, String said) {}

  /** Runs a command to its end; the environment holds PATH alone, and JAVA_HOME if asked for. */
  private Answer run(Path folder, boolean java, String... command)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(dir, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    if (java) {
      builder.environment().put("JAVA_HOME", JDK.toString());
    }
    Process process = builder.start();
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.UTF_8);
    assertTrue(ended, () -> "still running: " + List.of(command) + "\n" + text);
    return new Answer(process.exitValue(), text);
  }

  private Path unpacked() throws Exception {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && Files.isDirectory(JDK.resolve("jmods"))
            && Files.isExecutable(JDK.resolve("bin/jlink")),
        "a bundle is made on Linux by a JDK with jlink and jmods");
    Path archive = dir.resolve("bundle.tar.gz");
    String script = Path.of("scripts", "bundle.sh").toAbsolutePath().toString();
    Answer made = run(dir, true, "bash", script, archive.toString());
    assertEquals(0, made.code(), made.said());
    assertTrue(Files.size(archive) <= 45L << 20, made.said());
    Answer unpacked = run(dir, false, "tar", "-xzf", archive.toString());
    assertEquals(0, unpacked.code(), unpacked.said());
    return dir.resolve("samebits");
  }

  @Test
  void runsWithoutJavaAndLeavesTheReportToOthers() throws Exception {
    Path home = unpacked();

    Answer doctor = run(home, false, "./samebits", "doctor");
    assertEquals(0, doctor.code(), doctor.said());
    for (String line : List.of("not in this bundle", "holds no ND4J", "holds no OpenBLAS")) {
      assertTrue(doctor.said().contains(line), doctor.said());
    }
    assertTrue(doctor.said().contains("module jdk.incubator.vector"), doctor.said());
    assertFalse(doctor.said().contains("NoClassDefFoundError"), doctor.said());

    Answer plan = run(home, false, "./samebits", "plan", "--preset", "gpu");
    assertEquals(0, plan.code(), plan.said());

    Path suite = Files.writeString(dir.resolve("tiny.yaml"), TINY);
    Path out = dir.resolve("out");
    Answer run =
        run(home, false, "./samebits", "run", "--suite", suite.toString(), "--out", out.toString());
    assertEquals(0, run.code(), run.said());
    assertTrue(run.said().contains(ELSEWHERE + out), run.said());
    assertFalse(Files.exists(out.resolve("report.html")), "a report of a bundle");
    assertEquals("COMPLETE", ResultStore.open(out).manifest().map(Manifest::status).orElse(""));

    String java = JDK.resolve("bin/java").toString();
    String jar = System.getProperty("samebits.jar");
    Answer report = run(home, false, java, "-jar", jar, "report", out.toString());
    assertEquals(0, report.code(), report.said());
    assertTrue(Files.size(out.resolve("report.html")) > 0, report.said());
  }
}
