package dev.samebits.backend.cuda;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What PTX says of itself: which drivers and devices can take it.
 *
 * @param major version of the language, major
 * @param minor and minor
 * @param target compute capability of the oldest device, 10 times major plus minor
 * @param compiler the line in which the compiler names itself; empty if there is none
 */
record PtxHeader(int major, int minor, int target, String compiler) {
  private static final Pattern VERSION = Pattern.compile("(?m)^\\.version\\s+(\\d+)\\.(\\d+)");
  private static final Pattern TARGET = Pattern.compile("(?m)^\\.target\\s+sm_(\\d+)");
  private static final Pattern COMPILER =
      Pattern.compile("(?m)^// (?:Cuda compilation tools, )?(release .*)$");

  static PtxHeader of(String ptx) {
    Matcher version = VERSION.matcher(ptx);
    Matcher target = TARGET.matcher(ptx);
    if (!version.find() || !target.find()) {
      throw new IllegalArgumentException("PTX without .version or .target");
    }
    Matcher compiler = COMPILER.matcher(ptx);
    return new PtxHeader(
        Integer.parseInt(version.group(1)),
        Integer.parseInt(version.group(2)),
        Integer.parseInt(target.group(1)),
        compiler.find() ? compiler.group(1).strip() : "");
  }

  /**
   * The first CUDA version whose driver takes this language, 1000 x major + 10 x minor, from the
   * table "PTX Release History" of NVIDIA's PTX manual.
   */
  int driver() {
    return switch (major) {
      case 6 -> minor < 3 ? 9000 + 10 * minor : 10000 + 10 * (minor - 3);
      case 8 -> 12000 + 10 * (minor < 6 ? minor : minor + 1); // 12.6 took the language of 12.5
      default -> 1000 * (major + 4) + 10 * minor;
    };
  }

  /** For the receipt. */
  Map<String, String> facts() {
    return Map.of(
        "compiler", "nvcc" + (compiler.isEmpty() ? "" : " " + compiler) + ", then the driver",
        "compiler version", "PTX " + major + "." + minor,
        "target", "compute_" + target);
  }
}
