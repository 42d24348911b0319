package dev.samebits.backend.blas;

import com.sun.jna.Function;
import dev.samebits.library.SharedLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sets and reads back the number of threads of a BLAS library through the functions that the
 * library has for it: OpenBLAS, MKL or BLIS. A library that has none of them and imports nothing
 * that starts threads has one; of any other nothing is known.
 */
final class ThreadControl {
  /**
   * Imported by code that starts threads itself: POSIX, GNU OpenMP, LLVM/Intel OpenMP, C11, C++.
   */
  private static final List<String> STARTERS =
      List.of(
          "pthread_create", "GOMP_parallel", "__kmpc_fork_call", "thrd_create", "_M_start_thread");

  private final Function set;
  private final Function get;
  private final boolean wide;
  private final boolean sequential;
  private int current;

  private ThreadControl(Function set, Function get, boolean wide, boolean sequential) {
    this.set = set;
    this.get = get;
    this.wide = wide;
    this.sequential = sequential;
    this.current = read();
  }

  static ThreadControl of(SharedLibrary library, Path file) throws IOException {
    var openblas = library.function("openblas_set_num_threads");
    var mkl = library.function("MKL_Set_Num_Threads");
    var blis = library.function("bli_thread_set_num_threads");
    if (openblas.isPresent()) {
      return new ThreadControl(
          openblas.get(), library.function("openblas_get_num_threads").orElseThrow(), false, false);
    } else if (mkl.isPresent()) {
      // Else MKL may use fewer threads than it is given.
      library.function("MKL_Set_Dynamic").orElseThrow().invokeVoid(new Object[] {0});
      return new ThreadControl(
          mkl.get(), library.function("MKL_Get_Max_Threads").orElseThrow(), false, false);
    } else if (blis.isPresent()) {
      return new ThreadControl(
          blis.get(), library.function("bli_thread_get_num_threads").orElseThrow(), true, false);
    }
    return new ThreadControl(null, null, false, !startsThreads(file));
  }

  /** Whether the names a library imports, which stand in it as plain text, can start a thread. */
  static boolean startsThreads(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    return STARTERS.stream().anyMatch(text::contains);
  }

  /** The number of threads read back; 0 if it cannot be known. */
  int read() {
    if (get == null) {
      return sequential ? 1 : 0;
    }
    long n = wide ? get.invokeLong(new Object[0]) : get.invokeInt(new Object[0]);
    // BLIS says -1 where nothing was set.
    return (int) Math.max(0, n);
  }

  /** Makes the calls that follow use this many threads; costs nothing if they do already. */
  void use(int threads) {
    if (threads == current || threads == 0) {
      return;
    }
    if (set != null) {
      set.invokeVoid(new Object[] {wide ? (Object) (long) threads : (Object) threads});
    }
    current = threads;
  }
}
