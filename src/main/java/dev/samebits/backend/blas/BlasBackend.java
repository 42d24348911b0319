package dev.samebits.backend.blas;

import static dev.samebits.backend.blas.Cblas.NO_TRANS;
import static dev.samebits.backend.blas.Cblas.TRANS;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import dev.samebits.library.CacheFolder;
import dev.samebits.library.JarContents;
import dev.samebits.library.NativeMath;
import dev.samebits.library.NativeResources;
import dev.samebits.library.Platform;
import dev.samebits.library.Soname;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Kernels on a CBLAS library: {@code openblas}, the one inside the jar, or {@code cblas:NAME}, a
 * library with 32-bit sizes named by the system property {@code samebits.cblas.NAME=PATH}.
 *
 * <p>{@code default} calls the library with the threads it is offered (condition {@code threads};
 * without it, those the library starts with) and promises nothing. {@code single_thread} sets one
 * thread and promises the same bits from run to run. Threads are set in the process and read back.
 * The condition {@code isa} names the kernel set of OpenBLAS ({@code isa=haswell}), asked for by
 * {@code OPENBLAS_CORETYPE} when the fork starts and compared with the core name that the library
 * reports.
 *
 * <p>A product of matrices, gemv and dot are one call of {@code cblas_?gemm}, {@code cblas_?gemv},
 * {@code cblas_?dot}, row-major; {@code cblas_sdot} returns its sum as a float. Convolutions:
 * {@link BlasConvolution}.
 */
public final class BlasBackend implements Backend {
  /** The OpenBLAS inside the jar. */
  public static final String BUNDLED_VERSION = "0.3.31";

  /** Begin of the system properties that name further libraries. */
  public static final String PATH_PROPERTY = "samebits.cblas.";

  private static final String ISA = "isa";
  private static final String FOLDER =
      "natives/openblas-" + BUNDLED_VERSION + "/" + Platform.BUNDLED;

  /** Each after what it needs. */
  private static final List<String> BUNDLED =
      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

  private static final List<Variant> VARIANTS = variantTable();

  private final String name;
  private final String path;
  private final Files files;
  private Availability availability;
  private CblasLibrary library;

  /** The libraries to open, each after what it needs. */
  private interface Files {
    List<Path> get() throws IOException;
  }

  private BlasBackend(String name, String path, Files files) {
    this.name = name;
    this.path = path;
    this.files = files;
  }

  /** The OpenBLAS inside the jar. */
  public static BlasBackend openblas() {
    return new BlasBackend("openblas", "", () -> isolated(NativeResources.unpack(FOLDER, BUNDLED)));
  }

  /** Another release of OpenBLAS, from a folder that may be written to. */
  static BlasBackend openblas(String name, Path folder) {
    return new BlasBackend(
        name, "", () -> isolated(BUNDLED.stream().map(folder::resolve).toList()));
  }

  /** ND4J needs an OpenBLAS of the same name and would take this one for it. */
  private static List<Path> isolated(List<Path> files) throws IOException {
    List<Path> own = new ArrayList<>(files);
    own.set(own.size() - 1, Soname.isolate(own.get(own.size() - 1)));
    return own;
  }

  /** A library by path, as backend {@code cblas:NAME}. */
  public static BlasBackend cblas(String name, String path) {
    if (!name.matches("[A-Za-z0-9_.+-]+")) {
      throw new IllegalArgumentException(
          PATH_PROPERTY + name + ": a library's name consists of letters, digits and _ . + -");
    }
    return new BlasBackend("cblas:" + name, path, () -> List.of(Path.of(path)));
  }

