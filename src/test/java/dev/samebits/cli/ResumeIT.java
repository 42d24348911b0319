package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.Backends;
import dev.samebits.plan.Filters;
import dev.samebits.plan.Plan;
import dev.samebits.plan.PlanBuilder;
import dev.samebits.plan.Suite;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is killed in the middle goes on with {@code --resume}: nothing lost, nothing twice.
 */
class ResumeIT {
  private static final String SUITE =
      """
      suite: resume
      about: Small, for killing.
      timing: {forks: 2, warmups: 1, warmup_seconds: 0.1, iterations: 2, seconds: 0.1}
      capture: {processes: 2, repeats: 20, seconds: 0.2, control_repeats: 20, control_seconds: 0.2}
      conditions: {threads: [1]}
      cases:
        - {kernel: relu, dtypes: f32, shapes: [n1000, n2000], timed: true}
        - {kernel: softmax, dtypes: f32, shapes: [m8n8, m16n8], timed: true}
        - kernel: sum
          dtypes: f32
          shapes: n1000
          variants: {jvm: [canonical, serial, kahan]}
      training:
        - model: mlp
          data: digits
          seed: 1
          steps: 20
          replicates: 2
          threads: 1
          modes: {reproducible: {}}
      """;

  @TempDir Path temp;
  private Path suite;

  @BeforeEach
  void writeSuite() throws IOException {
    suite = Files.writeString(temp.resolve("resume.yaml"), SUITE);
  }

  private Process start(Path out, String... more) throws IOException {
    // A build in the background hands down an ignored SIGINT, which a JVM respects.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djmh.ignoreLock=true");
    command.add("-jar");
    command.add(System.getProperty("samebits.jar", "target/benchmarks.jar"));
    command.addAll(List.of("run", "--suite", suite.toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  private void finish(Process process, Path output) throws Exception {
    assertTrue(process.waitFor(180, TimeUnit.SECONDS), "the run does not end");
    assertEquals(0, process.exitValue(), () -> text(output));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Whole lines about ended cases in all files of a run. */
  private static long ended(Path dir) throws IOException {
    if (!Files.isDirectory(dir.resolve("parts"))) {
      return 0;
    }
    long n = 0;
    try (Stream<Path> files = Files.list(dir.resolve("parts"))) {
      for (Path file : files.toList()) {
        n +=
            new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.contains("\"type\":\"end\"") && !l.contains("\"case\":\"\""))
                .count();
      }
    }
    return n;
  }

  private Process runUntil(Path dir, int afterUnits) throws Exception {
    Process process = start(temp.resolve("first.log"), "--out", dir.toString());
    while (ended(dir) < afterUnits) {
      assertTrue(process.isAlive(), () -> text(temp.resolve("first.log")));
      Thread.sleep(20);
    }
    return process;
  }

  private Path killedRun(int afterUnits, boolean wholeGroup) throws Exception {
    Path dir = temp.resolve("killed");
    Process process = runUntil(dir, afterUnits);
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly().waitFor();
    if (wholeGroup) {
      children.forEach(ProcessHandle::destroyForcibly);
    }
    return dir;
  }

  private void resumeAndCompare(Path dir) throws Exception {
    Path log = temp.resolve("second.log");
    finish(start(log, "--resume", dir.toString()), log);
    ResultStore store = ResultStore.open(dir);
    List<Plan.Unit> ended =
        store.records().stream()
            .filter(Record.End.class::isInstance)
            .map(Record.End.class::cast)
            .filter(e -> !e.caseId().isEmpty())
            .map(
                e ->
                    new Plan.Unit(
                        Plan.Pass.valueOf(e.pass().toUpperCase(java.util.Locale.ROOT)),
                        e.caseId(),
                        e.condition(),
                        e.process()))
            .toList();
    int cores = Runtime.getRuntime().availableProcessors();
    Plan plan = PlanBuilder.build(Suite.file(suite), Backends.all(), Filters.NONE, cores);
    assertEquals(sorted(plan.units()), sorted(ended), "each unit once");
    assertEquals("COMPLETE", store.manifest().orElseThrow().status());
    List<String> measured =
        store.records().stream()
            .filter(r -> r instanceof Record.Capture || r instanceof Record.Timing)
            .map(r -> (Record.OfCase) r)
            .map(r -> r.getClass() + r.caseId() + r.condition() + process(r))
            .toList();
    assertEquals(measured.size(), new HashSet<>(measured).size(), "none measured twice");
  }

  private static int process(Record.OfCase r) {
    return r instanceof Record.Capture c ? c.process() : ((Record.Timing) r).process();
  }

  private static List<String> sorted(List<Plan.Unit> units) {
    return units.stream().map(Plan.Unit::toString).sorted(Comparator.naturalOrder()).toList();
  }

  @Test
  void theParentAloneIsKilledDuringCapture() throws Exception {
    resumeAndCompare(killedRun(3, false));
  }

  @Test
  void theWholeGroupIsKilledDuringTiming() throws Exception {
    resumeAndCompare(killedRun(12, true));
  }

  @Test
  void anInterruptSaysWhatIsKeptAndHowToGoOn() throws Exception {
    Path dir = temp.resolve("interrupted");
    Process process = runUntil(dir, 12);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "an interrupted run does not end");
    String said = text(temp.resolve("first.log"));
    assertEquals(130, process.exitValue(), said);
    assertTrue(said.contains("interrupted") && said.contains("--resume " + dir), said);
    resumeAndCompare(dir);
  }

  @Test
  void anotherPlanIsRefusedAndNothingIsLost() throws Exception {
    Path dir = killedRun(3, true);
    long before = ended(dir);
    Files.writeString(suite, SUITE.replace("m16n8", "m32n8"));
    Path log = temp.resolve("second.log");
    Process process = start(log, "--resume", dir.toString());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(5, process.exitValue(), () -> text(log));
    assertTrue(text(log).contains("cannot resume"), text(log));
    assertEquals(before, ended(dir));
  }
}
