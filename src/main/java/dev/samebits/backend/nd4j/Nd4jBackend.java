package dev.samebits.backend.nd4j;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.kernel.Variant;
import dev.samebits.library.CacheFolder;
import dev.samebits.library.JarContents;
import dev.samebits.library.NativeMath;
import dev.samebits.library.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kernels on ND4J's CPU backend.
 *
 * <ul>
 *   <li>matmul: {@code Nd4j.gemm} on column-major views, Cᵀ = op(B)ᵀ op(A)ᵀ, so that nothing is
 *       copied; it calls {@code cblas_?gemm} of the OpenBLAS that ND4J brings
 *   <li>sum, dot: the operations {@code Sum} and {@code Dot} over all elements, ND4J's own code
 *   <li>convolutions: {@link Nd4jConvolution}
 * </ul>
 *
 * <p>{@code default} uses the threads it is offered and promises nothing; {@code single_thread}
 * promises the same bits from run to run. A fork is started with {@code OMP_NUM_THREADS}. For
 * matmul the number is then set in ND4J's OpenBLAS and read back there; for the others it is read
 * back from OpenMP, ND4J's thread pool and OpenBLAS, which must agree. A product over no terms is
 * +0 and a call without outputs does nothing; neither reaches ND4J.
 */
public final class Nd4jBackend implements Backend {
  private static final List<Variant> VARIANTS = variantTable();

  private Availability availability;
  private Nd4jRuntime runtime;

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public List<Variant> variants() {
    return VARIANTS;
  }

  private static List<Variant> variantTable() {
    Set<DType> both = Set.of(DType.F32, DType.F64);
    Set<DType> f32 = Set.of(DType.F32);
    List<Variant> all = new ArrayList<>();
    all.add(free(Kernel.MATMUL, both, "Nd4j.gemm, which calls OpenBLAS"));
    all.add(
        new Variant(
            Kernel.MATMUL,
            "single_thread",
            both,
            Mode.DETERMINISTIC,
            Guarantee.RUN_TO_RUN,
            false,
            "Nd4j.gemm on one thread, set and read back"));
    all.add(free(Kernel.SUM, both, "ND4J's Sum"));
    all.add(free(Kernel.DOT, both, "ND4J's Dot"));
    all.add(free(Kernel.CONV2D_FORWARD, f32, "conv2d"));
    all.add(free(Kernel.CONV2D_BACKWARD_DATA, f32, "conv2d_bp, which computes both gradients"));
    all.add(free(Kernel.CONV2D_BACKWARD_FILTER, f32, "conv2d_bp, which computes both gradients"));
    return List.copyOf(all);
  }

  private static Variant free(Kernel kernel, Set<DType> dtypes, String how) {
    return new Variant(
        kernel,
        "default",
        dtypes,
        Mode.NONDETERMINISTIC,
        Guarantee.NOT_GUARANTEED,
        true,
        how + " on the threads offered; no promise is documented");
  }

  @Override
  public synchronized Availability availability() {
    if (availability == null) {
      availability = load();
    }
    return availability;
  }

  private Availability load() {
    if (!Platform.current().hasBundledNatives()) {
      return new Unavailable(
          "the ND4J inside the jar is for " + Platform.BUNDLED + ", not " + Platform.current(),
          "run on " + Platform.BUNDLED,
          null);
    }
    if (!JarContents.has("org/nd4j/linalg/factory/Nd4j.class")) {
      return new Unavailable("this jar holds no ND4J", "use the whole benchmarks.jar", null);
    }
    try {
      NativeMath.claim(name());
    } catch (IllegalStateException e) {
      return new Unavailable(e.getMessage(), "use one native backend per process", e);
    }
    try {
      runtime = new Nd4jRuntime();
      return new Available(runtime.receipt());
    } catch (IOException | LinkageError | RuntimeException e) {
      return new Unavailable(
          "ND4J does not load: " + root(e),
          "name a cache folder with 500 MB free from which code may be loaded with -D"
              + CacheFolder.PROPERTY
              + "=FOLDER",
          e);
    }
  }

  private static String root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    String threads = variant.parallel() ? conditions.values().get(Conditions.THREADS) : "1";
    return threads == null
        ? ForkSettings.NONE
        : new ForkSettings(Map.of("OMP_NUM_THREADS", threads), List.of());
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    requireAvailable();
    return new Nd4jMemory(dtype, elements);
  }

  private void requireAvailable() {
    if (availability() instanceof Unavailable u) {
      throw new IllegalStateException(
          "nd4j is not available: " + u.reason() + "; " + u.remedy(), u.cause());
    }
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    conditions.requireOnly(name(), Set.of(Conditions.THREADS));
    requireAvailable();
    List<Nd4jMemory> in = own(inputs);
    Nd4jMemory out = own(outputs).get(0);
    if (out.elements() == 0) {
      return kernel(op, conditions, () -> {});
    } else if (op.inputs().stream().mapToLong(Operand::elements).anyMatch(n -> n == 0)) {
      if (op.kernel() == Kernel.MATMUL && op.scalar("beta") != 0) {
        throw new IllegalArgumentException("nd4j: matmul with k = 0 and beta != 0");
      }
      return kernel(op, conditions, out::clear);
    }
    return switch (op.kernel()) {
      case MATMUL -> kernel(op, conditions, Nd4jCalls.matmul(op, in.get(0), in.get(1), out));
      case SUM -> kernel(op, conditions, Nd4jCalls.sum(in.get(0), out));
      case DOT -> kernel(op, conditions, Nd4jCalls.dot(in.get(0), in.get(1), out));
      default -> {
        Nd4jConvolution conv = new Nd4jConvolution(op, in.get(0), in.get(1), out);
        yield new Nd4jKernel(runtime, 0, conv.call(), conv::close);
      }
    };
  }

  private List<Nd4jMemory> own(List<Memory> memory) {
    for (Memory m : memory) {
      if (!(m instanceof Nd4jMemory)) {
        throw new IllegalArgumentException(
            "nd4j was given memory of another backend: " + m.getClass().getSimpleName());
      }
    }
    return memory.stream().map(Nd4jMemory.class::cast).toList();
  }

  private BoundKernel kernel(Op op, Conditions conditions, Runnable call) {
    int threads = 0;
    if (op.kernel() == Kernel.MATMUL) {
      threads =
          variant(op.kernel(), op.variant()).parallel()
              ? conditions.threads().orElse(runtime.startThreads())
              : 1;
    }
    return new Nd4jKernel(runtime, threads, call, () -> {});
  }
}
