package dev.samebits.backend.nd4j;

import dev.samebits.kernel.Receipt;
import dev.samebits.library.CacheFolder;
import dev.samebits.library.Digests;
import dev.samebits.library.LoadedLibraries;
import dev.samebits.library.Paths;
import dev.samebits.library.SharedLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * ND4J's native libraries in this process: what they are, and how many threads they use. The number
 * of its OpenBLAS can be set at any time. That of its own operations comes from {@code
 * OMP_NUM_THREADS} when it is loaded: its {@code Environment.setMaxThreads} was seen to change
 * nothing.
 */
final class Nd4jRuntime {
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";
  private static final String ENTRY = "cblas_sgemm";

  /** The table of {@code NativeOps.initializeFunctions}, as ND4J's CpuNDArrayFactory fills it. */
  private static final List<String> FUNCTIONS =
      List.of(
          "cblas_sgemv",
          "cblas_dgemv",
          "cblas_sgemm",
          "cblas_dgemm",
          "cblas_sgemm_batch",
          "cblas_dgemm_batch",
          "LAPACKE_sgesvd",
          "LAPACKE_dgesvd",
          "LAPACKE_sgesdd",
          "LAPACKE_dgesdd");

  private final SharedLibrary ops;
  private final SharedLibrary blas;
  private final Path opsFile;
  private final Path blasFile;
  private final int startThreads;
  private int current;

  /**
   * Loads ND4J.
   *
   * @throws IOException if its BLAS calls do not go to the OpenBLAS it brings
   */
  Nd4jRuntime() throws IOException {
    if (System.getProperty(CACHE) == null) {
      // JavaCPP extracts 400 MB here, once, under a file lock of its own.
      System.setProperty(CACHE, CacheFolder.get().resolve("javacpp").toString());
    }
    Nd4j.getExecutioner();
    Path cache = Path.of(System.getProperty(CACHE)).toRealPath();
    opsFile = mapped("libnd4jcpu.so");
    ops = SharedLibrary.open(opsFile);
    // gemm is called from Java through this wrapper.
    blas = SharedLibrary.open(mapped("libjniopenblas_nolapack.so"));
    blasFile = blas.fileOf(ENTRY);
    for (Path called : new Path[] {blasFile, ops.fileOf(ENTRY)}) {
      if (!called.startsWith(cache)) {
        throw new IOException(
            "ND4J's calls to "
                + ENTRY
                + " go to "
                + called
                + ", which was loaded before it under the same name, not to its own OpenBLAS in "
                + cache);
      }
    }
    useOwnFunctions();
    startThreads = threads();
    current = blasThreads();
  }

  /**
   * Fills in again the table of BLAS functions that ND4J hands to its native code: it had looked
   * for them in all libraries of the process, in the order in which these were loaded.
   */
  private void useOwnFunctions() {
    try (PointerPointer<Pointer> table = new PointerPointer<>(FUNCTIONS.size())) {
      for (int i = 0; i < FUNCTIONS.size(); i++) {
        OptionalLong own = ops.address(FUNCTIONS.get(i));
        table.put(i, own.isPresent() ? at(own.getAsLong()) : Loader.addressof(FUNCTIONS.get(i)));
      }
      nativeOps().initializeFunctions(table);
    }
  }

  private static Pointer at(long where) {
    return new Pointer() {
      {
        address = where;
      }
    };
  }

  private static Path mapped(String name) throws IOException {
    return LoadedLibraries.files().stream()
        .filter(f -> f.endsWith("/" + name))
        .findFirst()
        .map(Path::of)
        .orElseThrow(() -> new IOException("ND4J was loaded, but " + name + " is not mapped"));
  }

  /** Threads when ND4J was loaded; 0 if its parts did not agree. */
  int startThreads() {
    return startThreads;
  }

  /** Threads of the OpenBLAS that the Java interface calls. */
  int blasThreads() {
    return blas.integer("openblas_get_num_threads").orElse(0);
  }

  /**
   * Threads of ND4J's own operations: what OpenMP, the thread pool and the OpenBLAS called from
   * native code all report; 0 if they do not agree.
   */
  int threads() {
    int n = nativeOps().ompGetMaxThreads();
    boolean agree =
        n == Nd4j.getEnvironment().maxThreads()
            && n == Nd4j.getEnvironment().maxMasterThreads()
            && n == ops.integer("openblas_get_num_threads").orElse(0);
    return agree ? n : 0;
  }

  /** Sets the threads of OpenBLAS; costs nothing if they are set already. */
  void useBlas(int threads) {
    if (threads != current && threads > 0) {
      // ND4J's own setter takes the first OpenBLAS in the process that it finds.
      blas.call("openblas_set_num_threads", threads);
      current = threads;
    }
  }

  private static NativeOps nativeOps() {
    return NativeOpsHolder.getInstance().getDeviceNativeOps();
  }

  String core() {
    return blas.text("openblas_get_corename");
  }

  Receipt receipt() throws IOException {
    Map<String, String> more = new TreeMap<>();
    more.put("config", blas.text("openblas_get_config"));
    more.put("blas", Paths.abbreviate(blasFile));
    more.put("blas sha256", Digests.sha256(blasFile));
    return new Receipt(
        "ND4J",
        version(),
        Paths.abbreviate(opsFile),
        Digests.sha256(opsFile),
        core(),
        threads(),
        more);
  }

  /** From the Maven properties inside the artifact: the manifest is another one in a shaded jar. */
  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
      if (in == null) {
        return "unknown";
      }
      properties.load(in);
    }
    return properties.getProperty("version", "unknown");
  }
}
