package dev.samebits.backend.cuda;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import dev.samebits.Requires;
import dev.samebits.library.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A CUDA driver on the CPU, made of {@code src/test/native}: the kernels of {@code kernels/} under
 * the host shim behind the functions of {@code libcuda.so.1} that the backend calls.
 */
public final class FakeCuda {
  private static final Path NATIVE = Path.of("src/test/native");
  private static final Path LIBRARY = Path.of("target/shim/libcuda.so.1").toAbsolutePath();

  /** The sources of the driver without the host shim. */
  static final List<String> SOURCES =
      List.of(
          "fake_driver.cpp",
          "fake_streams.cpp",
          "fake_modules.cpp",
          "fake_errors.cpp",
          "fake_nvml.cpp");

  private static boolean built;

  private FakeCuda() {}

  /** Builds the driver if a source is newer than it; skips the test where that cannot be done. */
  public static synchronized Path library() {
    Requires.that(
        Platform.current().hasBundledNatives(), "fakecuda", "the shim is for Linux x86-64");
    Requires.that(onPath("g++"), "fakecuda", "g++ is missing: no host shim");
    Requires.that(
        KernelFiles.ptx(KernelTable.FIRST).isPresent(),
        "fakecuda",
        "built without nvcc: no PTX for the driver to load");
    if (!built) {
      build();
      built = true;
      plantForChildren("");
    }
    return LIBRARY;
  }

  /** Makes this process, and its children, use the driver; before the backend is first asked. */
  public static void use() {
    System.setProperty(DriverLibrary.PATH, library().toString());
    System.setProperty(Nvml.PATH, library().toString());
    System.setProperty(Modules.COMPILER, "ptx");
  }

  /** Flags that make another JVM use it. */
  public static List<String> flags() {
    return List.of(
        "-D" + DriverLibrary.PATH + "=" + library(),
        "-D" + Nvml.PATH + "=" + library(),
        "-D" + Modules.COMPILER + "=ptx");
  }

  /**
   * Plants faults in this process; see {@code fake_driver.cpp}. The empty string takes them away.
   */
  public static void plant(String faults) {
    function("fake_cuda").invokeVoid(new Object[] {faults});
  }

  /** Plants faults in processes that are started from now on. The empty string takes them away. */
  public static void plantForChildren(String faults) {
    try {
      Files.writeString(library().resolveSibling("faults"), faults);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A number of the driver's: {@code used}, {@code violations}, {@code launches}, {@code streams},
   * {@code waits}, {@code uploads}, {@code downloads} or {@code step}.
   */
  public static long count(String name) {
    return function("fake_cuda_" + name).invokeLong(new Object[0]);
  }

  private static Function function(String name) {
    return NativeLibrary.getInstance(library().toString(), Map.of(Library.OPTION_OPEN_FLAGS, 2))
        .getFunction(name);
  }

  static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static void build() {
    try {
      Files.createDirectories(LIBRARY.getParent());
      List<String> command =
          new ArrayList<>(
              List.of(
                  "bash", NATIVE.resolve("build.sh").toString(), "kernels", LIBRARY.toString()));
      SOURCES.forEach(s -> command.add(NATIVE.resolve(s).toString()));
      command.add("-Wl,-soname,libcuda.so.1");
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the fake driver does not compile:\n" + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
