package dev.samebits.backend.cuda;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Loads native parts of JCuda. They are unpacked under fixed names into the folder for temporary
 * files, without a lock, so each process has a folder of its own, with its number in the name. It
 * is deleted when the process ends; what killed ones have left, when another begins.
 */
public final class JcudaNatives {
  private static final String FOLDER = "java.io.tmpdir";
  private static final String PREFIX = "samebits-jcuda-";
  private static final Pattern OWN = Pattern.compile(PREFIX + "([0-9]{1,18})-[0-9]+");

  /** A process whose number is not known here may be another container's, and at its beginning. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  /** Its version. */
  static final String VERSION = "12.6.0";

  private JcudaNatives() {}

  /**
   * Loads one.
   *
   * @param name its name, e.g. {@code JCudaDriver}
   * @param initialize causes its class to load it
   * @throws IOException if it cannot be unpacked or loaded, naming the folder
   */
  public static synchronized void load(String name, Runnable initialize) throws IOException {
    String shared = System.getProperty(FOLDER);
    try {
      sweep(Path.of(shared), Instant.now().minus(PATIENCE));
      Path own = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
      own.toFile().deleteOnExit();
      own.resolve("lib" + name + "-" + VERSION + "-linux-x86_64.so").toFile().deleteOnExit();
      System.setProperty(FOLDER, own.toString());
      initialize.run();
    } catch (IOException | LinkageError e) {
      throw new IOException(
          "JCuda's native part " + name + " cannot be loaded from " + shared + ": " + words(e), e);
    } finally {
      System.setProperty(FOLDER, shared);
    }
  }

  /**
   * Deletes the folders of processes that are no more.
   *
   * @param before what is younger is left alone
   */
  static void sweep(Path shared, Instant before) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(shared, PREFIX + "*")) {
      for (Path folder : folders) {
        Matcher name = OWN.matcher(folder.getFileName().toString());
        if (name.matches()
            && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
            && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            && Files.getLastModifiedTime(folder).toInstant().isBefore(before)) {
          delete(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // another user's, or swept by another process at the same time: it is in nobody's way
    }
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "lib*.so")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  /**
   * What the loader said. JCuda puts stack traces into its message: of a try by name, which finds
   * nothing, then of the one with what it has unpacked.
   */
  private static String words(Throwable e) {
    if (e instanceof IOException) {
      return e.toString(); // of a file, the message may be its path alone
    }
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    int unpacked = 0;
    for (int i = 1; i < lines.size(); i++) {
      unpacked = lines.get(i - 1).contains("load the library as a resource") ? i : unpacked;
    }
    return lines.get(unpacked);
  }
}
