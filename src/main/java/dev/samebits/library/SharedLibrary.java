package dev.samebits.library;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A native library opened with RTLD_NOW and local symbols, held for ever. Never with JNA's default
 * flags: RTLD_GLOBAL lets libraries with the same symbols bind to each other.
 */
public final class SharedLibrary {
  /** Value of RTLD_NOW on Linux and macOS. */
  private static final int RTLD_NOW = 2;

  /** JNA unloads a library that nothing refers to. */
  private static final List<NativeLibrary> HELD = new ArrayList<>();

  private final Path file;
  private final NativeLibrary jna;

  private SharedLibrary(Path file, NativeLibrary jna) {
    this.file = file;
    this.jna = jna;
  }

  /**
   * Opens a library.
   *
   * @throws IOException if the file is missing or the loader refuses it
   * @throws LinkageError if JNA itself cannot be loaded
   */
  public static SharedLibrary open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("no such file: " + file);
    }
    requireJna();
    try {
      NativeLibrary jna =
          NativeLibrary.getInstance(
              file.toRealPath().toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW));
      synchronized (HELD) {
        HELD.add(jna);
      }
      return new SharedLibrary(file, jna);
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("cannot load " + file + ": " + words(e), e);
    }
  }

  /** JNA unpacks and loads a native part of its own when it is first used. */
  private static void requireJna() {
    if (Native.POINTER_SIZE != Long.BYTES) {
      throw new UnsatisfiedLinkError("JNA works with " + Native.POINTER_SIZE + " byte addresses");
    }
  }

  /** What the loader said: JNA puts a line of its own before it, and lists where else it looked. */
  private static String words(UnsatisfiedLinkError e) {
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    return lines.get(lines.size() > 1 ? 1 : 0);
  }

  /**
   * Opens a library by the name that the loader looks for, or where the loader finds none, by path.
   *
   * @param soname e.g. {@code libcuda.so.1}
   * @param otherwise may be null
   * @throws IOException if neither can be opened
   * @throws LinkageError if JNA itself cannot be loaded
   */
  public static SharedLibrary named(String soname, Path otherwise) throws IOException {
    requireJna();
    try {
      NativeLibrary jna =
          NativeLibrary.getInstance(soname, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW));
      synchronized (HELD) {
        HELD.add(jna);
      }
      return new SharedLibrary(Path.of(soname), jna);
    } catch (UnsatisfiedLinkError e) {
      if (otherwise == null) {
        throw new IOException("cannot load " + soname + ": " + words(e), e);
      }
      return open(otherwise);
    }
  }

  /** The file it was opened by, or the name that the loader was asked for. */
  public Path file() {
    return file;
  }

  /** The library as JNA knows it, for direct mapping. */
  public NativeLibrary jna() {
    return jna;
  }

  /** A function, if the library or one that it needs has it. */
  public Optional<Function> function(String name) {
    try {
      return Optional.of(jna.getFunction(name));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  /** What a function without arguments that returns a C string says; empty if there is none. */
  public String text(String name) {
    String text = function(name).map(f -> f.invokeString(new Object[0], false)).orElse("");
    return text.strip();
  }

  /** What a function without arguments that returns an int says; empty if there is none. */
  public OptionalInt integer(String name) {
    return function(name).stream().mapToInt(f -> f.invokeInt(new Object[0])).findAny();
  }

  /** Calls a function that takes one int. */
  public void call(String name, int argument) {
    function(name)
        .orElseThrow(() -> new IllegalStateException(file + " has no " + name))
        .invokeVoid(new Object[] {argument});
  }

  /** The address of a function, as code in this library that names it is bound. */
  public OptionalLong address(String name) {
    return function(name).stream().mapToLong(Pointer::nativeValue).findAny();
  }

  /**
   * The file that holds a function of this library, from {@code dladdr}.
   *
   * @throws IOException if there is no such function or the loader does not know its address
   */
  public Path fileOf(String name) throws IOException {
    Function f = function(name).orElseThrow(() -> new IOException(file + " has no " + name));
    return fileAt(f);
  }

  /**
   * The file that would answer for a name in the scope that all libraries share. If there is one,
   * calls inside this library go to it and not to this library's own code.
   */
  public static Optional<Path> globalFileOf(String name) throws IOException {
    try {
      return Optional.of(fileAt(NativeLibrary.getProcess().getFunction(name)));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  /** The file that an address is mapped from. */
  public static Path fileAt(Pointer address) throws IOException {
    DlInfo info = new DlInfo();
    int found = NativeLibrary.getProcess().getFunction("dladdr").invokeInt(args(address, info));
    if (found == 0 || info.file == null) {
      throw new IOException("dladdr knows no file at " + address);
    }
    return Path.of(info.file).toRealPath();
  }

  private static Object[] args(Object... args) {
    return args;
  }

  /** {@code Dl_info} of dlfcn.h. */
  @Structure.FieldOrder({"file", "base", "symbol", "address"})
  public static final class DlInfo extends Structure {
    /** Path name of the object. */
    public String file;

    /** Where it begins. */
    public Pointer base;

    /** Name of the nearest symbol. */
    public String symbol;

    /** Its exact address. */
    public Pointer address;
  }
}
