package dev.samebits.kernel;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a backend really runs on, read back from the code that was called, not from what was asked.
 *
 * @param library name of the library, e.g. {@code OpenBLAS}; {@code java} for the JVM backend
 * @param version its version string
 * @param path the file that holds the function called; empty if there is none
 * @param sha256 hash of that file; empty if there is none
 * @param core the instruction-set kernel it chose, e.g. {@code SkylakeX}; empty if it names none
 * @param threads the number of threads read back; 0 if it cannot be read
 * @param more further facts, e.g. the configuration string
 */
public record Receipt(
    String library,
    String version,
    String path,
    String sha256,
    String core,
    int threads,
    Map<String, String> more) {
  /** Copies the map. */
  public Receipt {
    more = java.util.Collections.unmodifiableMap(new TreeMap<>(more));
  }
}
