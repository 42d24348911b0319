package dev.samebits.backend.cuda;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import dev.samebits.Requires;
import dev.samebits.library.NvidiaSearch;
import dev.samebits.library.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Libraries of NVIDIA on the CPU, made of {@code src/test/native}: cuBLAS, cuBLASLt and cuDNN
 * behind the functions that the backends call, and the fake driver without kernels of its own. What
 * device memory is to them is host memory. A folder of them is a toolkit like any other.
 */
public final class FakeVendor {
  private static final Path NATIVE = Path.of("src/test/native");
  private static final Path ROOT = Path.of("target/fake-vendor").toAbsolutePath();
  private static final Path DRIVER = ROOT.resolve("libcuda.so.1");

  /** JNA unloads a library that nothing refers to, and with it what was planted in it. */
  private static final Map<Path, NativeLibrary> HELD = new HashMap<>();

  private FakeVendor() {}

  /** Makes this process use the driver; before a backend is first asked. Skips without g++. */
  public static synchronized void useDriver() {
    Requires.that(
        Platform.current().hasBundledNatives(), "fakecuda", "the fakes are for Linux x86-64");
    Requires.that(FakeCuda.onPath("g++"), "fakecuda", "g++ is missing: no fake libraries");
    List<String> sources = new ArrayList<>(FakeCuda.SOURCES);
    sources.add("no_kernels.cpp");
    build(DRIVER, sources, "-Wl,-soname,libcuda.so.1");
    System.setProperty(DriverLibrary.PATH, DRIVER.toString());
    System.setProperty(Nvml.PATH, DRIVER.toString());
    plant(DRIVER, "fake_cuda", "driver=13000");
  }

  /** Flags that make another JVM use the driver. */
  public static List<String> flags() {
    return List.of("-D" + DriverLibrary.PATH + "=" + DRIVER, "-D" + Nvml.PATH + "=" + DRIVER);
  }

  /** Makes this process look for libraries in a toolkit's home only. */
  public static void useHome(Path home) {
    System.setProperty(NvidiaSearch.HOME, home.toString());
  }

  /**
   * A toolkit with cuBLAS and cuBLASLt.
   *
   * @param version e.g. {@code 12.6}
   * @param flags further flags of the compiler, e.g. {@code -DWITHOUT_DDOT}
   */
  public static Path cublas(String version, String... flags) {
    String major = version.replaceFirst("\\..*", "");
    Path home = ROOT.resolve("cuda" + String.join("", flags)).resolve("cuda-" + version);
    String name = "libcublas.so." + major;
    Path names = ROOT.resolve("version-" + major + ".map");
    try {
      // JCublas2 asks for the functions under this version name.
      Files.createDirectories(ROOT);
      Files.writeString(names, name + " { global: *; };\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(List.of("-DMAJOR=" + major, "-Wl,-soname," + name, "-Wl,--version-script=" + names));
    build(
        home.resolve("lib64").resolve(name),
        List.of("fake_cublas.cpp"),
        all.toArray(String[]::new));
    String lt = "libcublasLt.so." + major;
    build(
        home.resolve("lib64").resolve(lt),
        List.of("fake_cublaslt.cpp"),
        "-DMAJOR=" + major,
        "-Wl,-soname," + lt);
    return home;
  }

  /** A toolkit with an NVRTC 12.6 that knows no device. */
  public static Path nvrtc() {
    Path home = ROOT.resolve("nvrtc").resolve("cuda-12.6");
    build(
        home.resolve("lib64").resolve("libnvrtc.so.12"),
        List.of("fake_nvrtc.cpp"),
        "-Wl,-soname,libnvrtc.so.12");
    return home;
  }

  /** A folder with cuDNN 8 or 9. */
  public static Path cudnn(int major) {
    Path home = ROOT.resolve("cudnn-" + major);
    String name = "libcudnn.so." + major;
    build(
        home.resolve("lib").resolve(name),
        List.of("fake_cudnn.cpp"),
        "-DMAJOR=" + major,
        "-Wl,-soname," + name);
    return home;
  }

  /** A library of a home. */
  public static Path library(Path home, String stem) {
    for (String folder : List.of("lib64", "lib")) {
      if (Files.isDirectory(home.resolve(folder))) {
        try (Stream<Path> files = Files.list(home.resolve(folder))) {
          return files
              .filter(f -> f.getFileName().toString().startsWith(stem + ".so."))
              .findFirst()
              .orElseThrow();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalArgumentException(home + " has no libraries");
  }

  /** Plants faults in a library; the empty string takes them away. */
  public static void plant(Path library, String faults) {
    plant(library, "fake_vendor", faults);
  }

  private static void plant(Path library, String function, String faults) {
    function(library, function).invokeVoid(new Object[] {faults});
  }

  /** The calls of a library since this was asked last. */
  public static List<String> calls(Path library) {
    String log = function(library, "fake_vendor_log").invokeString(new Object[0], false);
    function(library, "fake_vendor_clear").invokeVoid(new Object[0]);
    return log.lines().toList();
  }

  /** Handles and descriptors of a library that have not been given back. */
  public static int handles(Path library) {
    return function(library, "fake_vendor_handles").invokeInt(new Object[0]);
  }

  /** Streams that have not been destroyed, beside that of the device. */
  public static long streams() {
    return function(DRIVER, "fake_cuda_streams").invokeLong(new Object[0]) - 1;
  }

  /** Bytes of device memory that have not been freed. */
  public static long used() {
    return function(DRIVER, "fake_cuda_used").invokeLong(new Object[0]);
  }

  private static synchronized Function function(Path library, String name) {
    return HELD.computeIfAbsent(
            library,
            file ->
                NativeLibrary.getInstance(file.toString(), Map.of(Library.OPTION_OPEN_FLAGS, 2)))
        .getFunction(name);
  }

  /** Compiles a library if a source is newer than it, and moves it into place in one step. */
  private static synchronized void build(Path library, List<String> sources, String... flags) {
    try (Stream<Path> inputs = Files.list(NATIVE)) {
      long newest = inputs.mapToLong(f -> f.toFile().lastModified()).max().orElse(Long.MAX_VALUE);
      if (Files.exists(library) && library.toFile().lastModified() > newest) {
        return;
      }
      Files.createDirectories(library.getParent());
      Path part = library.resolveSibling("part-" + ProcessHandle.current().pid());
      List<String> command =
          new ArrayList<>(List.of("g++", "-std=c++17", "-O1", "-fPIC", "-shared"));
      command.addAll(List.of("-fvisibility=hidden", "-o", part.toString()));
      sources.forEach(s -> command.add(NATIVE.resolve(s).toString()));
      command.addAll(List.of(flags));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(sources + " do not compile:\n" + said);
      }
      Files.move(part, library, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
