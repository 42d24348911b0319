package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.analysis.RunFixture;
import dev.samebits.kernel.DeviceSample;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Verdicts on made-up steps: each kind of outcome is planted and must be found. */
class GpuCheckTest {
  private static final String AT = "threads=1";
  private static final String CLEAN = "========= ERROR SUMMARY: 0 errors";

  @TempDir private Path dir;

  private record Answer(int code, List<String> lines) {
    String of(String subject) {
      List<String> found = lines.stream().filter(l -> l.contains("  " + subject)).toList();
      assertEquals(1, found.size(), subject + " in " + lines);
      return found.get(0);
    }

    Answer says(String line) {
      assertTrue(lines.contains(line), lines.toString());
      return this;
    }
  }

  @BeforeEach
  void begin() throws IOException {
    Files.createFile(dir.resolve("steps.tsv"));
  }

  private void step(String name, int exit, String remark, String printed) throws IOException {
    Files.writeString(
        dir.resolve("steps.tsv"),
        name + "\t80\t12\t" + exit + "\t" + remark + "\n",
        StandardOpenOption.APPEND);
    Files.writeString(dir.resolve(name + ".txt"), printed);
  }

  private void run(String name, RunFixture run) {
    ResultStore store = ResultStore.create(dir.resolve(name));
    try (var lock = store.lock()) {
      assertTrue(lock != null);
      store.append(run.records());
    }
    store.write(run.manifest());
  }

  private Answer judge() throws IOException {
    StringWriter out = new StringWriter();
    CommandLine root = Samebits.build(false).setOut(new PrintWriter(out));
    int code = root.execute("gpu-check", dir.toString());
    List<String> lines = out.toString().lines().toList();
    assertEquals(lines, Files.readAllLines(dir.resolve("verdicts.txt")));
    return new Answer(code, lines);
  }

  /** A sum in Java and on the GPU. */
  private static RunFixture sums(String onGpu) {
    return new RunFixture()
        .backend("cuda", "available")
        .variant("sum", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE)
        .variant("sum", "cuda", "canonical", "reproducible", RunFixture.EVERYWHERE)
        .clean("sum/f32/n7/jvm/canonical/special@1", AT, 0, 3, "a")
        .clean("sum/f32/n7/cuda/canonical/special@1", AT, 0, 3, onGpu);
  }

  private static RunFixture ended(RunFixture run, int n) {
    for (int i = 0; i < n; i++) {
      run.add(new Record.End("f", "sum/f32/n7/cuda/canonical/special@1", AT, "capture", i));
    }
    return run;
  }

  @Test
  void nothingWasRun() throws IOException {
    Answer a = judge();
    assertEquals(ExitCode.INCOMPLETE, a.code());
    assertEquals(7, a.lines().size());
    assertTrue(a.lines().stream().allMatch(l -> l.startsWith("NOT RUN  ")), a.toString());
  }

  @Test
  void whatDoctorSaysOfTheBackendsIsJudged() throws IOException {
    String said =
        """
        backend cuda    ok       CUDA driver 12.6, core sm_90
        backend cublas  missing  no libcublas
                                 -> install it
        """;
    step("doctor", 0, "", said);
    Answer a = judge();
    assertEquals(
        "PASS  doctor, backend cuda: CUDA driver 12.6, core sm_90", a.of("doctor, backend cuda"));
    assertEquals(
        "NOT RUN  doctor, backend cublas: missing, no libcublas", a.of("doctor, backend cublas"));
    assertEquals(
        "FAIL  doctor, backend cudnn: it says nothing of it", a.of("doctor, backend cudnn"));
    assertEquals(ExitCode.NOT_HELD, a.code());
  }

  @Test
  void aDoctorThatHangsIsNotRunAndOneThatDiesFails() throws IOException {
    step("doctor", 124, "", "");
    assertEquals("NOT RUN  doctor: cut after 80 s", judge().of("doctor"));
    step("doctor", 139, "", "Segmentation fault");
    assertEquals(
        "FAIL  doctor: ended with exit code 139: Segmentation fault", judge().of("doctor"));
  }

  @Test
  void sameBitsPassAndAFlippedBitFails() throws IOException {
    step("contract", 0, "", "");
    run("contract", sums("a"));
    judge()
        .says("PASS  contract, same bits: 1 problems, each with one result in Java and on the GPU");
  }

  @Test
  void aFlippedBitFails() throws IOException {
    step("contract", 0, "", "");
    run("contract", sums("b"));
    Answer a = judge();
    assertEquals(ExitCode.NOT_HELD, a.code());
    String line = a.of("contract, same bits");
    assertTrue(line.startsWith("FAIL") && line.contains("sum/f32/n7"), line);
  }

