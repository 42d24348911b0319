package dev.samebits.analysis;

import dev.samebits.kernel.Receipt;
import dev.samebits.metric.Divergence;
import dev.samebits.result.Environment;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes the records that a run would leave, with differences planted on purpose. */
public final class RunFixture {
  /** Promised by a deterministic variant. */
  public static final List<String> RUN_TO_RUN = List.of("repeat", "process", "load");

  /** Promised by a canonical variant. */
  public static final List<String> EVERYWHERE = List.of("repeat", "process", "load", "threads");

  private final List<Record> records = new ArrayList<>();
  private final List<Manifest.VariantInfo> variants = new ArrayList<>();
  private final Map<String, ByteBuffer> blobs = new HashMap<>();
  private final Map<String, String> backends = new TreeMap<>();
  private final List<Manifest.BarInfo> bars = new ArrayList<>();
  private int cores = 2;
  private String status = "COMPLETE";
  private Double otherCores;

  /** Declares a variant. */
  public RunFixture variant(
      String kernel, String backend, String name, String mode, List<String> promised) {
    return variant(kernel, backend, name, mode, promised, "NONE");
  }

  /** Declares a variant with a control role. */
  public RunFixture variant(
      String kernel,
      String backend,
      String name,
      String mode,
      List<String> promised,
      String control) {
    String label =
        promised.isEmpty()
            ? "NOT_GUARANTEED"
            : promised.contains("threads") ? "EVERYWHERE" : "RUN_TO_RUN";
    variants.add(
        new Manifest.VariantInfo(
            kernel, backend, name, mode, label, promised, null, control, "about " + name, null));
    return this;
  }

  /** Says that the last variant runs on a device. */
  public RunFixture onDevice() {
    Manifest.VariantInfo v = variants.remove(variants.size() - 1);
    variants.add(
        new Manifest.VariantInfo(
            v.kernel(),
            v.backend(),
            v.variant(),
            v.mode(),
            v.guarantee(),
            v.promisedAxes(),
            v.twin(),
            v.control(),
            v.about(),
            true));
    return this;
  }

  /** Declares a bar against one opponent. */
  public RunFixture bar(Manifest.BarInfo bar) {
    bars.add(bar);
    return this;
  }

  /** Number of logical cores in the environment. */
  public RunFixture cores(int n) {
    cores = n;
    return this;
  }

  /** Cores that others kept busy. */
  public RunFixture others(double busy) {
    otherCores = busy;
    return this;
  }

  /** The manifest's status. */
  public RunFixture status(String s) {
    status = s;
    return this;
  }

  /** What the manifest says about a backend. */
  public RunFixture backend(String name, String availability) {
    backends.put(name, availability);
    return this;
  }

  /** Adds any record. */
  public RunFixture add(Record r) {
    records.add(r);
    return this;
  }

  /** A capture process whose repeats all gave one output. */
  public RunFixture clean(String id, String condition, int process, long repeats, String print) {
    return capture(id, condition, process, repeats, 0, print);
  }

  /** A capture process; each further output was seen once and differs by {@code ulp} in 1 of 4. */
  public RunFixture capture(
      String id, String condition, int process, long repeats, long ulp, String... prints) {
    String fork = "capture-" + process + "-" + condition;
    for (int i = 0; i < prints.length; i++) {
      records.add(
          new Record.Output(
              fork,
              id,
              condition,
              "capture",
              process,
              i,
              i == 0 ? repeats - prints.length + 1 : 1,
              print(prints[i]),
              i == 0 ? List.of("b0", "b-" + prints[i]) : null,
              blobs.containsKey(prints[i]) ? prints[i] : "",
              i == 0 ? null : divergence(4, 1, ulp)));
    }
    records.add(
        new Record.Capture(
            fork,
            id,
            condition,
            process,
            repeats,
            prints.length,
            prints.length > 1 ? 0.25 : 0,
            ulp,
            0.5));
    return this;
  }

