package dev.samebits.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The native libraries mapped into this process. */
public final class LoadedLibraries {
  private static final Path MAPS = Path.of("/proc/self/maps");

  private LoadedLibraries() {}

  /**
   * Every shared library mapped as code, sorted by path, from {@code /proc/self/maps}; empty on
   * systems without it. A file that was deleted after loading, or cannot be read, has an empty
   * hash.
   */
  public static List<LoadedLibrary> list() {
    List<LoadedLibrary> all = new ArrayList<>();
    for (String file : files()) {
      all.add(new LoadedLibrary(Paths.abbreviate(Path.of(file)), hash(file)));
    }
    return all;
  }

  /** Paths of the shared libraries mapped as code, as the kernel names them. */
  public static Set<String> files() {
    Set<String> files = new TreeSet<>();
    if (!Files.isReadable(MAPS)) {
      return files;
    }
    try {
      for (String line : Files.readAllLines(MAPS)) {
        // address permissions offset device inode path
        String[] p = line.split("\\s+", 6);
        if (p.length == 6 && p[1].contains("x") && p[5].matches("/.*\\.so(\\.[^/]*)?( .*)?")) {
          files.add(p[5]);
        }
      }
    } catch (IOException e) {
      files.clear();
    }
    return files;
  }

  private static String hash(String file) {
    try {
      return Digests.sha256(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
