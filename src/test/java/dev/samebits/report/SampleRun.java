package dev.samebits.report;

import dev.samebits.analysis.RunFixture;
import dev.samebits.analysis.Summary;
import dev.samebits.kernel.Philox;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A made-up run with everything in it that a report has to show. */
final class SampleRun {
  private static final List<String> NONE = List.of();
  private final RunFixture run = new RunFixture();
  private final Philox random = new Philox(7, 0);
  private long draw;

  private SampleRun() {}

  static Summary summary() {
    return new SampleRun().build().summary();
  }

  private RunFixture build() {
    matmul("matmul/f32/m512n512k512");
    matmul("matmul/f64/m256n256k256");
    matmul("matmul/f32/m64n64k4096");
    variant("sum", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE, "NONE");
    variant("sum", "jvm", "atomic_arrival", "nondeterministic", NONE, "POSITIVE");
    variant("sum", "jvm", "ordered", "deterministic", RunFixture.RUN_TO_RUN, "NEGATIVE");
    variant("sum", "jvm", "lane_reduce", "deterministic", RunFixture.RUN_TO_RUN, "NONE");
    steady("sum/f32/n1048576/jvm/canonical/wide@1", 95_000);
    steady("sum/f32/n1048576/jvm/ordered/wide@1", 70_000);
    String lanes = "sum/f32/n1048576/jvm/lane_reduce/wide@1";
    time(lanes, "threads=2", 61_000);
    run.clean(lanes, "threads=1", 0, 200, "l").clean(lanes, "threads=1", 1, 200, "other");
    String atomic = "sum/f32/n1048576/jvm/atomic_arrival/wide@1";
    time(atomic, "threads=2", 66_000);
    run.clean(atomic, "threads=1", 0, 200, "t");
    run.capture(atomic, "threads=2", 0, 1000, 3, many("t", 37));
    run.capture(atomic, "threads=2", 1, 1000, 3, many("u", 29));
    for (String who : List.of("jvm/canonical", "openblas/default", "nd4j/default")) {
      run.clean("matmul/f32/m64n64k64/" + who + "/integer@1", "threads=2", 0, 50, "exact");
    }
    accuracy();
    scaling();
    bars();
    troubles();
    training();
    return run;
  }

  private void accuracy() {
    String problem = "matmul/f32/m512n512k512/";
    error(problem + "openblas/default", 2.4);
    error(problem + "openblas/single_thread", 2.1);
    error(problem + "nd4j/default", 3.7);
    error(problem + "jvm/canonical", 0.0);
  }

  private void error(String who, double ulp) {
    run.add(
        new Record.Accuracy("capture-0", who + "/normal@1", "threads=2", 256, 4096, ulp, ulp, 0.5));
  }

  private void scaling() {
    variant("fma_chain", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE, "NONE");
    time("fma_chain/f32/n12288r1024/jvm/canonical/normal@1", "threads=1", 225_000);
    time("fma_chain/f32/n12288r1024/jvm/canonical/normal@1", "threads=2", 113_000);
    for (int n = 32; n <= 256; n *= 2) {
      String shape = "matmul/f32/m" + n + "n" + n + "k" + n;
      time(shape + "/jvm/canonical/normal@1", "threads=1", 0.021 * n * n * n);
      time(shape + "/jvm/canonical/normal@1", "threads=2", 0.013 * n * n * n);
      time(shape + "/jvm/canonical/normal@1", "isa=avx2;threads=2", 0.016 * n * n * n);
      time(shape + "/openblas/default/normal@1", "threads=2", 0.012 * n * n * n + 3000);
    }
  }

  private void bars() {
    variant("dot", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE, "NONE");
    variant("dot", "openblas", "default", "nondeterministic", NONE, "NONE");
    Manifest.PairInfo million = pair(1_000_000, 6, 10_000, 12_000);
    Manifest.PairInfo thousand = pair(1000, 6, 500, 400);
    Manifest.PairInfo missing = pair(10_000, 2, 4000, 4100);
    pair(0, 6, 40, 330);
    bar("dot_large", "speed", 0.97, null, false, million);
    bar("dot_each", "speed", 1.0, 0.9, false, million, thousand);
    bar("dot_less_call", "time", 0.5, null, true, thousand);
    bar("dot_unmeasured", "speed", 1.0, null, false, million, missing);
  }

  private void bar(
      String name,
      String measure,
      double bar,
      Double each,
      boolean subtract,
      Manifest.PairInfo... pairs) {
    run.bar(
        new Manifest.BarInfo(
            name,
            "made up",
            "jvm/canonical",
            "openblas/default",
            measure,
            bar,
            each,
            subtract,
            List.of(pairs)));
  }

  private Manifest.PairInfo pair(int n, int forks, double subject, double opponent) {
    String mine = "dot/f32/n" + n + "/jvm/canonical/normal@1";
    String other = "dot/f32/n" + n + "/openblas/default/normal@1";
    for (int fork = 0; fork < forks; fork++) {
      run.timing(mine, "threads=1", fork, "c", samples(subject));
      run.timing(other, "threads=1", fork, "c", samples(opponent));
    }
    String at = "?threads=1";
    return new Manifest.PairInfo(
        mine + at,
        other + at,
        "dot/f32/n0/jvm/canonical/normal@1" + at,
        "dot/f32/n0/openblas/default/normal@1" + at);
  }

