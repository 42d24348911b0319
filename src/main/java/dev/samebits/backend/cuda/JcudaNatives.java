package dev.samebits.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads native parts of JCuda. They are unpacked under fixed names into the folder for temporary
 * files, without a lock, so each process has a folder of its own.
 */
public final class JcudaNatives {
  private static final String FOLDER = "java.io.tmpdir";

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
      Path own = Files.createTempDirectory("samebits-jcuda-");
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
