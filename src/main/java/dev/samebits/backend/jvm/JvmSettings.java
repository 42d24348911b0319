package dev.samebits.backend.jvm;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Op.NotHonouredException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Conditions that hold for a whole JVM: the flags that ask for them, and what is read back.
 *
 * <table>
 * <caption>Conditions</caption>
 * <tr><td>{@code vector}</td><td>64, 128, 256, 512 bits, or {@code scalar}: plain kernels</td></tr>
 * <tr><td>{@code jit}</td><td>{@code int}, {@code c1}, {@code c2} or {@code full}</td></tr>
 * <tr><td>{@code isa}</td><td>{@code avx0} (SSE, no FMA) to {@code avx3} (AVX-512)</td></tr>
 * </table>
 */
final class JvmSettings {
  /** Vector width. */
  static final String VECTOR = "vector";

  /** Interpreter or compiler tier. */
  static final String JIT = "jit";

  /** Instruction set. */
  static final String ISA = "isa";

  /** All conditions a backend jvm honours. */
  static final Set<String> CONDITIONS = Set.of(Conditions.THREADS, VECTOR, JIT, ISA);

  private static final String SCALAR = "scalar";
  private static final String PROPERTY = "samebits.vector";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String KERNELS = "dev.samebits.backend.jvm.vector.VectorKernels";
  private static final Map<String, List<String>> TIERS =
      Map.of(
          "int", List.of("-Xint"),
          "c1", List.of("-XX:TieredStopAtLevel=1"),
          "c2", List.of("-XX:-TieredCompilation"),
          "full", List.of());

  /** Why the kernels asked for cannot be had; null if they can. */
  private static String problem;

  private static final Optional<FastKernels> FAST = load();

  private JvmSettings() {}

  /** The kernels of the Vector API in this process; empty under {@code vector=scalar}. */
  static Optional<FastKernels> fast() {
    return FAST;
  }

  /** Whether this process was started with the Vector API's module. */
  static boolean hasVectorApi() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static Optional<FastKernels> load() {
    if (!hasVectorApi() || SCALAR.equals(System.getProperty(PROPERTY))) {
      return Optional.empty();
    }
    try {
      FastKernels kernels =
          (FastKernels) Class.forName(KERNELS).getDeclaredConstructor().newInstance();
      kernels.vectorBits(); // rejects a width that is not to be had here
      return Optional.of(kernels);
    } catch (ExceptionInInitializerError e) {
      problem = "backend jvm: " + e.getCause().getMessage();
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("backend jvm: cannot create " + KERNELS, e);
    }
  }

  /** The flags of a JVM under these conditions. */
  static List<String> flags(Conditions conditions) {
    Map<String, String> asked = conditions.values();
    List<String> flags = new ArrayList<>();
    if (ModuleFinder.ofSystem().find(MODULE).isPresent()) {
      flags.add("--add-modules=" + MODULE);
    }
    if (asked.containsKey(VECTOR)) {
      if (!asked.get(VECTOR).matches("64|128|256|512|" + SCALAR)) {
        throw new IllegalArgumentException(
            "backend jvm: condition vector=" + asked.get(VECTOR) + ": 64, 128, 256, 512 or scalar");
      }
      flags.add("-D" + PROPERTY + "=" + asked.get(VECTOR));
    }
    if (asked.containsKey(ISA)) {
      String level = asked.get(ISA);
      if (!level.matches("avx[0-3]")) {
        throw new IllegalArgumentException(
            "backend jvm: condition isa=" + level + ": avx0, avx1, avx2 or avx3");
      }
      flags.add("-XX:UseAVX=" + level.substring(3));
    }
    if (asked.containsKey(JIT)) {
      List<String> tier = TIERS.get(asked.get(JIT));
      if (tier == null) {
        throw new IllegalArgumentException(
            "backend jvm: condition jit=" + asked.get(JIT) + ": int, c1, c2 or full");
      }
      flags.addAll(tier);
    }
    return flags;
  }

  /**
   * Compares what was asked for with what this process runs with.
   *
   * @throws NotHonouredException naming both
   * @throws IllegalArgumentException if this machine has no vectors of the width asked for
   */
  static void require(Conditions conditions) {
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    conditions
        .values()
        .forEach(
            (key, asked) -> {
              String got = key.equals(Conditions.THREADS) ? asked : readBack(key);
              if (!asked.equals(got)) {
                throw new NotHonouredException(
                    "backend jvm: "
                        + (key + "=" + asked)
                        + " was asked for, but this process runs with "
                        + (key + "=" + got)
                        + "; it is chosen when the JVM starts");
              }
            });
  }

  /** The value of a condition in this process. */
  static String readBack(String key) {
    return switch (key) {
      case VECTOR -> FAST.map(f -> Integer.toString(f.vectorBits())).orElse(SCALAR);
      case ISA -> "avx" + option("UseAVX");
      case JIT -> tier();
      default -> throw new IllegalArgumentException(key);
    };
  }

  private static String tier() {
    if (System.getProperty("java.vm.info", "").startsWith("interpreted")) {
      return "int";
    } else if (option("TieredCompilation").equals("false")) {
      return "c2";
    }
    return switch (option("TieredStopAtLevel")) {
      case "1" -> "c1";
      case "4" -> "full";
      default -> "level" + option("TieredStopAtLevel");
    };
  }

  /** A flag of HotSpot; "?" in another JVM or on a machine that does not have it. */
  private static String option(String name) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(name)
          .getValue();
    } catch (IllegalArgumentException | NullPointerException e) {
      return "?";
    }
  }
}
