package dev.samebits.cli;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Backend;
import dev.samebits.library.NvidiaSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Libraries that the user brings along, or chooses among those of the machine. */
final class ExtraLibraries {
  /** The backends read it, here and in every child process. */
  private static final String PROPERTY = "samebits.cblas.";

  @Option(
      names = "--cblas",
      paramLabel = "NAME=PATH",
      description = "add the backend cblas:NAME, any CBLAS library by its path; may be repeated")
  private Map<String, Path> cblas = new LinkedHashMap<>();

  @Option(
      names = "--library",
      paramLabel = "NAME@VERSION",
      description =
          "bind only this version of NVIDIA's libraries: cuda@12.6 or cudnn@9; may be repeated")
  private List<String> versions = new ArrayList<>();

  @Option(
      names = "--cuda-home",
      paramLabel = "DIR",
      description = "home of the CUDA toolkit to bind (default: looked for on this machine)")
  private Path cudaHome;

  boolean given() {
    return !cblas.isEmpty() || !versions.isEmpty() || cudaHome != null;
  }

  /**
   * Every backend, the added ones included. Loads no native library. Choices become system
   * properties, which reach every child process.
   */
  List<Backend> backends() {
    Refusal.usage(
        () -> {
          requested().forEach(System::setProperty);
          return null;
        });
    cblas.forEach(
        (name, path) -> System.setProperty(PROPERTY + name, path.toAbsolutePath().toString()));
    return all();
  }

  /** Refuses paths that lead nowhere: a run would say so late, and a plan never. */
  Map<String, Path> requireFiles() {
    cblas.forEach(
        (name, path) -> {
          if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException("--cblas " + name + "=" + path + ": no such file");
          }
        });
    return cblas;
  }

  /** The list is made when its class is initialized, which wraps what is wrong with a name. */
  private static List<Backend> all() {
    try {
      return Backends.all();
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof IllegalArgumentException cause) {
        throw new Refusal(ExitCode.USAGE, cause.getMessage(), cause);
      }
      throw e;
    }
  }

  /** System properties by name. */
  private Map<String, String> requested() {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String version : versions) {
      String[] p = version.split("@", 2);
      if (p.length != 2) {
        throw new IllegalArgumentException(
            "--library " + version + ": expected NAME@VERSION, e.g. cuda@12.6");
      }
      NvidiaSearch.requireVersion(p[0], p[1]);
      if (properties.put(NvidiaSearch.VERSION + p[0], p[1]) != null) {
        throw new IllegalArgumentException("--library: two versions of " + p[0] + "; give one");
      }
    }
    if (cudaHome != null) {
      if (!Files.isDirectory(cudaHome)) {
        throw new IllegalArgumentException("--cuda-home " + cudaHome + ": no such folder");
      }
      properties.put(NvidiaSearch.HOME, cudaHome.toAbsolutePath().normalize().toString());
    }
    return properties;
  }
}
