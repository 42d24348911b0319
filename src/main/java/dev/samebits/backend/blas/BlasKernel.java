package dev.samebits.backend.blas;

import dev.samebits.kernel.BoundKernel;
import java.util.Map;
import java.util.TreeMap;

/** A call bound to a library and a number of threads. */
final class BlasKernel implements BoundKernel {
  private final CblasLibrary library;
  private final int threads;
  private final Runnable call;
  private final BlasMemory scratch;

  /**
   * @param threads what {@code call} runs with; 0 leaves the library alone
   * @param scratch memory that belongs to this call; may be null
   */
  BlasKernel(CblasLibrary library, int threads, Runnable call, BlasMemory scratch) {
    this.library = library;
    this.threads = threads;
    this.call = call;
    this.scratch = scratch;
  }

  @Override
  public void invoke() {
    // The setting is the library's, not the call's: another bound call may have changed it.
    library.threads().use(threads);
    call.run();
  }

  @Override
  public Map<String, String> effective() {
    Map<String, String> read = new TreeMap<>();
    library.threads().use(threads);
    int n = library.threads().read();
    if (n > 0) {
      read.put("threads", Integer.toString(n));
    }
    if (!library.core().isEmpty()) {
      read.put("isa", library.core());
    }
    return read;
  }

  @Override
  public void close() {
    if (scratch != null) {
      scratch.close();
    }
  }
}
