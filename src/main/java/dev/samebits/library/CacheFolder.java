package dev.samebits.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The folder that keeps unpacked libraries and file hashes between runs: the system property {@code
 * samebits.cache}, else {@code $XDG_CACHE_HOME/samebits}, else {@code ~/.cache/samebits}; where
 * that cannot be written, a folder of the user's own in {@code java.io.tmpdir}. Holds nothing that
 * cannot be made again.
 */
public final class CacheFolder {
  /** The system property that names the folder. */
  public static final String PROPERTY = "samebits.cache";

  private CacheFolder() {}

  /** The folder that is asked for, whether or not it exists. */
  public static Path preferred() {
    String property = System.getProperty(PROPERTY, "");
    if (!property.isEmpty()) {
      return Path.of(property).toAbsolutePath();
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    // The XDG specification: a relative path is to be ignored.
    return xdg != null && Path.of(xdg).isAbsolute()
        ? Path.of(xdg, "samebits")
        : Path.of(System.getProperty("user.home"), ".cache", "samebits");
  }

  /**
   * A folder that exists and can be written.
   *
   * @throws IOException naming every folder that was tried and what to do
   */
  public static Path get() throws IOException {
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_.-]", "_");
    Path temp = Path.of(System.getProperty("java.io.tmpdir"), "samebits-" + user).toAbsolutePath();
    List<String> why = new ArrayList<>();
    for (Path folder : List.of(preferred(), temp)) {
      try {
        Files.createDirectories(folder);
        requireOwn(folder, folder.equals(temp));
        return folder;
      } catch (IOException e) {
        why.add(folder + " (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")");
      }
    }
    throw new IOException(
        "no cache folder can be written: "
            + String.join(", ", why)
            + "; name a writable one with -D"
            + PROPERTY
            + "=FOLDER");
  }

  /** Writable, and in a shared temp folder nobody else's: what lies there is loaded as code. */
  private static void requireOwn(Path folder, boolean shared) throws IOException {
    Path probe = Files.createTempFile(folder, "probe", null);
    try {
      if (shared && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        if (!Files.getOwner(folder).equals(Files.getOwner(probe))) {
          throw new IOException("owned by " + Files.getOwner(folder));
        }
        Files.setPosixFilePermissions(
            folder,
            Set.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.OWNER_EXECUTE));
      }
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