  @Test
  void aSecondBindingWithOtherBitsFailsAndAMissingOneIsNotRun() throws IOException {
    step("contract", 0, "", "");
    RunFixture run = sums("a").backend("jcublas", "unavailable: no libcublas.so.12");
    for (String backend : List.of("cublas", "jcublas")) {
      run.variant("dot", backend, "default", "nondeterministic", RunFixture.RUN_TO_RUN);
      run.clean("dot/f32/n7/" + backend + "/default/wide@1", AT, 0, 3, backend);
    }
    run("contract", run);
    Answer a = judge();
    assertEquals(
        "FAIL  contract, jcublas against cublas: dot/f32/n7/wide@1?threads=1: cublas/default |"
            + " jcublas/default",
        a.of("contract, jcublas against"));
    assertTrue(a.of("contract, controls").startsWith("PASS"), a.toString());
    assertEquals(
        "NOT RUN  contract, jcublas: backend jcublas is unavailable: no libcublas.so.12",
        a.of("contract, jcublas:"));
  }

  @Test
  void aFailedCaseAndABrokenPromiseFail() throws IOException {
    step("contract", 4, "", "");
    run(
        "contract",
        sums("a")
            .failure("sum/f32/n9/cuda/canonical/wide@1", AT, "capture", 0, "FAILED", "code 719")
            .capture("sum/f32/n9/cuda/canonical/wide@1", AT, 0, 5, 1, "c", "d"));
    String line = judge().of("contract, controls and promises");
    assertTrue(line.startsWith("FAIL") && line.contains("code 719"), line);
    assertTrue(line.contains("promises the same bits on the repeat axis, but varies"), line);
  }

  @Test
  void aStepThatRanOverIsCutAndSaysSo() throws IOException {
    step("contract", 124, "", "");
    run("contract", ended(sums("a").status("INCOMPLETE"), 7));
    assertEquals(
        "NOT RUN  contract, the rest: cut after 80 s: 7 of 100 cases and conditions have a result",
        judge().of("contract, the rest"));
    step("stress", 137, "", "");
    assertEquals("NOT RUN  stress: cut after 80 s", judge().of("stress"));
  }

  @Test
  void withoutAGpuNothingIsRunAndTheReasonIsGiven() throws IOException {
    step("wall", 4, "", "");
    run("wall", new RunFixture().backend("cuda", "unavailable: no NVIDIA driver"));
    assertEquals(
        "NOT RUN  wall: backend cuda is unavailable: no NVIDIA driver", judge().of("wall"));
  }

  @Test
  void aSanitizerPassesOnlyIfItWatchedEverything() throws IOException {
    step("memcheck", 0, "", CLEAN);
    run("memcheck", ended(sums("a"), 100));
    step("racecheck", 0, "", CLEAN);
    run("racecheck", ended(sums("a"), 60));
    Answer a = judge();
    assertEquals("PASS  memcheck: 100 kernels, types and shapes, no error", a.of("memcheck"));
    assertEquals(
        "NOT RUN  racecheck: incomplete, 60 of 100 kernels, types and shapes were run under it",
        a.of("racecheck"));
  }

  @Test
  void aSanitizerThatFindsSomethingFails() throws IOException {
    step("memcheck", 9, "", "========= Invalid read\n========= ERROR SUMMARY: 4 errors");
    run("memcheck", ended(sums("a"), 100));
    step(
        "racecheck",
        0,
        "",
        "========= Race reported\n========= RACECHECK SUMMARY: 1 hazard displayed");
    run("racecheck", ended(sums("a"), 100));
    Answer a = judge();
    assertEquals("FAIL  memcheck: 4 errors, first: Invalid read", a.of("memcheck"));
    assertEquals("FAIL  racecheck: 1 errors, first: Race reported", a.of("racecheck"));
    assertEquals(ExitCode.NOT_HELD, a.code());
  }

  @Test
  void aSanitizerThatIsMissingOrRefusesIsNotRun() throws IOException {
    step("memcheck", -1, "compute-sanitizer is in none of PATH", "");
    step("racecheck", 0, "", "========= Error: Device not supported\n" + CLEAN);
    run("racecheck", ended(sums("a"), 100));
    Answer a = judge();
    assertEquals("NOT RUN  memcheck: compute-sanitizer is in none of PATH", a.of("memcheck"));
    assertEquals(
        "NOT RUN  racecheck: compute-sanitizer says: Error: Device not supported",
        a.of("racecheck"));
  }

  @Test
  void aSanitizerWithoutASummaryIsNotRun() throws IOException {
    step("memcheck", 0, "", "done");
    run("memcheck", ended(sums("a"), 100));
    assertEquals("NOT RUN  memcheck: compute-sanitizer printed no summary", judge().of("memcheck"));
  }

  private static RunFixture bar(RunFixture run, String who, double subject, int rounds) {
    String mine = "sum/f32/n7/cuda/" + who + "/normal@1";
    String other = "sum/f32/n7/cuda/other/normal@1";
    for (int i = 0; i < rounds; i++) {
      run.timing(mine, AT, i, "a", subject, subject);
      run.timing(other, AT, i, "a", 100.0, 100.0);
    }
    List<Manifest.PairInfo> pairs =
        List.of(new Manifest.PairInfo(mine + "?" + AT, other + "?" + AT, null, null));
    return run.bar(
        new Manifest.BarInfo(
            "bar_" + who, "", "cuda/" + who, "cuda/other", "speed", 1.0, null, false, pairs));
  }

