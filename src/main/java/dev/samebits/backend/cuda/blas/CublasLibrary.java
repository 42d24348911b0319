package dev.samebits.backend.cuda.blas;

import com.sun.jna.Function;
import com.sun.jna.ptr.IntByReference;
import dev.samebits.backend.cuda.Gpu;
import dev.samebits.backend.cuda.JcudaNatives;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.Digests;
import dev.samebits.library.LoadedLibraries;
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

/** An opened cuBLAS with its cuBLASLt, identified by the code that is called. */
final class CublasLibrary {
  private static final String ENTRY = "cublasCreate_v2";
  private static final String LT_ENTRY = "cublasLtMatmul";

  private final NvidiaFile file;
  private final NvidiaFile ltFile;
  private final SharedLibrary library;
  private final Cublas calls;
  private final CublasLt lt;
  private final String version;
  private final String ltVersion;
  private final String runtime;

  private CublasLibrary(
      NvidiaFile file,
      NvidiaFile ltFile,
      SharedLibrary library,
      SharedLibrary ltLibrary,
      boolean jcuda)
      throws IOException {
    this.file = file;
    this.ltFile = ltFile;
    this.library = library;
    try {
      this.calls = jcuda ? jcuda(file) : DirectCublas.bind(library.jna());
      this.lt = jcuda ? null : DirectCublasLt.bind(ltLibrary.jna());
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(file.path() + " cannot be bound: " + e.getMessage(), e);
    }
    this.version = properties(library, "cublasGetProperty");
    this.ltVersion = properties(ltLibrary, "cublasLtGetProperty");
    this.runtime = version("cublasGetCudartVersion");
  }

  /** A library that cannot be bound, and what would help. */
  static final class MissingException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String remedy;

    MissingException(String reason, String remedy) {
      super(reason);
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }
  }

  /**
   * Finds and opens the library.
   *
   * @param jcuda whether JCublas2 makes the calls
   * @throws MissingException if none is found
   * @throws IOException if what is found cannot be opened, or is not what it was asked for
   */
  static CublasLibrary open(NvidiaSearch search, boolean jcuda)
      throws MissingException, IOException {
    NvidiaFile file = require(search.find(NvidiaLibrary.CUBLAS));
    if (jcuda && file.major() != JcudaCublas.MAJOR) {
      throw new MissingException(
          "JCublas2 binds cuBLAS " + JcudaCublas.MAJOR + " only, found is " + file.path(),
          "ask for one with --library cuda@" + JcudaCublas.MAJOR + ", or use the backend cublas");
    }
    Result beside = search.findBeside(file, NvidiaLibrary.CUBLAS_LT);
    NvidiaFile lt = require(beside.found() ? beside : search.find(NvidiaLibrary.CUBLAS_LT));
    SharedLibrary ltLibrary = NvidiaLibraries.open(List.of(), lt);
    SharedLibrary library = NvidiaLibraries.open(List.of(lt), file);
    CublasLibrary opened = new CublasLibrary(file, lt, library, ltLibrary, jcuda);
    NvidiaLibraries.requireOwn(library, ENTRY);
    NvidiaLibraries.requireMajor(file, opened.version);
    NvidiaLibraries.requireAsked(search, "cuda", opened.toolkit());
    NvidiaLibraries.requireOwn(ltLibrary, LT_ENTRY);
    NvidiaLibraries.requireMajor(lt, opened.ltVersion);
    NvidiaLibraries.requireAsked(search, "cuda", toolkit(lt, opened.ltVersion));
    return opened;
  }

  private static NvidiaFile require(Result result) throws MissingException {
    if (!result.found()) {
      throw new MissingException(result.reason(), result.remedy());
    }
    return result.file();
  }

  /**
   * JCublas2's native part takes the library of that name that is open; another one would show as a
   * second file.
   */
  private static Cublas jcuda(NvidiaFile file) throws IOException {
    JcudaNatives.load("JCublas2", JcudaCublas::initialize);
    String name = NvidiaLibrary.CUBLAS.stem() + ".so";
    Path own = file.path().toRealPath();
    for (String loaded : LoadedLibraries.files()) {
      Path other = Path.of(loaded);
      if (other.getFileName().toString().startsWith(name) && !other.equals(own)) {
        throw new IOException("JCublas2 is bound to " + other + ", not to " + own);
      }
    }
    return new JcudaCublas();
  }

  /** Major, minor and patch level as a library tells them, with dots. */
  private static String properties(SharedLibrary library, String function) throws IOException {
    Function f =
        library
            .function(function)
            .orElseThrow(() -> new IOException(library.file() + " has no " + function));
    List<String> parts = new ArrayList<>();
    for (int which = 0; which < 3; which++) {
      IntByReference value = new IntByReference();
      int status = f.invokeInt(new Object[] {which, value});
      if (status != CublasStatus.SUCCESS) {
        throw new IOException(function + " returned " + CublasStatus.describe(status));
      }
      parts.add(Integer.toString(value.getValue()));
    }
    return String.join(".", parts);
  }

  /** A version told as 1000 x major + 10 x minor. */
  private String version(String function) throws IOException {
    Function f =
        library
            .function(function)
            .orElseThrow(() -> new IOException(file.path() + " has no " + function));
    long told = f.invokeLong(new Object[0]);
    return told / 1000 + "." + told % 1000 / 10;
  }

  Cublas calls() {
    return calls;
  }

  CublasLt lt() {
    return lt;
  }

  /**
   * The toolkit that it is part of as far as it tells, e.g. {@code 12.6}: from release 12 on its
   * own number begins like the toolkit's. The runtime that it says it was built with may be an
   * older one (12.3 for cuBLAS 12.6), so of that the major number counts.
   */
  String toolkit() {
    return file.major() >= 12 ? toolkit(file, version) : runtime.replaceFirst("\\..*", "");
  }

  private static String toolkit(NvidiaFile file, String version) {
    String[] own = version.split("\\.");
    return file.major() >= 12 ? own[0] + "." + own[1] : own[0];
  }

  /** What is bound, with what the library says of itself on this device. */
  Receipt receipt(Gpu gpu) throws IOException {
    Map<String, String> more = new TreeMap<>();
    long[] handle = new long[1];
    int[] told = new int[1];
    gpu.device().enter();
    CublasStatus.check(gpu.device(), ENTRY, calls.create(handle));
    CublasStatus.check(gpu.device(), "cublasGetVersion", calls.getVersion(handle[0], told));
    CublasStatus.check(gpu.device(), "cublasDestroy", calls.destroy(handle[0]));
    more.put("cublasGetVersion", Integer.toString(told[0]));
    more.put("toolkit", toolkit());
    more.put("built with CUDA runtime", runtime);
    more.put("binding", lt == null ? "JCublas2" : "JNA");
    NvidiaLibraries.describe(more, ltFile);
    more.put("libcublasLt version", ltVersion); // its own words, in place of its name's
    more.putAll(gpu.facts());
    Path code = library.fileOf(ENTRY);
    return new Receipt(
        "cuBLAS", version, Paths.abbreviate(code), Digests.sha256(code), gpu.core(), 0, more);
  }
}
