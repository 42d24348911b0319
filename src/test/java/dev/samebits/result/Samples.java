package dev.samebits.result;

import dev.samebits.kernel.DeviceSample;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.LoadedLibrary;
import dev.samebits.metric.Divergence;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One record of every type, with every field filled. */
final class Samples {
  static final String CASE = "matmul/f32/m64n64k64/jvm/split_k_atomic/normal@1";

  private Samples() {}

  static List<Record> all() {
    String c = "threads=2";
    Divergence difference =
        new Divergence(
            4096,
            17,
            17 / 4096.0,
            1.25e-7,
            3,
            12,
            new TreeMap<>(Map.of("0", 4079L, "8-15", 17L)),
            2);
    return List.of(
        new Record.Start(
            "capture-000",
            "capture",
            0,
            4711,
            "2026-11-22T06:00:00Z",
            "2026-11-22T06:01:00Z",
            "Temurin 17",
            List.of("-Xmx1g"),
            Map.of("OMP_NUM_THREADS", "2"),
            List.of(CASE + "?" + c)),
        new Record.Bound(
            "capture-000",
            CASE,
            c,
            Map.of("threads", "2"),
            new Receipt(
                "OpenBLAS",
                "0.3.31",
                "$CACHE/libopenblas.so.0",
                "ab12",
                "SkylakeX",
                2,
                Map.of("config", "DYNAMIC_ARCH")),
            List.of(new LoadedLibrary("/usr/lib/libm.so.6", "cd34"))),
        new Record.Output(
            "capture-000",
            CASE,
            c,
            "capture",
            0,
            3,
            21,
            "sb128:00ff",
            List.of("a0", "b1"),
            "sb128-00ff",
            difference),
        new Record.Capture("capture-000", CASE, c, 0, 200, 3, 0.25, 12, 0.5),
        new Record.Timing(
            "timing-000",
            CASE,
            c,
            1,
            "ns/op",
            List.of(1234.5),
            List.of(1200.25, 1e9),
            1.05,
            List.of("sb128:00ff", "sb128:01ff")),
        new Record.Device(
            "timing-000",
            CASE,
            c,
            1,
            2,
            new DeviceSample(
                1000, 1200.5, 1100, 1e6, 1980, 2619, 123.5, 41, List.of("sw_power_cap"), true)),
        new Record.Accuracy("capture-000", CASE, c, 256, 4096, 3.5, 0.75, 0.5),
        new Record.Training(
            "training-000",
            "mlp",
            "digits",
            "reproducible",
            Map.of("matmul_forward", "jvm/canonical"),
            c,
            1,
            2000,
            3,
            0,
            1,
            List.of(0.9, 0.9, 0.9),
            0,
            List.of(new Record.CurvePoint(1, 0, 0, 0, 2.3)),
            0.01,
            List.of(List.of("sb128:02"), List.of("sb128:02")),
            0.002,
            12.5),
        new Record.Skip("session", CASE, "", "SKIPPED", "needs 2 cores", "use more cores"),
        new Record.Failure(
            "session",
            CASE,
            c,
            "timing",
            1,
            "FAILED",
            "exit code 134",
            "SIGABRT: \u0131 \u00fc \"x\""),
        new Record.Verdict(
            "session",
            CASE,
            c,
            "repeat",
            "VARIES",
            200,
            3,
            12,
            0.25,
            "3 patterns in 200 repeats",
            List.of("threads=2"),
            false,
            "order of arrival"),
        new Record.Bar(
            "session",
            "small",
            "small matmul",
            "jvm/canonical",
            "openblas/default?isa=haswell",
            "speed",
            1,
            0.9,
            true,
            "MISSED",
            true,
            "geometric mean 0.95, asked is 1.00",
            new Record.Interval(0.9, 0.8, 1.1),
            new Record.Interval(0.95, 0.93, 0.97),
            List.of(
                new Record.BarCase(
                    CASE + "?" + c,
                    CASE + "?" + c,
                    6,
                    new Record.Interval(0.9, 0.8, 1.1),
                    null,
                    false,
                    "the empty call was not timed",
                    "device",
                    3))),
        new Record.End("capture-000", CASE, c, "capture", 0));
  }

  static Record end(String fork, int process) {
    return new Record.End(fork, CASE, "", "capture", process);
  }

  static Record.Verdict verdict(String outcome) {
    return new Record.Verdict(
        "session", CASE, "", "repeat", outcome, 2, 1, 0, 0, "", List.of(), true, "");
  }
}
