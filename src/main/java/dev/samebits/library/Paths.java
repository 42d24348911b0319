package dev.samebits.library;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** How paths are written in records, so that they say nothing about the user. */
public final class Paths {
  private Paths() {}

  /**
   * A path with the longest known folder at its start replaced: {@code $REPO/} (the nearest folder
   * at or above the working folder that holds {@code .git}), {@code $CACHE/} ({@link CacheFolder}),
   * {@code $TMP/} ({@code java.io.tmpdir}), {@code ~/} (home). Symbolic links are not followed.
   */
  public static String abbreviate(Path path) {
    Path given = path.toAbsolutePath().normalize();
    String best = given.toString();
    int depth = 0;
    for (Map.Entry<Path, String> root : roots().entrySet()) {
      Path folder = root.getKey();
      // A root that is the whole file system would hide everything.
      if (folder.getNameCount() > depth && given.startsWith(folder)) {
        depth = folder.getNameCount();
        best = root.getValue() + "/" + folder.relativize(given);
      }
    }
    return best;
  }

  /**
   * The inverse of {@link #abbreviate} on this machine: a text in which one of its names stands at
   * the start, or after the first {@code =}, gets the folder back; any other text is returned as it
   * is.
   */
  public static String expand(String text) {
    for (Map.Entry<Path, String> root : roots().entrySet()) {
      int at =
          text.startsWith(root.getValue() + "/")
              ? 0
              : text.indexOf("=" + root.getValue() + "/") + 1;
      if (at > 0 || text.startsWith(root.getValue() + "/")) {
        return text.substring(0, at)
            + root.getKey()
            + text.substring(at + root.getValue().length());
      }
    }
    return text;
  }

  /** Earlier ones win among equals. */
  private static Map<Path, String> roots() {
    Map<Path, String> roots = new LinkedHashMap<>();
    put(roots, CacheFolder.preferred(), "$CACHE");
    Path working = Path.of("").toAbsolutePath();
    for (Path folder = working; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"))) {
        put(roots, folder, "$REPO");
        break;
      }
    }
    put(roots, Path.of(System.getProperty("java.io.tmpdir")), "$TMP");
    put(roots, Path.of(System.getProperty("user.home")), "~");
    return roots;
  }

  private static void put(Map<Path, String> roots, Path folder, String name) {
    roots.putIfAbsent(folder.toAbsolutePath().normalize(), name);
  }
}
