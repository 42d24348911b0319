package dev.samebits.library;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folders in which NVIDIA's libraries are looked for, in order: the home that was asked for,
 * {@code CUDA_HOME}, {@code /usr/local/cuda*} (the unnumbered one, then the newest first), the
 * loader's path ({@code LD_LIBRARY_PATH}, {@code /etc/ld.so.conf}, the standard folders), and the
 * {@code nvidia/*}{@code /lib} folders of Python environments ({@code VIRTUAL_ENV}, {@code
 * CONDA_PREFIX}, those of the {@code python3} in {@code PATH}, the user's and the system's). Python
 * is not started: its folders are found by their names.
 */
final class NvidiaPlaces {
  private static final List<String> STANDARD =
      List.of("lib64", "usr/lib64", "usr/lib/%s-linux-gnu", "lib/%s-linux-gnu", "usr/lib", "lib");
  private static final int MOST_INCLUDES = 200;

  private final Map<String, String> env;
  private final Path root;
  private final Path userHome;
  private final String arch;

  /** By real folder, so that a link to a folder does not make it count twice. */
  private final Map<Path, Path> folders = new LinkedHashMap<>();

  private NvidiaPlaces(Map<String, String> env, Path root, Path userHome, String arch) {
    this.env = env;
    this.root = root;
    this.userHome = userHome;
    this.arch = arch.equals("arm64") ? "aarch64" : arch;
  }

  /**
   * The folders of a toolkit whose home was named: that of a toolkit, a folder of libraries, or one
   * that holds Python packages.
   */
  static List<Path> ofHome(Path home, String arch) {
    NvidiaPlaces p = new NvidiaPlaces(Map.of(), home, home, arch);
    p.toolkit(home);
    p.add(home);
    p.pythonPackages(home);
    if (home.endsWith("nvidia")) {
      p.pythonPackages(home.resolveSibling("."));
    }
    p.environment(home);
    return List.copyOf(p.folders.values());
  }

  /**
   * The folders of a machine.
   *
   * @param env environment variables
   * @param root the root of the file system
   * @param userHome the user's home folder
   * @param arch processor in the words of {@link Platform}
   */
  static List<Path> ofMachine(Map<String, String> env, Path root, Path userHome, String arch) {
    NvidiaPlaces p = new NvidiaPlaces(env, root, userHome, arch);
    p.variable("CUDA_HOME").ifPresent(p::toolkit);
    p.usrLocal();
    p.loader();
    p.python();
    return List.copyOf(p.folders.values());
  }

  private Optional<Path> variable(String name) {
    String value = env.getOrDefault(name, "");
    return path(value);
  }

  private static Optional<Path> path(String text) {
    try {
      // A relative path means another folder in each process.
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(Path.of(text)).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private void add(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        folders.putIfAbsent(folder.toRealPath(), folder.normalize());
      }
    } catch (IOException e) {
      // It has just vanished.
    }
  }

  private void toolkit(Path home) {
    add(home.resolve("lib64"));
    add(home.resolve("targets").resolve((arch.equals("aarch64") ? "sbsa" : arch) + "-linux/lib"));
    add(home.resolve("lib"));
  }

  private void usrLocal() {
    List<Path> found = new ArrayList<>(matching(root.resolve("usr/local"), "cuda*"));
    found.sort(
        Comparator.comparing(
            (Path p) -> p.getFileName().toString().replaceAll("[^0-9.]", ""),
            Versions.ORDER.reversed()));
    Path plain = root.resolve("usr/local/cuda");
    toolkit(plain);
    found.forEach(this::toolkit);
  }

  private void loader() {
    for (String folder : env.getOrDefault("LD_LIBRARY_PATH", "").split("[:;]")) {
      path(folder).ifPresent(this::add);
    }
    Set<Path> read = new LinkedHashSet<>();
    loaderFile(root.resolve("etc/ld.so.conf"), read);
    STANDARD.forEach(s -> add(root.resolve(s.formatted(arch))));
  }

  /** See ld.so.conf in the manual page ldconfig(8). */
  private void loaderFile(Path file, Set<Path> read) {
    if (read.size() >= MOST_INCLUDES || !Files.isReadable(file) || !read.add(file)) {
      return;
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      return;
    }
    for (String line : lines) {
      String text = line.replaceFirst("#.*", "").strip();
      if (text.matches("include\\s+\\S+")) {
        Path pattern = inRoot(text.replaceFirst("include\\s+", ""), file.getParent());
        matching(pattern.getParent(), pattern.getFileName().toString())
            .forEach(f -> loaderFile(f, read));
      } else if (text.startsWith("/")) {
        add(inRoot(text, file.getParent()));
      }
    }
  }

  private Path inRoot(String text, Path relativeTo) {
    return text.startsWith("/") ? root.resolve(text.substring(1)) : relativeTo.resolve(text);
  }

  private void python() {
    variable("VIRTUAL_ENV").ifPresent(this::environment);
    variable("CONDA_PREFIX")
        .ifPresent(
            conda -> {
              toolkit(conda);
              environment(conda);
            });
    for (String folder : env.getOrDefault("PATH", "").split("[:;]")) {
      path(folder).map(f -> f.resolve("python3")).filter(Files::exists).ifPresent(this::ofPython);
    }
    environment(userHome.resolve(".local"));
    environment(root.resolve("usr/local"));
    environment(root.resolve("usr"));
    environment(root.resolve("opt/conda"));
  }

  /** {@code bin/python3} of an environment is a link; both it and what it points to count. */
  private void ofPython(Path python) {
    environment(python.resolve("../..").normalize());
    try {
      environment(python.toRealPath().resolve("../..").normalize());
    } catch (IOException e) {
      // A link that leads nowhere has no packages.
    }
  }

  private void environment(Path prefix) {
    for (String lib : List.of("lib", "lib64")) {
      for (Path python : matching(prefix.resolve(lib), "python3*")) {
        pythonPackages(python.resolve("site-packages"));
        pythonPackages(python.resolve("dist-packages"));
      }
    }
  }

  private void pythonPackages(Path packages) {
    for (Path one : matching(packages.resolve("nvidia"), "*")) {
      add(one.resolve("lib"));
    }
  }

  private static List<Path> matching(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    if (folder != null && Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
        entries.forEach(found::add);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        found.clear(); // a folder that cannot be read holds nothing for us
      }
    }
    found.sort(null);
    return found;
  }
}
