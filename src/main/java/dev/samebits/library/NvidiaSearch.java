package dev.samebits.library;

import dev.samebits.kernel.UnknownNameException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Finds libraries of NVIDIA by looking at files; opens none and starts nothing. Where they are
 * looked for, and in which order: {@link NvidiaPlaces}. The first folder that holds a usable one
 * wins; in it, the newest.
 *
 * <p>A home that was asked for is the only place for the libraries of a toolkit: another one is
 * never taken instead. cuDNN, which is no part of a toolkit, is looked for there first. A version
 * that was asked for excludes every other one. One of which only the major number can be told is
 * taken if it fits and none is known to be right; who opens it compares what it says of itself.
 */
public final class NvidiaSearch {
  /** System property: home of the CUDA toolkit. */
  public static final String HOME = "samebits.cuda.home";

  /** Begin of the system properties that ask for versions: {@code samebits.library.cuda=12.6}. */
  public static final String VERSION = "samebits.library.";

  /** What a version can be asked for. */
  public static final List<String> NAMES = List.of("cuda", "cudnn");

  private static final int MOST_NAMED = 6;

  private final Path home;
  private final Map<String, String> wanted;
  private final List<Path> homeFolders;
  private final List<Path> machineFolders;
  private final String arch;

  /**
   * A search with nothing taken from the process, for tests.
   *
   * @param env environment variables
   * @param root root of the file system
   * @param userHome the user's home folder
   * @param home home of the toolkit that is asked for; may be null
   * @param wanted versions asked for, by name
   * @param arch processor in the words of {@link Platform}
   */
  NvidiaSearch(
      Map<String, String> env,
      Path root,
      Path userHome,
      Path home,
      Map<String, String> wanted,
      String arch) {
    this.home = home;
    this.wanted = Map.copyOf(wanted);
    this.arch = arch;
    this.homeFolders = home == null ? List.of() : NvidiaPlaces.ofHome(home, arch);
    this.machineFolders = NvidiaPlaces.ofMachine(env, root, userHome, arch);
  }

  /** The search on this machine, as the system properties {@link #HOME} and the rest ask for it. */
  public static NvidiaSearch ofThisProcess() {
    Map<String, String> wanted = new TreeMap<>();
    for (String name : NAMES) {
      String version = System.getProperty(VERSION + name, "");
      if (!version.isEmpty()) {
        wanted.put(name, version);
      }
    }
    String home = System.getProperty(HOME, "");
    return new NvidiaSearch(
        System.getenv(),
        Path.of("/"),
        Path.of(System.getProperty("user.home")),
        home.isEmpty() ? null : Path.of(home),
        wanted,
        Platform.current().arch());
  }

  /**
   * Requires a name of {@link #NAMES} and a version of numbers and dots.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static void requireVersion(String name, String version) {
    UnknownNameException.require("library", name, NAMES);
    if (!version.matches("[0-9]{1,4}(\\.[0-9]{1,9}){0,3}")) {
      throw new IllegalArgumentException(
          "library "
              + name
              + ": '"
              + version
              + "' is no version; give numbers with dots, e.g. "
              + name
              + "@12.6");
    }
  }

  /**
   * What a search gave.
   *
   * @param library what was looked for
   * @param file what was found; null if nothing usable was
   * @param reason why not, in one line; empty if found
   * @param remedy what to do, in one line; empty if found
   * @param folders the folders that exist and were looked into
   */
  public record Result(
      NvidiaLibrary library, NvidiaFile file, String reason, String remedy, List<Path> folders) {
    /** Whether a usable file was found. */
    public boolean found() {
      return file != null;
    }
  }

  /** The version asked for of one of {@link #NAMES}. */
  public Optional<String> wanted(String name) {
    return Optional.ofNullable(wanted.get(name));
  }

  /** Looks for a library. */
  public Result find(NvidiaLibrary library) {
    Set<Path> folders = new LinkedHashSet<>(homeFolders);
    if (home == null || !library.ofToolkit()) {
      folders.addAll(machineFolders);
    }
    return find(library, List.copyOf(folders));
  }

  /** Looks for a library in the folder of another one, so that both are of one release. */
  public Result findBeside(NvidiaFile other, NvidiaLibrary library) {
    return find(library, List.of(other.path().getParent()));
  }