  private void variant(
      String kernel, String backend, String name, String mode, List<String> axes, String control) {
    run.variant(kernel, backend, name, mode, axes, control);
  }

  private void matmul(String problem) {
    variant("matmul", "openblas", "default", "nondeterministic", NONE, "NONE");
    variant("matmul", "openblas", "single_thread", "deterministic", RunFixture.RUN_TO_RUN, "NONE");
    variant("matmul", "nd4j", "default", "nondeterministic", NONE, "NONE");
    variant("matmul", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE, "NONE");
    String in = "/normal@1";
    String open = problem + "/openblas/default" + in;
    time(open, "threads=2", 1_450_000);
    for (int p = 0; p < 3; p++) {
      run.clean(open, "threads=1", p, 200, "one").clean(open, "threads=2", p, 200, "two");
    }
    run.clean(open, "load=1;threads=2", 0, 60, "two");
    steady(problem + "/openblas/single_thread" + in, 2_700_000);
    String nd4j = problem + "/nd4j/default" + in;
    time(nd4j, "threads=2", 1_600_000);
    run.capture(nd4j, "threads=2", 0, 200, 1, "n", "m").clean(nd4j, "threads=1", 0, 200, "n");
    steady(problem + "/jvm/canonical" + in, 30_000_000);
    run.bound(
        open, "OpenBLAS", "OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=2", "Zen");
    run.bound(nd4j, "OpenBLAS", "OpenBLAS 0.3.19 DYNAMIC_ARCH", "SkylakeX");
  }

  private void steady(String id, double nanos) {
    time(id, "threads=2", nanos);
    for (int p = 0; p < 3; p++) {
      run.clean(id, "threads=1", p, 200, "c").clean(id, "threads=2", p, 200, "c");
    }
    run.clean(id, "load=1;threads=2", 0, 60, "c");
  }

  private void time(String id, String condition, double nanos) {
    String print = id.contains("openblas/default") ? "two" : "c";
    if (!id.contains("openblas") && !id.contains("canonical") && !id.contains("ordered")) {
      print = id.contains("lane") ? "l" : id.contains("nd4j") ? "n" : "t";
    }
    for (int fork = 0; fork < 2; fork++) {
      run.timing(id, condition, fork, print, samples(nanos));
    }
  }

  private Double[] samples(double nanos) {
    Double[] samples = new Double[3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = nanos * (1 + 0.02 * random.uniformDouble(draw++));
    }
    return samples;
  }

  private static String[] many(String prefix, int n) {
    String[] prints = new String[n];
    for (int i = 0; i < n; i++) {
      prints[i] = prefix + (i == 0 ? "" : i);
    }
    return prints;
  }

  private void troubles() {
    variant("conv2d_forward", "nd4j", "default", "nondeterministic", NONE, "NONE");
    variant("conv2d_forward", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE, "NONE");
    String conv = "conv2d_forward/f32/n1c1h28w28k6r5s5pad2/";
    steady(conv + "jvm/canonical/normal@1", 900_000);
    run.clean(conv + "nd4j/default/normal@1", "threads=2", 0, 200, "k");
    run.failure(
        conv + "nd4j/default/normal@1",
        "threads=2",
        "capture",
        1,
        "FAILED",
        "the process died with exit code 134 (SIGABRT)");
    run.skip(
        "matmul/f32/m512n512k512/cublas/default/normal@1",
        "",
        "UNAVAILABLE",
        "libcublas.so.12 not found",
        "install CUDA 12 and run `doctor`");
    run.backend("jvm", "available")
        .backend("openblas", "available")
        .backend("nd4j", "available")
        .backend("cublas", "unavailable: libcublas.so.12 not found");
  }

  private void training() {
    train("nondeterministic", 3, 3);
    train("deterministic", 0, 1);
    train("reproducible", 0, 1);
  }

  private void train(String mode, int onset, int distinct) {
    List<Record.CurvePoint> curve = new ArrayList<>();
    for (int step = 1; step <= 2000; step = Math.max(step + 1, step * 27 / 25)) {
      double l2 =
          step < onset || onset == 0 ? 0 : 1e-7 * Math.exp(14 * (1 - Math.exp(-step / 500.0)));
      curve.add(new Record.CurvePoint(step, l2, l2 * l2, l2 > 0 ? 0.9 : 0, 2.3 / Math.sqrt(step)));
    }
    run.add(
        new Record.Training(
            "training-0",
            "mlp",
            "digits",
            mode,
            Map.of("matmul", onset > 0 ? "jvm/split_k_atomic" : "jvm/canonical"),
            "threads=2",
            1,
            2000,
            3,
            onset,
            distinct,
            onset > 0 ? List.of(0.9611, 0.9639, 0.9622) : List.of(0.9628, 0.9628, 0.9628),
            onset > 0 ? 0.0083 : 0,
            curve,
            onset > 0 ? 0.028 : null,
            List.of(),
            0.0004,
            2.4));
  }
}
