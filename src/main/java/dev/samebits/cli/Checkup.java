package dev.samebits.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.samebits.library.CacheFolder;
import dev.samebits.library.Platform;
import dev.samebits.report.Rendering;
import dev.samebits.result.Environment;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What can be found out about a machine without loading a backend. */
final class Checkup {
  private static final long WANTED_BYTES = 1L << 30;
  private static final double GIB = 1L << 30;

  private Checkup() {}

  /** Every check of machine and JVM, in the order to show them. */
  static List<Check> machine(Environment environment) {
    List<Check> all = new ArrayList<>();
    all.add(system(environment));
    all.add(jdk(environment));
    all.add(cores(Runtime.getRuntime().availableProcessors()));
    all.add(vectorApi(ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()));
    all.add(fma(environment.isa(), usesFma()));
    all.add(fonts());
    all.add(disk("working folder", Path.of("").toAbsolutePath(), "give run another --out"));
    all.add(
        disk(
            "temporary folder",
            Path.of(System.getProperty("java.io.tmpdir")),
            "set -Djava.io.tmpdir to a folder where files can be written and loaded"));
    all.add(cache());
    if (!environment.gpus().isEmpty()) { // why there is none is what the backend cuda says
      all.add(Check.ok("GPU", String.join("; ", environment.gpus())));
    }
    return all;
  }

  private static Check system(Environment e) {
    String found = e.os() + ", " + e.arch() + ", " + e.cpu();
    return Platform.current().hasBundledNatives()
        ? Check.ok("system", found)
        : Check.limited(
            "system",
            found + ": the jar brings no native libraries for " + Platform.current(),
            "the jvm backend runs everywhere; add a CBLAS library of your own with --cblas");
  }

  private static Check jdk(Environment e) {
    return Check.ok("JDK", e.jvm());
  }

  static Check cores(int cores) {
    return cores >= 2
        ? Check.ok("cores", cores + " for this process")
        : Check.limited(
            "cores",
            "1 for this process: the positive controls and the threads axis are skipped",
            "give the process two cores or more (taskset, cgroup, container limits)");
  }

  static Check vectorApi(boolean present) {
    return present
        ? Check.ok("Vector API", "module jdk.incubator.vector")
        : Check.limited(
            "Vector API",
            "this runtime lacks the module jdk.incubator.vector: vector variants are unavailable",
            "use a full JDK 17 or newer");
  }

  /** Whether this JVM compiles fma to an instruction; one of another make is believed to. */
  private static boolean usesFma() {
    try {
      HotSpotDiagnosticMXBean vm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return Boolean.parseBoolean(vm.getVMOption("UseFMA").getValue());
    } catch (IllegalArgumentException | NullPointerException e) {
      return true;
    }
  }

  static Check fma(List<String> isa, boolean used) {
    String slow =
        ": Math.fma keeps its bits but is hundreds of times slower, and so is every canonical"
            + " variant that multiplies";
    if (isa.isEmpty()) {
      return Check.limited("FMA hardware", "the CPU's features cannot be read", "");
    } else if (!isa.contains("fma") && !isa.contains("asimd")) {
      return Check.limited(
          "FMA hardware",
          "none" + slow,
          "leave canonical variants out with --mode, or use a CPU with FMA");
    }
    return used
        ? Check.ok("FMA hardware", String.join(" ", isa))
        : Check.limited(
            "FMA hardware",
            "not used by this JVM (UseFMA is off)" + slow,
            "start Java without -XX:UseAVX=0 and -XX:-UseFMA");
  }

  private static Check fonts() {
    if (!Rendering.available()) {
      return Check.limited(
          "reports",
          "not in this bundle",
          "render the records elsewhere with: java -jar benchmarks.jar report DIR");
    }
    String remedy = "install fontconfig and one font, e.g. fonts-dejavu-core";
    try {
      int fonts =
          GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length;
      return fonts > 0
          ? Check.ok("fonts", fonts + " families; reports have pictures")
          : Check.limited("fonts", "none: reports have no pictures", remedy);
    } catch (RuntimeException | Error e) { // what a JDK without fontconfig throws varies
      return Check.limited("fonts", "cannot be read (" + e + "): no pictures", remedy);
    }
  }

  static Check disk(String what, Path folder, String remedy) {
    try {
      Path probe = Files.createTempFile(folder, ".samebits", ".probe");
      try {
        Files.write(probe, new byte[1 << 16]);
      } finally {
        Files.delete(probe);
      }
      long free = Files.getFileStore(folder).getUsableSpace();
      String size = String.format(Locale.ROOT, "%.1f GiB free", free / GIB);
      return free >= WANTED_BYTES
          ? Check.ok(what, "writable, " + size)
          : Check.limited(what, "only " + size, remedy);
    } catch (IOException | SecurityException e) {
      return Check.missing(what, "cannot be written: " + e, remedy);
    }
  }

  private static Check cache() {
    try {
      Path folder = CacheFolder.get();
      return folder.equals(CacheFolder.preferred())
          ? Check.ok("cache folder", folder.toString())
          : Check.limited(
              "cache folder",
              CacheFolder.preferred() + " cannot be written; using " + folder,
              "name a writable one with -D" + CacheFolder.PROPERTY + "=FOLDER");
    } catch (IOException e) {
      return Check.missing(
          "cache folder", e.getMessage(), "name one with -D" + CacheFolder.PROPERTY + "=FOLDER");
    }
  }
}
