package dev.samebits.result;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What Linux tells about a machine in {@code /proc}, {@code /sys} and {@code /etc}. */
final class ProcFiles {
  private static final int MAX_BYTES = 8 << 20;

  private final Path root;
  private final List<String> cpuinfo;

  /** Below {@code root}, which is {@code /} outside tests. */
  ProcFiles(Path root) {
    this.root = root;
    this.cpuinfo = lines("proc/cpuinfo");
  }

  private Optional<String> text(String file) {
    try (InputStream in = Files.newInputStream(root.resolve(file))) {
      return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private List<String> lines(String file) {
    return text(file).map(t -> t.lines().toList()).orElse(List.of());
  }

  private static Optional<String> value(List<String> lines, String key, String separator) {
    return lines.stream()
        .map(line -> line.split(separator, 2))
        .filter(p -> p.length == 2 && p[0].strip().equals(key) && !p[1].isBlank())
        .map(p -> p[1].strip())
        .findFirst();
  }

  /** Model name of the processor. */
  Optional<String> cpu() {
    return value(cpuinfo, "model name", ":");
  }

  /** Cores, hardware threads of one core counted once. */
  Optional<Integer> physicalCores() {
    Set<String> cores = new LinkedHashSet<>();
    String chip = "";
    for (String line : cpuinfo) {
      if (line.startsWith("physical id")) {
        chip = line;
      } else if (line.startsWith("core id")) {
        cores.add(chip + line);
      }
    }
    return cores.isEmpty() ? Optional.empty() : Optional.of(cores.size());
  }

  /** Those instruction-set flags that {@code relevant} accepts, sorted. */
  List<String> flags(Predicate<String> relevant) {
    String all = value(cpuinfo, "flags", ":").or(() -> value(cpuinfo, "Features", ":")).orElse("");
    return Arrays.stream(all.split(" ")).filter(relevant).sorted().toList();
  }

  /** Name of the distribution. */
  Optional<String> distribution() {
    return value(lines("etc/os-release"), "PRETTY_NAME", "=").map(v -> v.replace("\"", ""));
  }

  /** Frequency governors, one for all cores as a rule. */
  Optional<String> governor() {
    Set<String> found = new LinkedHashSet<>();
    for (String cpu : names("sys/devices/system/cpu", "cpu[0-9]+")) {
      text("sys/devices/system/cpu/" + cpu + "/cpufreq/scaling_governor")
          .ifPresent(g -> found.add(g.strip()));
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", found));
  }

  /** Accelerators with driver, without loading one. */
  List<String> gpus() {
    List<String> all = new ArrayList<>();
    String driver =
        text("proc/driver/nvidia/version")
            .flatMap(t -> t.lines().findFirst())
            .map(l -> l.replaceFirst("^NVRM version:\\s*", "").replaceAll("\\s+", " ").strip())
            .orElse("");
    for (String gpu : names("proc/driver/nvidia/gpus", ".*")) {
      String model =
          value(lines("proc/driver/nvidia/gpus/" + gpu + "/information"), "Model", ":")
              .orElse("NVIDIA GPU");
      all.add(model + ", driver " + (driver.isEmpty() ? "unknown" : driver));
    }
    if (all.isEmpty() && !driver.isEmpty()) {
      all.add("NVIDIA GPU, driver " + driver);
    }
    for (String card : names("sys/class/drm", "card[0-9]+")) {
      List<String> uevent = lines("sys/class/drm/" + card + "/device/uevent");
      String name = value(uevent, "DRIVER", "=").orElse("");
      if (!name.isEmpty() && !name.toLowerCase(Locale.ROOT).startsWith("nvidia")) {
        all.add("PCI " + value(uevent, "PCI_ID", "=").orElse("unknown") + ", driver " + name);
      }
    }
    return all;
  }

  private List<String> names(String folder, String pattern) {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files
          .map(p -> p.getFileName().toString())
          .filter(n -> n.matches(pattern))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }
}
