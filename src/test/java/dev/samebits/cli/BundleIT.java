package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samebits.backend.cuda.FakeCuda;
import dev.samebits.result.Manifest;
import dev.samebits.result.ResultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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

  /** What is of no use on a GPU host is not carried there, and what is needed is. */
  private void requireContents(Path home) throws Exception {
    Answer listed = run(home, true, JDK.resolve("bin/jar").toString(), "tf", "samebits.jar");
    List<String> files = listed.said().lines().toList();
    for (String needed : List.of("kernels/", "ptx/", "suites/gpu.yaml", "jcuda/", "com/sun/jna/")) {
      assertTrue(files.stream().anyMatch(f -> f.startsWith(needed)), needed);
    }
    Pattern left =
        Pattern.compile(
            "org/(nd4j|bytedeco|jfree|apache/batik|tensorflow)/.+|freemarker/.+"
                + "|(?!dev/samebits/|META-INF/)(?i:.*(ptxcompiler|openblas).*)");
    assertEquals(List.of(), files.stream().filter(f -> left.matcher(f).matches()).toList());
    String release = Files.readString(home.resolve("runtime/release"));
    assertTrue(release.contains("jdk.incubator.vector"), release);
    assertFalse(release.contains("java.desktop"), release);
  }

  /** The kernels of the bundle, on the driver that runs them on the CPU. */
  private void requireACudaCase(Path home) throws Exception {
    String sums =
        "{kernel: sum, dtypes: f32, shapes: n300, variants: {jvm: canonical, cuda: canonical}}";
    Path suite = dir.resolve("cuda.yaml");
    Files.writeString(suite, TINY.replaceFirst("\\{kernel.*\\}", sums));
    Path out = dir.resolve("cuda");
    List<String> command = new ArrayList<>(List.of("runtime/bin/java"));
    command.addAll(FakeCuda.flags());
    command.addAll(List.of("-jar", "samebits.jar", "run", "--suite", suite.toString()));
    command.addAll(List.of("--out", out.toString()));
    Answer cuda = run(home, false, command.toArray(String[]::new));
    assertEquals(0, cuda.code(), cuda.said());
    String flat = cuda.said().replaceAll("\\s+", " ");
    assertTrue(flat.contains("Of 1 problem computed on several backends"), cuda.said());
    assertTrue(flat.contains("it has the same bits from all of them."), cuda.said());
  }

  @Test
  void runsWithoutJavaAndLeavesTheReportToOthers() throws Exception {
    Path home = unpacked();
    requireContents(home);
    requireACudaCase(home);

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