  private Result find(NvidiaLibrary library, List<Path> folders) {
    List<String> refused = new ArrayList<>();
    for (boolean surely : new boolean[] {true, false}) {
      refused.clear();
      for (Path folder : folders) {
        for (Path path : candidates(library, folder)) {
          NvidiaFile file = NvidiaVersions.describe(library, path);
          String why = objection(file, surely);
          if (why.isEmpty()) {
            return new Result(library, file, "", "", folders);
          }
          refused.add(path + " (" + why + ")");
        }
      }
    }
    return new Result(library, null, reason(library, refused, folders), remedy(library), folders);
  }

  /** The files of a library, the newest version first, each real file once by its shortest name. */
  private static List<Path> candidates(NvidiaLibrary library, Path folder) {
    List<Path> named = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(f -> library.file().matcher(f.getFileName().toString()).matches())
          .forEach(named::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of();
    }
    named.sort(Comparator.comparingInt((Path p) -> p.toString().length()).thenComparing(p -> p));
    Map<Path, Path> byFile = new java.util.LinkedHashMap<>();
    named.forEach(p -> byFile.putIfAbsent(real(p), p));
    List<Path> all = new ArrayList<>(byFile.values());
    all.sort(Comparator.comparing((Path p) -> version(library, p), Versions.ORDER.reversed()));
    return all;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  private static String version(NvidiaLibrary library, Path path) {
    Matcher m = library.file().matcher(path.getFileName().toString());
    return m.matches() ? m.group(1) : "0";
  }

  /** Why a file cannot be used; empty if it can. */
  private String objection(NvidiaFile file, boolean surely) {
    NvidiaLibrary library = file.library();
    if (!Files.exists(file.path())) {
      return "a link that leads nowhere";
    }
    if (file.major() < library.oldest()) {
      return "version " + file.version() + " is too old, " + library.oldest() + " is the oldest";
    }
    if (file.major() > library.newest()) {
      return "version " + file.version() + " is too new, " + library.newest() + " is the newest";
    }
    String mismatch = mismatch(file, surely);
    if (!mismatch.isEmpty()) {
      return mismatch;
    }
    try {
      String machine = ElfFile.machine(file.path());
      return machine.equals(arch) ? "" : "for " + machine + ", this machine is " + arch;
    } catch (IOException e) {
      return e instanceof java.nio.file.AccessDeniedException
          ? "no permission to read it"
          : e.getMessage();
    }
  }

  private String mismatch(NvidiaFile file, boolean surely) {
    String name = file.library().ofToolkit() ? "cuda" : "cudnn";
    String want = wanted.get(name);
    String has = file.library().ofToolkit() ? file.toolkit() : file.version();
    boolean majorOnly = has.matches("\\d+");
    if (want == null || Versions.is(has, want) || majorOnly && !surely && Versions.is(want, has)) {
      return "";
    }
    return has.isEmpty()
        ? "of a toolkit whose version cannot be told, " + want + " was asked for"
        : "of " + name + " " + has + ", " + want + " was asked for";
  }

  private String reason(NvidiaLibrary library, List<String> refused, List<Path> folders) {
    String what =
        "no " + library.stem() + ".so of version " + library.oldest() + " to " + library.newest();
    if (!refused.isEmpty()) {
      return what + " can be used: " + listed(refused);
    }
    if (home != null && folders.isEmpty()) {
      return what + ": " + home + " is no home of a CUDA toolkit, it has no lib64 or lib folder";
    }
    String in = listed(folders.stream().map(Path::toString).toList());
    return what + (folders.isEmpty() ? "" : " in " + in);
  }

  private static String listed(List<String> all) {
    List<String> first = all.subList(0, Math.min(MOST_NAMED, all.size()));
    String more = all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "";
    return String.join(", ", first) + more;
  }

  private String remedy(NvidiaLibrary library) {
    String version = wanted.get(library.ofToolkit() ? "cuda" : "cudnn");
    if (!library.ofToolkit()) {
      return "install cuDNN"
          + (version == null ? " 8 or 9" : " " + version)
          + ", or add its folder to LD_LIBRARY_PATH";
    }
    return (home == null
            ? "name the home of a CUDA toolkit"
            : "name the home of another CUDA toolkit")
        + " with --cuda-home DIR"
        + (version == null ? "" : ", or ask for another version with --library cuda@VERSION");
  }
}
