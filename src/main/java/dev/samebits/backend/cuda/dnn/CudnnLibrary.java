package dev.samebits.backend.cuda.dnn;

import com.sun.jna.Function;
import com.sun.jna.ptr.LongByReference;
import dev.samebits.backend.cuda.Gpu;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.Digests;
import dev.samebits.library.NvidiaFile;
import dev.samebits.library.NvidiaLibraries;
import dev.samebits.library.NvidiaLibrary;
import dev.samebits.library.NvidiaSearch;
import dev.samebits.library.NvidiaSearch.Result;
import dev.samebits.library.Paths;
import dev.samebits.library.SharedLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An opened cuDNN, identified by the code that is called. It loads cuBLAS and NVRTC by name when it
 * needs them, so those that were found are opened first.
 */
final class CudnnLibrary {
  private static final String ENTRY = "cudnnConvolutionForward";
  private static final List<NvidiaLibrary> NEEDED =
      List.of(NvidiaLibrary.CUBLAS_LT, NvidiaLibrary.CUBLAS, NvidiaLibrary.NVRTC);

  private final NvidiaFile file;
  private final List<NvidiaFile> needed;
  private final SharedLibrary library;
  private final Cudnn calls;
  private final long told;
  private final String version;
  private final String toolkit;

  private CudnnLibrary(NvidiaFile file, List<NvidiaFile> needed) throws IOException {
    this.file = file;
    this.needed = needed;
    this.library = NvidiaLibraries.open(needed, file);
    try {
      this.calls = DirectCudnn.bind(library.jna());
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(file.path() + " cannot be bound: " + e.getMessage(), e);
    }
    this.told = number("cudnnGetVersion");
    this.version = version(told);
    long cudart = number("cudnnGetCudartVersion");
    this.toolkit = cudart / 1000 + "." + cudart % 1000 / 10;
  }

  /**
   * Opens a library that was found.
   *
   * @param file the library
   * @throws IOException if it cannot be opened, or is not what was asked for
   */
  static CudnnLibrary open(NvidiaSearch search, NvidiaFile file) throws IOException {
    List<NvidiaFile> needed = new ArrayList<>();
    for (NvidiaLibrary library : NEEDED) {
      Result found = search.find(library);
      if (found.found()) {
        needed.add(found.file());
      }
    }
    CudnnLibrary opened = new CudnnLibrary(file, needed);
    NvidiaLibraries.requireOwn(opened.library, ENTRY);
    NvidiaLibraries.requireMajor(file, opened.version);
    NvidiaLibraries.requireAsked(search, "cudnn", opened.version);
    requireSameToolkit(search, opened);
    return opened;
  }

  /** A build for another major release of CUDA would look for a cuBLAS that was not opened. */
  private static void requireSameToolkit(NvidiaSearch search, CudnnLibrary opened)
      throws IOException {
    String own = opened.toolkit.replaceFirst("\\..*", "");
    String asked = search.wanted("cuda").orElse(own);
    if (!asked.replaceFirst("\\..*", "").equals(own)) {
      throw new IOException(
          opened.file.path()
              + " is made for CUDA "
              + opened.toolkit
              + ", but cuda@"
              + asked
              + " was asked for");
    }
  }

  private long number(String function) throws IOException {
    Function f =
        library
            .function(function)
            .orElseThrow(() -> new IOException(file.path() + " has no " + function));
    return f.invokeLong(new Object[0]);
  }

  /** Release 8 tells 1000 x major + 100 x minor + patch, release 9 ten times the first. */
  static String version(long told) {
    long major = told >= 90_000 ? told / 10_000 : told / 1000;
    long rest = told >= 90_000 ? told % 10_000 : told % 1000;
    return major + "." + rest / 100 + "." + rest % 100;
  }

  Cudnn calls() {
    return calls;
  }

  SharedLibrary library() {
    return library;
  }

  /** The toolkit that it was made for, e.g. {@code 12.6}. */
  String toolkit() {
    return toolkit;
  }

  /**
   * Makes and gives back a handle and a convolution. The library loads its parts when they are
   * first needed and ends the process if one cannot be loaded (release 8 where only {@code
   * libcuda.so.1} is there, not {@code libcuda.so}): better now, where a process finds out what is
   * available.
   */
  void tryOut(Gpu gpu, CudnnStatus status) {
    gpu.device().enter();
    LongByReference made = new LongByReference();
    status.check("cudnnCreate", calls.create(made));
    status.check("cudnnDestroy", calls.destroy(made.getValue()));
    status.check("cudnnCreateConvolutionDescriptor", calls.createConvolution(made));
    status.check("cudnnDestroyConvolutionDescriptor", calls.destroyConvolution(made.getValue()));
  }

  Receipt receipt(Gpu gpu) throws IOException {
    Map<String, String> more = new TreeMap<>();
    more.put("cudnnGetVersion", Long.toString(told));
    more.put("toolkit", toolkit);
    more.put("binding", "JNA");
    for (NvidiaFile one : needed) {
      NvidiaLibraries.describe(more, one);
    }
    more.putAll(gpu.facts());
    Path code = library.fileOf(ENTRY);
    return new Receipt(
        "cuDNN", version, Paths.abbreviate(code), Digests.sha256(code), gpu.core(), 0, more);
  }
}