  @Test
  void barsAreMetMissedOrNotMeasured() throws IOException {
    step("speed", 0, "", "");
    RunFixture run = new RunFixture().backend("cuda", "available");
    bar(run, "fast", 80, 6);
    bar(run, "slow", 125, 6);
    bar(run, "late", 80, 2);
    run("speed", run);
    Answer a = judge();
    assertEquals(
        "PASS  speed, bar_fast, cuda/fast against cuda/other: 1.250 (1.250 to 1.250) by the host's"
            + " clock, asked is speed >= 1.000",
        a.of("speed, bar_fast"));
    assertTrue(a.of("speed, bar_slow").startsWith("FAIL"), a.toString());
    assertTrue(a.of("speed, bar_late").startsWith("NOT RUN"), a.toString());
    assertEquals(ExitCode.NOT_HELD, a.code());
  }

  @Test
  void aBarThatWasReachedUnderThrottlingIsNoPlainPass() throws IOException {
    step("speed", 0, "", "");
    RunFixture run = new RunFixture().backend("cuda", "available");
    bar(run, "fast", 80, 6);
    bar(run, "slow", 125, 6);
    for (String who : List.of("fast", "slow")) {
      String id = "sum/f32/n7/cuda/" + who + "/normal@1";
      for (int iteration = 0; iteration < 3; iteration++) { // the first is a warm-up
        DeviceSample slow =
            new DeviceSample(1, -1, 1, 1, -1, -1, -1, -1, List.of("sw_power_cap"), true);
        run.add(new Record.Device("timing-0", id, AT, 0, iteration, slow));
      }
    }
    run("speed", run);
    Answer a = judge();
    String fast = a.of("speed, bar_fast");
    assertTrue(fast.startsWith("PASS THROTTLED  speed, bar_fast, "), fast);
    assertTrue(fast.contains(", 2 iterations while the device held its clocks back, "), fast);
    assertTrue(a.of("speed, bar_slow").startsWith("FAIL  "), a.toString());
  }

  private static RunFixture wall(int iterations, double added) {
    String id = "fma_chain/f32/n32r9/cuda/canonical/normal@1";
    RunFixture run = new RunFixture().backend("cuda", "available");
    Double[] samples = new Double[iterations];
    for (int i = 0; i < iterations; i++) {
      samples[i] = 1e6 + added;
      DeviceSample sample = new DeviceSample(1, 1e6, 1e6, 1e6, -1, -1, -1, -1, null, false);
      run.add(new Record.Device("timing-0", id, AT, 0, i + 1, sample));
    }
    return run.timing(id, AT, 0, "a", samples);
  }

  @Test
  void theHostsClockMayAddTenMicroseconds() throws IOException {
    step("wall", 0, "", "");
    run("wall", wall(1000, 9_500));
    assertEquals(
        "PASS  wall: 9.50 us more than the device's 1.000 ms, median of 1000, asked is < 10 us",
        judge().of("wall"));
  }

  @Test
  void moreIsTooMuch() throws IOException {
    step("wall", 0, "", "");
    run("wall", wall(1000, 10_500));
    assertTrue(judge().of("wall").startsWith("FAIL  wall: 10.50 us"), judge().toString());
  }

  @Test
  void fewerIterationsAreTooFew() throws IOException {
    step("wall", 0, "", "");
    run("wall", wall(999, 5));
    assertTrue(judge().of("wall").endsWith("1000 are needed"), judge().toString());
  }

  @Test
  void whatIsNotPromisedMayVaryAndWhatIsPromisedMayNot() throws IOException {
    step("stress", 1, "", "");
    run(
        "stress",
        new RunFixture()
            .backend("cuda", "available")
            .backend("cudnn", "unavailable: no cuDNN")
            .variant("dot", "cublas", "atomics", "nondeterministic", List.of())
            .variant("dot", "cublas", "default", "deterministic", RunFixture.RUN_TO_RUN)
            .variant("dot", "cublas", "rare", "nondeterministic", List.of())
            .capture("dot/f32/n7/cublas/atomics/normal@1", AT, 0, 201, 3, "a", "b")
            .capture("dot/f32/n7/cublas/default/normal@1", AT, 0, 201, 3, "a", "b")
            .clean("dot/f32/n7/cublas/rare/normal@1", AT, 0, 200, "a"));
    Answer a = judge();
    assertEquals(
        "PASS  stress, dot cublas/atomics: promises nothing; seen: varies on repeat of n7, 200"
            + " repeats",
        a.of("stress, dot cublas/atomics"));
    assertTrue(a.of("stress, dot cublas/default").startsWith("FAIL"), a.toString());
    assertTrue(a.of("stress, dot cublas/rare").endsWith("199 repeats, 200 are needed"));
    assertEquals(
        "NOT RUN  stress, cudnn: backend cudnn is unavailable: no cuDNN", a.of("stress, cudnn"));
  }
}
