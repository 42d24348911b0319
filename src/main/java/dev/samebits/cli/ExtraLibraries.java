package dev.samebits.cli;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Backend;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Libraries that the user brings along. */
final class ExtraLibraries {
  /** The backends read it, here and in every child process. */
  private static final String PROPERTY = "samebits.cblas.";

  @Option(
      names = "--cblas",
      paramLabel = "NAME=PATH",
      description = "add the backend cblas:NAME, any CBLAS library by its path; may be repeated")
  private Map<String, Path> cblas = new LinkedHashMap<>();

  boolean given() {
    return !cblas.isEmpty();
  }

  /** Every backend, the added ones included. Loads no native library. */
  List<Backend> backends() {
    cblas.forEach(
        (name, path) -> System.setProperty(PROPERTY + name, path.toAbsolutePath().toString()));
    return Refusal.usage(Backends::all);
  }
}
