package dev.samebits.backend.blas;

import com.sun.jna.Function;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.Digests;
import dev.samebits.library.Paths;
import dev.samebits.library.SharedLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An opened CBLAS library, identified by the code that is really called. */
final class CblasLibrary {
  private static final String ENTRY = "cblas_sgemm";

  /** Functions that the entry calls by way of the dynamic linker; OpenBLAS's, then anyone's. */
  private static final List<String> INTERNAL = List.of("exec_blas", "sgemm_");

  private static final Pattern OPENBLAS_VERSION = Pattern.compile("OpenBLAS (\\S+)");

  private final SharedLibrary library;
  private final Cblas cblas;
  private final Path file;
  private final ThreadControl threads;
  private final int startThreads;

  /**
   * Opens a library after the ones it needs.
   *
   * @param files the libraries it needs, each after its own needs, and last the library itself
   * @throws IOException if one cannot be opened, lacks a function, or its symbols are overridden
   */
  CblasLibrary(List<Path> files) throws IOException {
    SharedLibrary last = null;
    for (Path path : files) {
      last = SharedLibrary.open(path);
    }
    this.library = last;
    try {
      this.cblas = DirectCblas.bind(last.jna());
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(last.file() + " is not a whole CBLAS library: " + e.getMessage(), e);
    }
    this.file = last.fileOf(ENTRY);
    requireOwnSymbols();
    this.threads = ThreadControl.of(last, file);
    this.startThreads = threads.read();
  }

  /** A library loaded with global symbols would answer the calls made inside this one. */
  private void requireOwnSymbols() throws IOException {
    for (String name : List.of(ENTRY, INTERNAL.get(0), INTERNAL.get(1))) {
      Optional<Path> global = SharedLibrary.globalFileOf(name);
      if (global.isPresent() && !global.get().equals(file)) {
        throw new IOException(
            "calls to "
                + name
                + " inside "
                + file
                + " would go to "
                + global.get()
                + ", which is loaded with global symbols (is LD_PRELOAD set?)");
      }
    }
  }

  Cblas cblas() {
    return cblas;
  }

  ThreadControl threads() {
    return threads;
  }

  /** Threads in force when the library was opened; 0 if unknown. */
  int startThreads() {
    return startThreads;
  }

  /** The kernel set that OpenBLAS chose for this processor; empty for other libraries. */
  String core() {
    return library.text("openblas_get_corename");
  }

  Receipt receipt() throws IOException {
    Map<String, String> more = new TreeMap<>();
    String config = library.text("openblas_get_config");
    if (!config.isEmpty()) {
      more.put("config", config);
    }
    for (String name : INTERNAL) {
      if (library.function(name).isPresent()) {
        more.put("internal " + name, Paths.abbreviate(library.fileOf(name)));
      }
    }
    String blis = library.text("bli_info_get_version_str");
    String mkl = mklVersion();
    Matcher openblas = OPENBLAS_VERSION.matcher(config);
    String name =
        !config.isEmpty() ? "OpenBLAS" : !blis.isEmpty() ? "BLIS" : mkl.isEmpty() ? "CBLAS" : "MKL";
    String version = openblas.find() ? openblas.group(1) : blis + mkl;
    return new Receipt(
        name, version, Paths.abbreviate(file), Digests.sha256(file), core(), threads.read(), more);
  }

  private String mklVersion() {
    Optional<Function> f = library.function("MKL_Get_Version_String");
    byte[] text = new byte[256];
    f.ifPresent(g -> g.invokeVoid(new Object[] {text, text.length}));
    return com.sun.jna.Native.toString(text).strip();
  }
}
