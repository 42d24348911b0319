package dev.samebits.backend.cuda.blas;

import dev.samebits.backend.cuda.Gpu;
import dev.samebits.backend.cuda.LibraryCall;
import dev.samebits.backend.cuda.NoGpuException;
import dev.samebits.backend.cuda.VendorEnvironment;
import dev.samebits.backend.cuda.blas.CublasLibrary.MissingException;
import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import dev.samebits.kernel.Variant;
import dev.samebits.library.NativeMath;
import dev.samebits.library.NvidiaSearch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * NVIDIA's cuBLAS and cuBLASLt of CUDA 11 to 13: {@code cublas}, bound by JNA, and {@code jcublas},
 * the same calls of cuBLAS 12 by JCublas2, whose bits must be the same. Which library is bound:
 * {@link NvidiaSearch}. What each variant sets and promises: {@link CublasVariants}.
 *
 * <p>Conditions as for the backend {@code cuda}, without {@code geometry} and {@code order}, which
 * a library chooses for itself.
 */
public final class CublasBackend implements Backend {
  private final boolean jcuda;
  private final UnaryOperator<String> env;
  private final List<Variant> variants;
  private Availability availability;
  private Gpu gpu;
  private CublasLibrary library;

  /**
   * @param jcuda whether JCublas2 makes the calls
   * @param env environment variables of this process
   */
  CublasBackend(boolean jcuda, UnaryOperator<String> env) {
    this.jcuda = jcuda;
    this.env = env;
    this.variants = CublasVariants.table(!jcuda);
  }

  /** {@code cublas}, then {@code jcublas}. */
  public static List<Backend> all() {
    return List.of(
        new CublasBackend(false, System::getenv), new CublasBackend(true, System::getenv));
  }

  @Override
  public String name() {
    return jcuda ? "jcublas" : "cublas";
  }

  @Override
  public boolean accelerator() {
    return true;
  }

  @Override
  public List<Variant> variants() {
    return variants;
  }

  @Override
  public synchronized Availability availability() {
    if (availability == null) {
      availability = open();
    }
    return availability;
  }

  private Availability open() {
    try {
      gpu = Gpu.shared();
      NativeMath.claim(name());
      library = CublasLibrary.open(NvidiaSearch.ofThisProcess(), jcuda);
      gpu.requireDriver("cuBLAS", library.toolkit());
      return new Available(library.receipt(gpu));
    } catch (NoGpuException e) {
      return new Unavailable(e.getMessage(), e.remedy(), e);
    } catch (MissingException e) {
      return new Unavailable(e.getMessage(), e.remedy(), e);
    } catch (OutOfDeviceMemoryException e) {
      return new Unavailable(e.getMessage(), Gpu.FREE_MEMORY, e);
    } catch (DeviceLostException e) {
      return new Unavailable(e.getMessage(), "see what nvidia-smi and the kernel's log say", e);
    } catch (IOException | IllegalStateException | IllegalArgumentException | LinkageError e) {
      return new Unavailable(
          String.valueOf(e.getMessage()),
          "name another toolkit with --cuda-home DIR or --library cuda@VERSION",
          e);
    }
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    Setting setting = CublasVariants.setting(variant.name());
    return setting == null || setting.config().isEmpty()
        ? new ForkSettings(Map.of(), List.of(), Set.of(Setting.CONFIG, VendorEnvironment.TF32))
        : new ForkSettings(
            Map.of(Setting.CONFIG, setting.config()), List.of(), Set.of(VendorEnvironment.TF32));
  }

  private Gpu gpu() {
    if (availability() instanceof Unavailable u) {
      throw new IllegalStateException(
          name() + " is not available: " + u.reason() + "; " + u.remedy(), u.cause());
    }
    return gpu;
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    return gpu().allocate(dtype, elements);
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    conditions.requireOnly(name(), Gpu.LIBRARY_CONDITIONS);
    Gpu on = gpu();
    CublasVariants.LtChoice lt = CublasVariants.lt(op.variant());
    LibraryCall call;
    if (lt == null) {
      Setting setting = CublasVariants.setting(op.variant());
      requireEnvironment(op, setting);
      requireStreams(op, setting, conditions);
      call = new CublasCall(on.device(), library.calls(), op, setting);
    } else {
      call = new LtCall(on.device(), library.lt(), op, lt);
    }
    return on.bind(op, conditions, inputs, outputs, call);
  }

  private void requireEnvironment(Op op, Setting setting) {
    String config = env.apply(Setting.CONFIG);
    VendorEnvironment.requireSame(name(), op, Setting.CONFIG, setting.config(), config);
    if (setting.math() == Setting.TF32_MATH) {
      VendorEnvironment.requireTf32(name(), op, env);
    }
  }

  private void requireStreams(Op op, Setting setting, Conditions conditions) {
    String streams = conditions.values().getOrDefault(Conditions.STREAMS, "1");
    if (setting.handles() == Setting.Handles.ONE && !streams.equals("1")) {
      throw new IllegalArgumentException(
          "condition streams=%s: %s/%s is one handle on one stream; shared_handle takes several"
              .formatted(streams, name(), op.variant()));
    }
  }
}
