package dev.samebits.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Versions of NVIDIA's libraries from names alone. A library's own version: the Python package that
 * brought it, else the name of the file that its link leads to. The toolkit's: {@code version.json}
 * in a folder above it, else such a folder's name ({@code cuda-12.6}), else the library's own
 * number if it counts like the toolkit, else that of the runtime in the same folder or the Python
 * package beside it.
 */
final class NvidiaVersions {
  private static final int FOLDERS_UP = 4;
  private static final long MOST_BYTES = 1 << 20;
  private static final Pattern NUMBERED = Pattern.compile("cuda-(\\d+(?:\\.\\d+)+)");
  private static final Pattern JSON =
      Pattern.compile("\"cuda\"\\s*:\\s*\\{[^}]*\"version\"\\s*:\\s*\"(\\d+(?:\\.\\d+)*)\"");

  private NvidiaVersions() {}

  /** A file with the versions that can be told. */
  static NvidiaFile describe(NvidiaLibrary library, Path path) {
    String version = own(library, path);
    return new NvidiaFile(library, path, version, toolkit(library, path, version));
  }

  private static String own(NvidiaLibrary library, Path path) {
    String named = inName(library, path).orElse("0");
    Optional<String> python = pythonVersion(library, path, Versions.part(named, 0));
    return python.orElseGet(
        () -> {
          try {
            return inName(library, path.toRealPath()).orElse(named);
          } catch (IOException e) {
            return named;
          }
        });
  }

  /**
   * The version in a name. In CUDA 11 the names that programs link to have two parts, 11.0 for the
   * runtime and 11.2 for NVRTC, which say nothing about the release but the first.
   */
  private static Optional<String> inName(NvidiaLibrary library, Path path) {
    Matcher m = library.file().matcher(path.getFileName().toString());
    if (!m.matches()) {
      return Optional.empty();
    }
    boolean linkName = library.ofToolkit() && m.group(1).matches("\\d+\\.\\d+");
    return Optional.of(linkName ? m.group(1).replaceFirst("\\..*", "") : m.group(1));
  }

  private static String toolkit(NvidiaLibrary library, Path path, String version) {
    if (!library.ofToolkit()) {
      return "";
    }
    Optional<String> above = ofFolders(path);
    if (above.isEmpty()) {
      above = real(path).flatMap(NvidiaVersions::ofFolders);
    }
    if (above.isPresent()) {
      return above.get();
    }
    return library.numberedLikeToolkit(version)
        ? Versions.majorMinor(version)
        : runtimeVersion(path, Versions.part(version, 0)).map(Versions::majorMinor).orElse("");
  }

  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> ofFolders(Path path) {
    Path folder = path.getParent();
    for (int up = 0; folder != null && up < FOLDERS_UP; up++, folder = folder.getParent()) {
      Optional<String> found = ofJson(folder.resolve("version.json"));
      if (found.isPresent()) {
        return found;
      }
      Path name = folder.getFileName();
      Matcher m = NUMBERED.matcher(name == null ? "" : name.toString());
      if (m.matches()) {
        return Optional.of(m.group(1));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ofJson(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES) {
        Matcher m = JSON.matcher(Files.readString(file));
        return m.find() ? Optional.of(m.group(1)) : Optional.empty();
      }
    } catch (IOException e) {
      // What cannot be read tells nothing.
    }
    return Optional.empty();
  }

  /** The version of the runtime that lies beside a library, or in the package beside its own. */
  private static Optional<String> runtimeVersion(Path path, int major) {
    for (Path file : list(path.getParent())) {
      Optional<String> named = inName(NvidiaLibrary.CUDART, file);
      if (named.isPresent() && Versions.part(named.get(), 0) == major) {
        String version = own(NvidiaLibrary.CUDART, file);
        return Optional.of(version).filter(v -> Versions.part(v, 0) == major);
      }
    }
    return pythonVersion(NvidiaLibrary.CUDART, path, major);
  }

  /** The version of a Python package, for a library in {@code site-packages/nvidia/NAME/lib}. */
  private static Optional<String> pythonVersion(NvidiaLibrary library, Path path, int major) {
    Path nvidia = path.getNameCount() < 5 ? null : path.getParent().getParent().getParent();
    if (nvidia == null || !nvidia.endsWith("nvidia")) {
      return Optional.empty();
    }
    Pattern info =
        Pattern.compile(
            "nvidia_" + library.pythonPackage() + "(?:_cu\\d+)?-(\\d+(?:\\.\\d+)*)\\.dist-info");
    for (Path entry : list(nvidia.getParent())) {
      Matcher m = info.matcher(entry.getFileName().toString());
      if (m.matches() && Versions.part(m.group(1), 0) == major) {
        return Optional.of(m.group(1));
      }
    }
    return Optional.empty();
  }

  private static List<Path> list(Path folder) {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries.sorted().forEach(all::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      all.clear();
    }
    return all;
  }
}
