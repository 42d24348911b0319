package dev.samebits.library;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens libraries of NVIDIA and sees to it that they are what was found and asked for. */
public final class NvidiaLibraries {
  private NvidiaLibraries() {}

  /**
   * Opens a library after those that it looks for by name, so that it takes them from where they
   * were found.
   *
   * @param first what it needs, each after its own needs
   * @param file the library
   * @throws IOException if one cannot be opened
   */
  public static SharedLibrary open(List<NvidiaFile> first, NvidiaFile file) throws IOException {
    for (NvidiaFile needed : first) {
      SharedLibrary.open(needed.path());
    }
    return SharedLibrary.open(file.path());
  }

  /**
   * Requires that calls go to the library that was opened.
   *
   * @return the file that holds a function of it
   * @throws IOException naming the file that would answer in its place
   */
  public static Path requireOwn(SharedLibrary library, String function) throws IOException {
    Path own = library.fileOf(function);
    Optional<Path> global = SharedLibrary.globalFileOf(function);
    if (global.isPresent() && !global.get().equals(own)) {
      throw new IOException(
          "calls to "
              + function
              + " inside "
              + own
              + " would go to "
              + global.get()
              + ", which is loaded with global symbols (is LD_PRELOAD set?)");
    }
    return own;
  }

  /**
   * Requires the major version that a library tells to be that of its name.
   *
   * @throws IOException naming both
   */
  public static void requireMajor(NvidiaFile file, String told) throws IOException {
    if (Versions.part(told, 0) != file.major()) {
      throw new IOException(
          file.path() + " is named version " + file.version() + ", but says that it is " + told);
    }
  }

  /**
   * Requires the version that a library tells to be the one asked for, as far as both go.
   *
   * @param name {@code cuda} or {@code cudnn}
   * @throws IOException naming both
   */
  public static void requireAsked(NvidiaSearch search, String name, String told)
      throws IOException {
    String asked = search.wanted(name).orElse(told);
    if (!Versions.is(told, asked) && !Versions.is(asked, told)) {
      throw new IOException(
          name + "@" + asked + " was asked for, but the library read says that it is " + told);
    }
  }

  /** Adds path, version and hash of a file that is bound besides the one of the receipt. */
  public static void describe(Map<String, String> more, NvidiaFile file) throws IOException {
    String stem = file.library().stem();
    more.put(stem + " path", Paths.abbreviate(file.path().toRealPath()));
    more.put(stem + " version", file.version());
    more.put(stem + " sha256", file.sha256());
  }
}
