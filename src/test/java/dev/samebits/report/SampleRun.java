package dev.samebits.report;

import dev.samebits.analysis.RunFixture;
import dev.samebits.analysis.Summary;
import dev.samebits.kernel.Philox;
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
    troubles();
    training();
    return run;
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
      Double[] samples = new Double[3];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = nanos * (1 + 0.02 * random.uniformDouble(draw++));
      }
      run.timing(id, condition, fork, print, samples);
    }
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
