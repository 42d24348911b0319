package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.FakeVendor;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the command line to the records on fakes of NVIDIA's libraries: what is asked for reaches
 * the forks, and each variant's environment its own.
 */
class VendorRunIT {
  private static final String SUITE =
      """
      suite: tiny
      timing: {forks: 1, warmups: 1, warmup_seconds: 0.05, iterations: 1, seconds: 0.05}
      capture: {processes: 1, repeats: 5, seconds: 5}
      cases:
        - kernel: matmul
          dtypes: f32
          shapes: m13n7k300
          variants: {cublas: [default, lt_2], jcublas: default}
        - {kernel: matmul, dtypes: [f16, bf16], shapes: m13n7k31, variants: {cublas: [pedantic, lt_0], jcublas: pedantic}}
        - {kernel: matmul, dtypes: f64, shapes: m13n7k31, variants: {cublas: workspace_4096_8}}
        - {kernel: conv2d_forward, dtypes: f32, shapes: n2c3h7w5k4r3s3pad1, variants: {cudnn: algo_1}}
      """;

  @TempDir private Path dir;
  private List<Record> records;

  private <T extends Record.OfCase> List<T> of(Class<T> type, String caseText) {
    return records.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(r -> r.caseId().equals(caseText + "/normal@1"))
        .toList();
  }

  private Set<String> fingerprints(String caseText) {
    return of(Record.Output.class, caseText).stream()
        .map(Record.Output::fingerprint)
        .collect(Collectors.toSet());
  }

  private String run(Path home, Path dnn) throws Exception {
    Path suite = Files.writeString(dir.resolve("tiny.yaml"), SUITE);
    Path results = dir.resolve("results");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(FakeVendor.flags());
    command.addAll(List.of("-Djmh.ignoreLock=true", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "run", "--suite", suite.toString()));
    command.addAll(List.of("--out", results.toString(), "--cuda-home", home.toString()));
    command.addAll(List.of("--library", "cuda@12.6"));
    Path said = dir.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    // cuDNN is no part of the toolkit: the loader's path has it.
    builder.environment().put("LD_LIBRARY_PATH", dnn.resolve("lib").toString());
    Process process = builder.start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.UTF_8);
    assertTrue(ended, text);
    assertEquals(ExitCode.OK, process.exitValue(), text);
    records = ResultStore.open(results).records();
    return text;
  }

  @Test
  void everyForkBindsWhatWasAskedFor() throws Exception {
    FakeVendor.useDriver();
    Path home = FakeVendor.cublas("12.6");
    String said = run(home, FakeVendor.cudnn(9));
    String product = "matmul/f32/m13n7k300/";
    Set<String> bits = fingerprints(product + "cublas/default");
    assertEquals(1, bits.size(), said);
    assertEquals(bits, fingerprints(product + "jcublas/default"), said);
    for (String dtype : List.of("f16", "bf16")) {
      String half = "matmul/" + dtype + "/m13n7k31/";
      Set<String> pedantic = fingerprints(half + "cublas/pedantic");
      assertEquals(1, pedantic.size(), said);
      assertEquals(pedantic, fingerprints(half + "jcublas/pedantic"), said);
      assertEquals(pedantic, fingerprints(half + "cublas/lt_0"), said);
    }
    String flat = said.replaceAll("\\s+", " ");
    String one = "Of 3 problems of one library called through two bindings, each has the same bits";
    assertTrue(flat.contains(one), said);
    Record.Bound bound = of(Record.Bound.class, product + "cublas/default").get(0);
    assertTrue(bound.receipt().path().endsWith("cuda-12.6/lib64/libcublas.so.12"), said);
    assertEquals("12.6", bound.receipt().more().get("toolkit"));
    assertEquals("default", bound.effective().get("math"));
    Record.Bound dnn =
        of(Record.Bound.class, "conv2d_forward/f32/n2c3h7w5k4r3s3pad1/cudnn/algo_1").get(0);
    assertEquals("9.5.1", dnn.receipt().version());
    assertTrue(dnn.receipt().more().get("libcublas path").endsWith("libcublas.so.12"), said);
    assertEquals("fma", dnn.effective().get("math"));
    assertEquals(1, fingerprints("matmul/f64/m13n7k31/cublas/workspace_4096_8").size(), said);
    Record.Skip skip = of(Record.Skip.class, product + "cublas/lt_2").get(0);
    assertTrue(skip.why().contains("offers 2 algorithms"), skip.toString());
  }
}