  /** {@code openblas}, then one backend for every property {@code samebits.cblas.NAME}, by name. */
  public static List<Backend> all() {
    TreeMap<String, String> named = new TreeMap<>();
    for (String key : System.getProperties().stringPropertyNames()) {
      if (key.startsWith(PATH_PROPERTY)) {
        named.put(key.substring(PATH_PROPERTY.length()), System.getProperty(key));
      }
    }
    List<Backend> all = new ArrayList<>(List.of(openblas()));
    named.forEach((n, p) -> all.add(cblas(n, p)));
    return all;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Variant> variants() {
    return VARIANTS;
  }

  private static List<Variant> variantTable() {
    Set<DType> both = Set.of(DType.F32, DType.F64);
    List<Variant> all = new ArrayList<>();
    pair(all, Kernel.MATMUL, both, "cblas_?gemm");
    pair(all, Kernel.GEMV, both, "cblas_?gemv");
    pair(all, Kernel.DOT, both, "cblas_?dot");
    pair(all, Kernel.CONV2D_FORWARD, Set.of(DType.F32), "im2col and cblas_sgemm");
    pair(all, Kernel.CONV2D_BACKWARD_DATA, Set.of(DType.F32), "cblas_sgemm and col2im");
    pair(all, Kernel.CONV2D_BACKWARD_FILTER, Set.of(DType.F32), "im2col and cblas_sgemm");
    return List.copyOf(all);
  }

  private static void pair(List<Variant> all, Kernel kernel, Set<DType> dtypes, String how) {
    all.add(
        new Variant(
            kernel,
            "default",
            dtypes,
            Mode.NONDETERMINISTIC,
            Guarantee.NOT_GUARANTEED,
            true,
            how + " on the threads offered; no promise is documented"));
    all.add(
        new Variant(
            kernel,
            "single_thread",
            dtypes,
            Mode.DETERMINISTIC,
            Guarantee.RUN_TO_RUN,
            false,
            how + " on one thread, set and read back"));
  }

  @Override
  public synchronized Availability availability() {
    if (availability == null) {
      availability = load();
    }
    return availability;
  }

  private Availability load() {
    boolean bundled = path.isEmpty();
    if (bundled && !Platform.current().hasBundledNatives()) {
      return new Unavailable(
          "the OpenBLAS inside the jar is for " + Platform.BUNDLED + ", not " + Platform.current(),
          "name a CBLAS library of this machine with -D" + PATH_PROPERTY + "NAME=PATH",
          null);
    }
    if (name.equals("openblas") && !JarContents.has(FOLDER + "/libopenblas.so.0")) {
      return new Unavailable(
          "this jar holds no OpenBLAS",
          "use the whole benchmarks.jar, or name a CBLAS library: --cblas NAME=PATH",
          null);
    }
    try {
      NativeMath.claim(name);
      library = new CblasLibrary(files.get());
      return new Available(library.receipt());
    } catch (IOException | IllegalStateException | LinkageError e) {
      return new Unavailable(String.valueOf(e.getMessage()), remedy(bundled, e), e);
    }
  }

  private static String remedy(boolean bundled, Throwable e) {
    if (e instanceof IllegalStateException) {
      return "use one native backend per process";
    }
    return bundled
        ? "name a writable cache folder from which code may be loaded with -D"
            + CacheFolder.PROPERTY
            + "=FOLDER, and a temp folder of that kind with -Djna.tmpdir=FOLDER"
        : "give the path of a CBLAS library with 32-bit sizes: --cblas NAME=PATH, or -D"
            + PATH_PROPERTY
            + "NAME=PATH";
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    Map<String, String> env = new TreeMap<>();
    List<String> args = new ArrayList<>();
    if (!path.isEmpty()) {
      args.add("-D" + PATH_PROPERTY + name.substring("cblas:".length()) + "=" + path);
      String threads = variant.parallel() ? conditions.values().get(Conditions.THREADS) : "1";
      if (threads != null) {
        for (String library : List.of("OPENBLAS", "OMP", "MKL", "BLIS")) {
          env.put(library + "_NUM_THREADS", threads);
        }
      }
    }
    String isa = conditions.values().get(ISA);
    if (isa != null) {
      env.put("OPENBLAS_CORETYPE", isa);
    }
    return new ForkSettings(env, args);
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    requireAvailable();
    return new BlasMemory(dtype, elements);
  }

  private void requireAvailable() {
    if (availability() instanceof Unavailable u) {
      throw new IllegalStateException(
          name + " is not available: " + u.reason() + "; " + u.remedy(), u.cause());
    }
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    conditions.requireOnly(name, Set.of(Conditions.THREADS, ISA));
    requireAvailable();
    requireIsa(conditions.values().get(ISA));
    int threads =
        variant(op.kernel(), op.variant()).parallel()
            ? conditions.threads().orElse(library.startThreads())
            : 1;
    List<BlasMemory> in = own(inputs);
    BlasMemory out = own(outputs).get(0);
    return switch (op.kernel()) {
      case MATMUL -> kernel(threads, matmul(op, in.get(0), in.get(1), out));
      case GEMV -> kernel(threads, gemv(op, in.get(0), in.get(1), out));
      case DOT -> kernel(threads, dot(op, in.get(0), in.get(1), out));
      default -> convolution(op, threads, in.get(0), in.get(1), out);
    };
  }

  private void requireIsa(String isa) {
    if (isa != null && !isa.equalsIgnoreCase(library.core())) {
      throw new Op.NotHonouredException(
          name
              + ": isa="
              + isa
              + " was asked for, but the core name read back is '"
              + library.core()
              + "'; the library reads OPENBLAS_CORETYPE when it is loaded");
    }
  }

  private List<BlasMemory> own(List<Memory> memory) {
    for (Memory m : memory) {
      if (!(m instanceof BlasMemory)) {
        throw new IllegalArgumentException(
            name + " was given memory of another backend: " + m.getClass().getSimpleName());
      }
    }
    return memory.stream().map(BlasMemory.class::cast).toList();
  }

  private BoundKernel kernel(int threads, Runnable call) {
    return new BlasKernel(library, threads, call, null);
  }

  private Runnable matmul(Op op, BlasMemory a, BlasMemory b, BlasMemory c) {
    Shape z = op.shape();
    int m = z.i("m");
    int n = z.i("n");
    int k = z.i("k");
    int ta = z.get("ta") == 0 ? NO_TRANS : TRANS;
    int tb = z.get("tb") == 0 ? NO_TRANS : TRANS;
    int lda = Math.max(1, ta == NO_TRANS ? k : m);
    int ldb = Math.max(1, tb == NO_TRANS ? n : k);
    int ldc = Math.max(1, n);
    double alpha = op.scalar("alpha");
    double beta = op.scalar("beta");
    float alpha32 = (float) alpha;
    float beta32 = (float) beta;
    Cblas blas = library.cblas();
    boolean f64 = op.dtype() == DType.F64;
    return batch(
        op,
        a,
        b,
        c,
        (x, y, w) -> {
          if (f64) {
            blas.dgemm(ta, tb, m, n, k, alpha, x, lda, y, ldb, beta, w, ldc);
          } else {
            blas.sgemm(ta, tb, m, n, k, alpha32, x, lda, y, ldb, beta32, w, ldc);
          }
        });
  }

  /** One product, from and to addresses. */
  private interface Product {
    void call(long a, long b, long c);
  }

  /** One call for each product of a batch, in order. */
  private static Runnable batch(Op op, BlasMemory a, BlasMemory b, BlasMemory c, Product product) {
    int count = op.shape().i("batch");
    int bytes = op.dtype().bytes();
    long stepOfA = a.elements() / count * bytes;
    long stepOfB = b.elements() / count * bytes;
    long stepOfC = c.elements() / count * bytes;
    return () -> {
      for (int p = 0; p < count; p++) {
        product.call(
            a.address() + p * stepOfA, b.address() + p * stepOfB, c.address() + p * stepOfC);
      }
    };
  }

  private Runnable gemv(Op op, BlasMemory a, BlasMemory x, BlasMemory y) {
    int m = op.shape().i("m");
    int n = op.shape().i("n");
    Cblas blas = library.cblas();
    if (n == 0) {
      // BLAS returns at once then and leaves y as it was.
      return y::clear;
    }
    return op.dtype() == DType.F64
        ? () -> blas.dgemv(m, n, 1, a.address(), n, x.address(), 0, y.address())
        : () -> blas.sgemv(m, n, 1, a.address(), n, x.address(), 0, y.address());
  }

  private Runnable dot(Op op, BlasMemory x, BlasMemory y, BlasMemory out) {
    int n = op.shape().i("n");
    Cblas blas = library.cblas();
    return op.dtype() == DType.F64
        ? () -> out.putDouble(blas.ddot(n, x.address(), y.address()))
        : () -> out.putFloat(blas.sdot(n, x.address(), y.address()));
  }

  private BoundKernel convolution(Op op, int threads, BlasMemory a, BlasMemory b, BlasMemory out) {
    BlasConvolution conv = new BlasConvolution(library.cblas(), ConvShape.of(op.shape()));
    Runnable call =
        switch (op.kernel()) {
          case CONV2D_FORWARD -> conv.forward(a, b, out);
          case CONV2D_BACKWARD_DATA -> conv.backwardData(a, b, out);
          case CONV2D_BACKWARD_FILTER -> conv.backwardFilter(a, b, out);
          default -> throw new IllegalArgumentException(name + " has no " + op.kernel().id());
        };
    return new BlasKernel(library, threads, call, conv.scratch());
  }
}
