package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.FakeCuda;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the command line to the records, on a driver that works, one that fails and none. */
class CudaRunIT {
  private static final String HEAD =
      """
      suite: tiny
      timing: {forks: 1, warmups: 1, warmup_seconds: 0.05, iterations: 2, seconds: 0.05}
      capture: {processes: 1, repeats: 20, seconds: 5}
      """;
  private static final String SUM = "sum/f32/n20000/";

  @TempDir private Path dir;

  private record Answer(int code, String said, List<Record> records) {
    <T extends Record.OfCase> List<T> of(Class<T> type, String caseText) {
      return records.stream()
          .filter(type::isInstance)
          .map(type::cast)
          .filter(r -> r.caseId().equals(caseText))
          .toList();
    }

    Set<String> fingerprints(String caseText) {
      return of(Record.Output.class, caseText).stream()
          .map(Record.Output::fingerprint)
          .collect(Collectors.toSet());
    }
  }

  @AfterEach
  void mend() {
    FakeCuda.plantForChildren("");
  }

  private Answer run(List<String> flags, String cases, String... args)
      throws IOException, InterruptedException {
    return runSuite(flags, HEAD + cases, args);
  }

  private Answer runSuite(List<String> flags, String suiteText, String... args)
      throws IOException, InterruptedException {
    Path suite = Files.writeString(dir.resolve("tiny.yaml"), suiteText);
    Path results = dir.resolve("results");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(flags);
    command.addAll(List.of("-Djmh.ignoreLock=true", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "run", "--suite", suite.toString()));
    command.addAll(List.of("--out", results.toString()));
    command.addAll(List.of(args));
    Path said = dir.resolve("said.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.UTF_8);
    assertTrue(ended, text);
    return new Answer(process.exitValue(), text, ResultStore.open(results).records());
  }

  @Test
  void aRunOnADeviceHasTheBitsOfTheJvmAndTheTimesOfTheDevice() throws Exception {
    FakeCuda.plantForChildren("throttle=4");
    Answer a =
        run(
            FakeCuda.flags(),
            """
            cases:
              - {kernel: sum, dtypes: f32, shapes: n20000, variants: {jvm: canonical, cuda: canonical}, timed: true}
              - kernel: sum
                dtypes: f32
                shapes: n30000
                variants: {cuda: [canonical, block_tree_atomic]}
                conditions: {geometry: [64, 128]}
              - {kernel: matmul, dtypes: f16, shapes: m33n31k65, variants: {jvm: canonical, cuda: canonical}, timed: true}
              - {kernel: matmul, dtypes: bf16, shapes: m33n31k65, inputs: wide, variants: {jvm: canonical, cuda: canonical}}
            """);
    assertEquals(ExitCode.OK, a.code(), a.said());
    requireSixteenBits(a);
    Set<String> canonical = a.fingerprints(SUM + "cuda/canonical/normal@1");
    assertEquals(a.fingerprints(SUM + "jvm/canonical/normal@1"), canonical, a.said());
    assertEquals(1, canonical.size());
    assertTrue(
        a.fingerprints("sum/f32/n30000/cuda/block_tree_atomic/normal@1").size() > 1, a.said());
    assertEquals(1, a.fingerprints("sum/f32/n30000/cuda/canonical/normal@1").size());
    List<Record.Device> device = a.of(Record.Device.class, SUM + "cuda/canonical/normal@1");
    assertEquals(List.of(0, 1, 2), device.stream().map(Record.Device::iteration).toList());
    for (Record.Device d : device) {
      assertTrue(d.sample().invocations() > 0 && d.sample().medianNanos() > 0, d::toString);
      assertTrue(d.sample().throttled() && d.sample().reasons().contains("sw_power_cap"));
    }
    assertEquals(0, a.of(Record.Device.class, SUM + "jvm/canonical/normal@1").size());
    assertTrue(a.said().contains(" samples) THROTTLED"), a.said());
    assertTrue(
        a.said().contains("held its clocks back (sw_power_cap) in 4 of 4 measured"), a.said());
    Record.Bound bound = a.of(Record.Bound.class, SUM + "cuda/canonical/normal@1").get(0);
    assertEquals("CUDA driver", bound.receipt().library());
    assertEquals("compute_75", bound.effective().get("target"));
    assertTrue(
        a.of(Record.Verdict.class, "sum/f32/n30000/cuda/canonical/normal@1").stream()
            .anyMatch(v -> v.axis().equals("geometry") && v.outcome().equals("IDENTICAL")),
        a.said());
  }

  /** On inputs that round, too: no control with exact inputs is needed to see it. */
  @Test
  void anotherResultThanJavasIsAPromiseNotHeld() throws Exception {
    FakeCuda.plantForChildren("wrong=sum_canonical");
    Answer a =
        run(
            FakeCuda.flags(),
            "cases:\n  - {kernel: sum, dtypes: f32, shapes: n300, variants: {jvm: canonical, cuda:"
                + " canonical}}\n",
            "--json");
    assertEquals(ExitCode.NOT_HELD, a.code(), a.said());
    String line =
        "one definition, but other bits where another computes it, sum/f32/n300/normal@1: ";
    assertTrue(a.said().contains("\"" + line), a.said());
    assertTrue(a.said().contains("1 guarantee was NOT HELD."), a.said());
  }

  private static void requireSixteenBits(Answer a) {
    for (String[] c : new String[][] {{"f16", "normal@1"}, {"bf16", "wide@1"}}) {
      String product = "matmul/" + c[0] + "/m33n31k65/";
      Set<String> bits = a.fingerprints(product + "cuda/canonical/" + c[1]);
      assertEquals(1, bits.size(), a.said());
      assertEquals(bits, a.fingerprints(product + "jvm/canonical/" + c[1]), a.said());
      Record.Accuracy accuracy =
          a.of(Record.Accuracy.class, product + "cuda/canonical/" + c[1]).get(0);
      assertEquals(33 * 31, accuracy.outputs());
      assertTrue(accuracy.maxUlp() > 0, accuracy::toString);
    }
    assertTrue(a.said().contains("matmul f16 m33n31k65 normal@1, GFLOP/s"), a.said());
  }

  @Test
  void piecesRotatedInputsAndABusyDeviceKeepTheBits() throws Exception {
    FakeCuda.plantForChildren("sm=1");
    Answer a =
        run(
            FakeCuda.flags(),
            """
            cases:
              - kernel: matmul
                dtypes: f32
                shapes: m9n5k33
                variants: {cuda: canonical}
                conditions: {l2: [rotate, flush], slice: [1, 4], load: [1, gemm]}
                capture: {repeats: 3}
              - {kernel: sum, dtypes: f32, shapes: n99, variants: {cuda: canonical}, conditions: {align: [0, 4]}}
            """);
    assertEquals(ExitCode.OK, a.code(), a.said());
    String product = "matmul/f32/m9n5k33/cuda/canonical/normal@1";
    assertEquals(1, a.fingerprints(product).size(), a.said());
    List<Record.Verdict> verdicts = a.of(Record.Verdict.class, product);
    assertEquals(
        Set.of(
            "l2=rotate;threads=" + CORES,
            "l2=rotate;slice=1;threads=" + CORES,
            "l2=rotate;slice=4;threads=" + CORES),
        Set.copyOf(one(verdicts, "slice").settings()));
    assertEquals(6, one(verdicts, "load").n(), "three repeats beside each load");
    assertTrue(verdicts.stream().allMatch(v -> v.outcome().equals("IDENTICAL") && v.promised()));
  }

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private static Record.Verdict one(List<Record.Verdict> verdicts, String axis) {
    return verdicts.stream().filter(v -> v.axis().equals(axis)).findFirst().orElseThrow();
  }

  @Test
  void aLoadThatNeverRunsIsMistrusted() throws Exception {
    FakeCuda.plantForChildren("sm=1,idle=matmul_canonical");
    Answer a =
        run(
            FakeCuda.flags(),
            """
            cases:
              - {kernel: sum, dtypes: f32, shapes: n99, variants: {cuda: canonical}, conditions: {load: gemm}}
            """);
    String sum = "sum/f32/n99/cuda/canonical/normal@1";
    Record.Failure failure = a.of(Record.Failure.class, sum).get(0);
    assertEquals("MISTRUSTED", failure.verdict());
    assertTrue(failure.why().contains("the device is not loaded"), failure.why());
    assertEquals("MISTRUSTED", one(a.of(Record.Verdict.class, sum), "load").outcome());
  }

  @Test
  void aFaultCostsOneCaseAndAFullDeviceSkipsOne() throws Exception {
    FakeCuda.plantForChildren("launch=719,symbol=sum_block_tree_two_pass,memory=1000000,short=exp");
    Answer a =
        run(
            FakeCuda.flags(),
            """
            cases:
              - {kernel: sum, dtypes: f32, shapes: [n100, n1000000], variants: {cuda: canonical}}
              - {kernel: sum, dtypes: f32, shapes: n200, variants: {cuda: [block_tree_two_pass, warp_shuffle]}}
              - {kernel: exp, dtypes: f32, shapes: n100, variants: {cuda: canonical}, timed: true}
            """);
    assertEquals(ExitCode.INCOMPLETE, a.code(), a.said());
    Record.Failure failure =
        a.of(Record.Failure.class, "sum/f32/n200/cuda/block_tree_two_pass/normal@1").get(0);
    assertEquals("FAILED", failure.verdict());
    assertTrue(
        failure
            .why()
            .contains("returned 719 CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)"),
        failure.why());
    assertEquals(
        1, a.of(Record.Capture.class, "sum/f32/n200/cuda/warp_shuffle/normal@1").size(), a.said());
    assertEquals(1, a.of(Record.Capture.class, "sum/f32/n100/cuda/canonical/normal@1").size());
    Record.Skip skip = a.of(Record.Skip.class, "sum/f32/n1000000/cuda/canonical/normal@1").get(0);
    assertEquals("SKIPPED", skip.verdict());
    requireShort(
        a,
        "exp/f32/n100/cuda/canonical/normal@1",
        "cuLaunchKernel of exp_canonical_f32 returned 2");
    assertTrue(
        skip.why().contains("needs 4000000 bytes; 1000000 of 1000000 bytes are free"), skip.why());
  }

  private static void requireShort(Answer a, String caseText, String call) {
    List<Record.Skip> skips = a.of(Record.Skip.class, caseText);
    assertTrue(!skips.isEmpty(), a.said());
    for (Record.Skip skip : skips) {
      assertEquals("SKIPPED", skip.verdict());
      assertTrue(skip.why().startsWith("out of device memory: " + call), skip.why());
      assertTrue(skip.why().endsWith(" bytes are free"), skip.why());
    }
    assertEquals(List.of(), a.of(Record.Failure.class, caseText), a.said());
  }

  /** Where several cases share a process, the others go on. */
  @Test
  void aDeviceThatFillsUpLeavesOutContestsAndTraining() throws Exception {
    FakeCuda.plantForChildren("short=matmul_split_k_ordered");
    Answer a =
        runSuite(
            FakeCuda.flags(),
            """
            suite: tiny
            timing: {forks: 6, together: 3, warmups: 1, warmup_seconds: 0.01, iterations: 2, seconds: 0.01}
            bars:
              - name: parts
                kernels: matmul
                dtypes: f32
                shapes: m9n5k33
                subject: cuda/canonical
                against:
                  - {who: cuda/split_k_ordered, speed: 1}
            training:
              - model: mlp
                data: digits
                seed: 1
                steps: 1
                replicates: 2
                modes:
                  deterministic: {others: cuda/canonical, matmul_backward_weight: cuda/split_k_ordered}
            """);
    String call = "cuLaunchKernel of matmul_split_k_ordered_f32_parts returned 2";
    requireShort(a, "matmul/f32/m9n5k33/cuda/split_k_ordered/normal@1", call);
    requireShort(a, "mlp/digits/deterministic", call);
    assertEquals(6, a.of(Record.Timing.class, "matmul/f32/m9n5k33/cuda/canonical/normal@1").size());
  }

  private static final String FAULT =
      "returned 719 CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)";

  private static void requireFault(List<Record.Failure> failures, int rounds, String said) {
    assertEquals(rounds, failures.size(), said);
    for (Record.Failure f : failures) {
      assertEquals("FAILED", f.verdict());
      assertTrue((f.why() + f.detail()).contains(FAULT), f.toString());
    }
  }

  @Test
  void aFaultEndsAJmhForkAndTheNextStartsClean() throws Exception {
    FakeCuda.plantForChildren("launch=719,symbol=sum_block_tree_two_pass");
    Answer a =
        run(
            FakeCuda.flags(),
            """
            cases:
              - {kernel: sum, dtypes: f32, shapes: n200, variants: {cuda: [block_tree_two_pass, warp_shuffle]}, timed: true, capture: {processes: 0}}
            """);
    assertEquals(ExitCode.INCOMPLETE, a.code(), a.said());
    String two = "sum/f32/n200/cuda/block_tree_two_pass/normal@1";
    requireFault(a.of(Record.Failure.class, two), 1, a.said());
    assertEquals(
        1, a.of(Record.Timing.class, two.replace("block_tree_two_pass", "warp_shuffle")).size());
  }

  /** Whoever takes turns with it is timed in another process, in every round. */
  @Test
  void aFaultInAContestCostsTheCaseThatMadeItAlone() throws Exception {
    FakeCuda.plantForChildren("launch=719,symbol=sum_block_tree_two_pass,throttle=4");
    Answer a =
        runSuite(
            FakeCuda.flags(),
            """
            suite: tiny
            timing: {forks: 6, together: 3, warmups: 1, warmup_seconds: 0.01, iterations: 2, seconds: 0.01}
            bars:
              - name: two
                kernels: sum
                dtypes: f32
                shapes: [n100, n300]
                subject: cuda/canonical
                against:
                  - {who: cuda/block_tree_two_pass, speed: 0.001}
                  - {who: cuda/warp_shuffle, speed: 0.001}
            """,
            "--json");
    assertEquals(ExitCode.INCOMPLETE, a.code(), a.said());
    for (String shape : List.of("n100", "n300")) {
      String sum = "sum/f32/" + shape + "/cuda/";
      requireFault(a.of(Record.Failure.class, sum + "block_tree_two_pass/normal@1"), 6, a.said());
      for (String who : List.of("canonical", "warp_shuffle")) {
        List<Record.Timing> times = a.of(Record.Timing.class, sum + who + "/normal@1");
        assertEquals(
            List.of(0, 1, 2, 3, 4, 5),
            times.stream().map(Record.Timing::process).sorted().toList());
        assertEquals(List.of(), a.of(Record.Failure.class, sum + who + "/normal@1"));
      }
    }
    List<Record.Bar> judged =
        a.records().stream()
            .filter(Record.Bar.class::isInstance)
            .map(Record.Bar.class::cast)
            .toList();
    Map<String, String> bars =
        judged.stream().collect(Collectors.toMap(Record.Bar::opponent, Record.Bar::outcome));
    // Two iterations of both sides in six rounds; two shapes.
    assertEquals(2 * 6 * 2 * 2, judged.get(1).throttled());
    assertTrue(
        a.said().contains("timed under throttling ([sw_power_cap]), 3 iterations of sum/f32"));
    assertEquals(
        Map.of("cuda/block_tree_two_pass", "NOT_MEASURED", "cuda/warp_shuffle", "MET"), bars);
  }

  @Test
  void aFaultInTrainingCostsItsModeAlone() throws Exception {
    FakeCuda.plantForChildren("launch=719,symbol=matmul_split_k_ordered");
    Answer a =
        run(
            FakeCuda.flags(),
            """
            training:
              - model: mlp
                data: digits
                steps: 1
                replicates: 2
                modes:
                  deterministic: {others: cuda/canonical, matmul_backward_weight: cuda/split_k_ordered}
                  reproducible: {others: cuda/canonical}
            """);
    assertEquals(ExitCode.INCOMPLETE, a.code(), a.said());
    requireFault(a.of(Record.Failure.class, "mlp/digits/deterministic"), 1, a.said());
    assertEquals(
        List.of("reproducible"),
        a.records().stream()
            .filter(Record.Training.class::isInstance)
            .map(r -> ((Record.Training) r).mode())
            .toList());
  }

  @Test
  void withoutADriverTheRestRunsAndOneLineSaysWhy() throws Exception {
    List<String> none = List.of("-Dsamebits.cuda.driver=/nowhere/libcuda.so.1");
    String cases =
        "cases:\n  - {kernel: sum, dtypes: f32, shapes: n100, variants: {jvm: canonical, cuda:"
            + " all}, timed: true}\n";
    Answer a = run(none, cases);
    assertEquals(ExitCode.OK, a.code(), a.said());
    assertEquals(
        1,
        a.said().lines().filter(l -> l.contains("backend cuda is unavailable")).count(),
        a.said());
    assertTrue(a.said().contains("no such file: /nowhere/libcuda.so.1"), a.said());
    assertEquals(
        1,
        a.said().lines().filter(l -> l.startsWith("UNAVAILABLE backend cuda")).count(),
        a.said());
    assertTrue(a.said().lines().noneMatch(l -> l.startsWith(" cuda ")), a.said());
    assertTrue(
        a.of(Record.Skip.class, "sum/f32/n100/cuda/canonical/normal@1").stream()
            .allMatch(s -> s.verdict().equals("UNAVAILABLE")));
    assertEquals(1, a.of(Record.Capture.class, "sum/f32/n100/jvm/canonical/normal@1").size());
  }
}