  /** A difference of {@code changed} of {@code n} elements by {@code ulp}; 0 ULP means a NaN. */
  public static Divergence divergence(long n, long changed, long ulp) {
    TreeMap<String, Long> histogram = new TreeMap<>(Divergence.CLASS_ORDER);
    histogram.put("0", n - changed);
    histogram.put(ulp == 0 ? "nan" : ulp == 1 ? "1" : "2-3", changed);
    double vc = (double) changed / n;
    return new Divergence(n, changed, vc, 1e-8, ulp == 0 ? 1 : 0, ulp, histogram, 0);
  }

  /** A timing fork: the fork writes its outputs, the session its times. */
  public RunFixture timing(
      String id, String condition, int process, String print, Double... samples) {
    List<String> prints = new ArrayList<>();
    for (int i = 0; i < samples.length; i++) {
      prints.add(print(print));
      records.add(
          new Record.Output(
              "timing-" + process + "-4711",
              id,
              condition,
              "timing",
              process,
              i,
              1,
              print(print),
              null,
              "",
              null));
    }
    records.add(
        new Record.Timing(
            "timing-" + process,
            id,
            condition,
            process,
            "ns/op",
            List.of(samples[0]),
            List.of(samples),
            1,
            prints));
    return this;
  }

  /** A failed or timed-out process. */
  public RunFixture failure(
      String id, String condition, String pass, int process, String verdict, String why) {
    records.add(
        new Record.Failure("session", id, condition, pass, process, verdict, why, "last line"));
    return this;
  }

  /** A skipped case. */
  public RunFixture skip(String id, String condition, String verdict, String why, String remedy) {
    records.add(new Record.Skip("session", id, condition, verdict, why, remedy));
    return this;
  }

  /** The library behind a case. */
  public RunFixture bound(String id, String library, String version, String core) {
    records.add(
        new Record.Bound(
            "capture-0",
            id,
            "",
            Map.of("threads", "2"),
            new Receipt(library, version, "$CACHE/lib.so", "00ff".repeat(16), core, 2, Map.of()),
            List.of()));
    return this;
  }

  /** Keeps the raw output of a print given to {@link #capture}. */
  public RunFixture blob(String print, float... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : values) {
      b.putFloat(v);
    }
    blobs.put(print, b.flip());
    return this;
  }

  private static String print(String name) {
    return "sb128:" + name;
  }

  /** The records so far. */
  public List<Record> records() {
    return records;
  }

  /** The manifest. */
  public Manifest manifest() {
    Environment env =
        new Environment(
            "AMD EPYC",
            cores,
            cores,
            List.of("avx2", "fma", "avx512f"),
            16L << 30,
            "Debian 12",
            "6.1.0",
            "amd64",
            "OpenJDK 17",
            List.of(),
            Map.of(),
            "unknown: no cpufreq",
            0.5,
            List.of(),
            List.of());
    return new Manifest(
        1,
        "quick",
        "d",
        "myhost",
        "0123456789abcdef",
        List.of("java", "-jar", "benchmarks.jar"),
        "2026-11-22T07:00:00Z",
        "2026-11-22T07:04:00Z",
        status,
        List.of(1L),
        240,
        160,
        0.667,
        otherCores,
        3,
        100,
        100,
        backends,
        variants,
        bars,
        env);
  }

  /** A raw output by name. */
  public Optional<ByteBuffer> blobOf(String name) {
    return Optional.ofNullable(blobs.get(name))
        .map(b -> b.duplicate().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** All verdicts. */
  public List<Record.Verdict> verdicts() {
    return Judge.verdicts(records, manifest(), this::blobOf);
  }

  /** The verdict of one case on one axis. */
  public Record.Verdict verdict(String id, String axis) {
    return verdicts().stream()
        .filter(v -> v.caseId().equals(id) && v.axis().equals(axis))
        .findFirst()
        .orElse(null);
  }

  /** The summary. */
  public Summary summary() {
    return Summaries.of(records, manifest(), this::blobOf);
  }
}
