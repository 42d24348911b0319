package dev.samebits.library;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A library of NVIDIA that was found and can be opened.
 *
 * @param library which one
 * @param path the file, by the name it was found under
 * @param version its own version as far as names and folders tell, at least the major one
 * @param toolkit version of the toolkit it belongs to; empty if nothing tells
 */
public record NvidiaFile(NvidiaLibrary library, Path path, String version, String toolkit) {
  /** Major version of the library. */
  public int major() {
    return Versions.part(version, 0);
  }

  /** SHA-256 of the file, in lower-case hex. */
  public String sha256() throws IOException {
    return Digests.sha256(path);
  }
}
