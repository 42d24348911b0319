package dev.samebits.backend.cuda;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.samebits.library.NvidiaFile;
import dev.samebits.library.SharedLibrary;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * NVRTC 11, 12 or 13: compiles CUDA C++ to machine code of one device. Only functions that have
 * kept their signature through these releases are called.
 */
final class Nvrtc {
  private static final int SUCCESS = 0;

  private final SharedLibrary library;
  private final NvidiaFile file;

  /**
   * Opens the library.
   *
   * @throws IOException if it cannot be opened
   */
  Nvrtc(NvidiaFile file) throws IOException {
    this.file = file;
    openBuiltins(file.path().toRealPath().getParent());
    this.library = SharedLibrary.open(file.path());
  }

  /**
   * NVRTC looks for the library of its built-in functions by name when it compiles, where the
   * loader looks and not beside itself; one that is open by then is taken.
   */
  private static void openBuiltins(Path folder) throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(folder, "libnvrtc-builtins.so.[0-9]*")) {
      for (Path builtins : all) {
        SharedLibrary.open(builtins);
      }
    }
  }

  /** The file that was opened. */
  NvidiaFile file() {
    return file;
  }

  /** Its version as it says itself, 1000 x major + 10 x minor. */
  int version() {
    IntByReference major = new IntByReference();
    IntByReference minor = new IntByReference();
    check("nvrtcVersion", call("nvrtcVersion", major, minor));
    return 1000 * major.getValue() + 10 * minor.getValue();
  }

  /**
   * Compiles one file to machine code.
   *
   * @param name its name, for messages
   * @param source its text
   * @param headers texts that it includes, by the name in the include directive
   * @param options compiler options, the architecture among them
   * @throws CompileException with the compiler's log if it refuses the text or an option
   */
  byte[] compile(String name, String source, Map<String, String> headers, List<String> options)
      throws CompileException {
    PointerByReference program = new PointerByReference();
    String[] names = headers.keySet().toArray(String[]::new);
    String[] texts = headers.values().toArray(String[]::new);
    check(
        "nvrtcCreateProgram",
        call(
            "nvrtcCreateProgram",
            program,
            source,
            name,
            names.length,
            strings(texts),
            strings(names)));
    try {
      String[] args = options.toArray(String[]::new);
      int code = call("nvrtcCompileProgram", program.getValue(), args.length, strings(args));
      if (code != SUCCESS) {
        throw new CompileException(
            "NVRTC "
                + file.version()
                + " refuses "
                + name
                + ": "
                + text(code)
                + "\n"
                + log(program));
      }
      return bytes(program, "nvrtcGetCUBIN");
    } finally {
      call("nvrtcDestroyProgram", program);
    }
  }

  private String log(PointerByReference program) {
    return Native.toString(bytes(program, "nvrtcGetProgramLog"), "UTF-8").strip();
  }

  /** What a getter returns, whose size the function {@code NAMESize} tells. */
  private byte[] bytes(PointerByReference program, String name) {
    Memory size = new Memory(Native.SIZE_T_SIZE);
    check(name + "Size", call(name + "Size", program.getValue(), size));
    byte[] bytes = new byte[Math.toIntExact(size.getLong(0))];
    try (Memory memory = new Memory(Math.max(1, bytes.length))) {
      check(name, call(name, program.getValue(), memory));
      memory.read(0, bytes, 0, bytes.length);
    }
    return bytes;
  }

  /** {@code const char**}; an empty array is a null pointer. */
  private static Object strings(String[] texts) {
    return texts.length == 0 ? Pointer.NULL : new com.sun.jna.StringArray(texts, "UTF-8");
  }

  private int call(String name, Object... args) {
    Function function =
        library
            .function(name)
            .orElseThrow(() -> new IllegalStateException(file.path() + " has no " + name));
    return function.invokeInt(args);
  }

  private void check(String call, int code) {
    if (code != SUCCESS) {
      throw new IllegalStateException(call + " returned " + text(code));
    }
  }

  private String text(int code) {
    String text =
        library
            .function("nvrtcGetErrorString")
            .map(f -> f.invokeString(new Object[] {code}, false))
            .orElse("");
    return code + " " + text;
  }

  /** The compiler does not take the text, an option or the device. */
  static final class CompileException extends Exception {
    private static final long serialVersionUID = 1L;

    CompileException(String message) {
      super(message);
    }
  }
}
