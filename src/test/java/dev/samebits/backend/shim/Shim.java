package dev.samebits.backend.shim;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.samebits.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The library of kernels for the CPU; built from {@code kernels/} when first asked for. */
final class Shim {
  private static final Path LIBRARY = Path.of("target/shim/libsamebits-shim.so");

  /** Elements of a block of a sum in {@link #small}. */
  static final int SMALL_SUM_BLOCK = 128;

  private static final Path SMALL = Path.of("target/shim-small/libsamebits-shim.so");
  private static Shim instance;

  private final NativeLibrary library;
  private final Function launch;
  private final Memory sizes = new Memory(4 * 64);

  private Shim(Path path) {
    library = NativeLibrary.getInstance(path.toAbsolutePath().toString());
    launch = library.getFunction("shim_launch");
  }

  /** The library; the test is skipped where it cannot be built. */
  static synchronized Shim get() {
    if (instance == null) {
      Requires.that(hasCompiler(), "g++", "no g++ in PATH, or no x86-64 processor with FMA");
      build(LIBRARY, Map.of());
      instance = new Shim(LIBRARY);
    }
    return instance;
  }

  /**
   * The reductions with blocks of {@value #SMALL_SUM_BLOCK} elements and exact sums that carry
   * after 4 groups. For a process of its own: two libraries have the same symbols.
   */
  static synchronized Shim small() {
    if (instance == null) {
      Requires.that(hasCompiler(), "g++", "no g++ in PATH, or no x86-64 processor with FMA");
      String defines = "-DSUM_BLOCK=" + SMALL_SUM_BLOCK + " -DEXACT_CARRY_AFTER=4";
      build(SMALL, Map.of("SHIM_FOLDER", "reduction", "SHIM_DEFINES", defines));
      instance = new Shim(SMALL);
    }
    return instance;
  }

  private static boolean hasCompiler() {
    try {
      return new ProcessBuilder("g++", "--version").start().waitFor() == 0
          && System.getProperty("os.arch").equals("amd64")
          && Files.readString(Path.of("/proc/cpuinfo")).contains(" fma ");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void build(Path library, Map<String, String> env) {
    try {
      Files.createDirectories(library.getParent());
      List<String> command =
          List.of("bash", "src/test/native/build.sh", "kernels", library.toString());
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(env);
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ":\n" + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The variable by which a host permutes blocks. */
  Pointer blockOrderStep() {
    return library.getGlobalVariableAddress("block_order_step");
  }

  /** The symbols of all kernels. */
  Set<String> symbols() {
    Set<String> all = new TreeSet<>();
    int count = library.getFunction("shim_count").invokeInt(new Object[0]);
    for (int i = 0; i < count; i++) {
      all.add(library.getFunction("shim_symbol").invokeString(new Object[] {i}, false));
    }
    return all;
  }

  /**
   * Runs a kernel.
   *
   * @param arguments pointers, or numbers in the type that the kernel takes
   * @param seed of the order of blocks and threads; 0 is ascending
   */
  void launch(String symbol, int grid, int block, List<Object> arguments, long seed) {
    int count = library.getFunction("shim_params").invokeInt(new Object[] {symbol, sizes});
    if (count != arguments.size()) {
      throw new IllegalArgumentException(
          symbol + " takes " + count + " parameters (-1: there is none), not " + arguments.size());
    }
    Memory values = new Memory(8L * (count + 1));
    Memory pointers = new Memory(8L * (count + 1));
    for (int i = 0; i < count; i++) {
      put(values, 8L * i, arguments.get(i), symbol + " parameter " + i, sizes.getInt(4L * i));
      pointers.setPointer(8L * i, values.share(8L * i));
    }
    int[] blocks = {grid, 1, 1};
    int[] threads = {block, 1, 1};
    int end = launch.invokeInt(new Object[] {symbol, blocks, threads, pointers, seed});
    if (end != 0) {
      throw new IllegalStateException(
          library.getFunction("shim_error").invokeString(new Object[0], false));
    }
  }

  private static void put(Memory to, long at, Object value, String what, int size) {
    int given;
    if (value instanceof Integer i) {
      to.setInt(at, i);
      given = 4;
    } else if (value instanceof Float f) {
      to.setFloat(at, f);
      given = 4;
    } else if (value instanceof Long l) {
      to.setLong(at, l);
      given = 8;
    } else if (value instanceof Double d) {
      to.setDouble(at, d);
      given = 8;
    } else {
      to.setPointer(at, (Pointer) value);
      given = 8;
    }
    if (given != size) {
      throw new IllegalArgumentException(what + " has " + size + " bytes, not " + given);
    }
  }
}
