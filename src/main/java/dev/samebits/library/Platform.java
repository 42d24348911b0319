package dev.samebits.library;

import java.util.Locale;

/**
 * Operating system and processor, in the words of the folders that hold bundled libraries.
 *
 * @param os {@code linux}, {@code macosx}, {@code windows}, or what {@code os.name} says
 * @param arch {@code x86_64}, {@code arm64}, or what {@code os.arch} says
 */
public record Platform(String os, String arch) {
  /** The one platform whose native libraries are inside the jar. */
  public static final Platform BUNDLED = new Platform("linux", "x86_64");

  /** The platform named by the system properties {@code os.name} and {@code os.arch}. */
  public static Platform current() {
    String os = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
    return new Platform(
        os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : os,
        switch (arch) {
          case "amd64", "x86_64", "x64" -> "x86_64";
          case "aarch64", "arm64" -> "arm64";
          default -> arch;
        });
  }

  /** Whether the libraries inside the jar are for this platform. */
  public boolean hasBundledNatives() {
    return equals(BUNDLED);
  }

  /** The folder name, e.g. {@code linux-x86_64}. */
  public String classifier() {
    return os + "-" + arch;
  }

  @Override
  public String toString() {
    return classifier();
  }
}
