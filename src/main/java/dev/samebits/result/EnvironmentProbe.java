package dev.samebits.result;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Finds out where a run is made, in well under a second, without loading CUDA and without ever
 * failing: what cannot be found is a note. On Linux it reads {@code /proc} and {@code /sys}; on
 * other platforms it asks OSHI.
 */
public final class EnvironmentProbe {
  private static final long OSHI_MILLIS = 900;
  private static final int MAX_NOTE = 120; // a missing native lists the whole class path
  private static final Pattern ISA =
      Pattern.compile(
          "sse2|sse4_1|sse4_2|avx|fma|fma4|f16c|avx2|avx_.*|avx512.*|amx_.*"
              + "|asimd.*|fphp|sve.*|sme|sme[0-9_].*|bf16|i8mm");
  private static final Pattern ENV =
      Pattern.compile(
          "(OMP|GOMP|KMP|OPENBLAS|GOTO|BLIS|MKL|DNNL|ONEDNN|CUBLAS|CUDNN)_[A-Z0-9_]+"
              + "|CUDA_VISIBLE_DEVICES|NVIDIA_TF32_OVERRIDE|LD_PRELOAD|LD_LIBRARY_PATH"
              + "|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS");

  private final Path root;
  private final Map<String, String> env;
  private final List<String> notes = new ArrayList<>();

  EnvironmentProbe(Path root, Map<String, String> env) {
    this.root = root;
    this.env = env;
  }

  /** The environment of this process. */
  public static Environment read() {
    return new EnvironmentProbe(Path.of("/"), System.getenv()).probe();
  }

  /** {@code os.name} and {@code os.arch} are believed, even if they are false. */
  Environment probe() {
    String os = System.getProperty("os.name", "unknown");
    String release = System.getProperty("os.version", "unknown");
    boolean linux = os.toLowerCase(Locale.ROOT).startsWith("linux");
    ProcFiles proc = linux ? new ProcFiles(root) : null;
    OshiProbe.Hardware hardware =
        linux ? fromProc(proc) : attempt("hardware", () -> OshiProbe.within(OSHI_MILLIS), null);
    if (hardware == null) {
      hardware = new OshiProbe.Hardware("unknown", 0, List.of());
    }
    List<String> isa = linux ? proc.flags(ISA.asMatchPredicate()) : List.of();
    if (isa.isEmpty()) {
      notes.add(linux ? "isa: no flags in /proc/cpuinfo" : "isa: only known on Linux");
    }
    return new Environment(
        hardware.cpu(),
        hardware.physicalCores(),
        Runtime.getRuntime().availableProcessors(),
        isa,
        attempt("memory", EnvironmentProbe::memory, 0L),
        linux ? proc.distribution().orElse(os) : os + " " + release,
        release,
        System.getProperty("os.arch", "unknown"),
        jvm(),
        attempt("jvmArgs", EnvironmentProbe::jvmArgs, List.of()),
        variables(),
        linux ? proc.governor().orElse("unknown: no cpufreq in /sys") : "unknown: not on Linux",
        attempt(
            "loadAverage",
            () -> ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            -1.0),
        hardware.gpus(),
        List.copyOf(notes));
  }

  private OshiProbe.Hardware fromProc(ProcFiles proc) {
    if (proc.cpu().isEmpty()) {
      notes.add("cpu: no model name in /proc/cpuinfo");
    }
    if (proc.physicalCores().isEmpty()) {
      notes.add("physicalCores: no core ids in /proc/cpuinfo; hardware threads given instead");
    }
    return new OshiProbe.Hardware(
        proc.cpu().orElse("unknown"),
        proc.physicalCores().orElse(Runtime.getRuntime().availableProcessors()),
        proc.gpus());
  }

  private <T> T attempt(String what, Supplier<T> read, T fallback) {
    try {
      return read.get();
    } catch (RuntimeException | LinkageError e) {
      String why = PathText.abbreviate(String.valueOf(e.getMessage()));
      notes.add(what + ": " + why.substring(0, Math.min(why.length(), MAX_NOTE)));
      return fallback;
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean bean
        ? bean.getTotalMemorySize()
        : 0;
  }

  private static List<String> jvmArgs() {
    return PathText.abbreviate(ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  private static String jvm() {
    return System.getProperty("java.vm.vendor")
        + " "
        + System.getProperty("java.vm.name")
        + " "
        + System.getProperty("java.vm.version");
  }

  private SortedMap<String, String> variables() {
    SortedMap<String, String> all = new TreeMap<>();
    env.forEach(
        (name, value) -> {
          if (ENV.matcher(name).matches()) {
            all.put(name, PathText.abbreviate(value));
          }
        });
    return all;
  }
}
