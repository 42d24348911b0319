package dev.samebits.backend.cuda.dnn;

import dev.samebits.backend.cuda.Gpu;
import dev.samebits.backend.cuda.NoGpuException;
import dev.samebits.backend.cuda.VendorEnvironment;
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
import dev.samebits.library.NvidiaLibrary;
import dev.samebits.library.NvidiaSearch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * NVIDIA's cuDNN 8 or 9 as {@code cudnn}: convolutions and their gradients by its older interface,
 * in which the caller names the algorithm. Which library is bound: {@link NvidiaSearch}. What each
 * variant promises: {@link CudnnVariants}. Conditions as for {@code cublas}.
 */
public final class CudnnBackend implements Backend {
  /** The name in case ids. */
  public static final String NAME = "cudnn";

  private static final ForkSettings SETTINGS =
      new ForkSettings(Map.of(), List.of(), Set.of(VendorEnvironment.TF32));

  private static final List<Variant> VARIANTS = CudnnVariants.table();

  private final UnaryOperator<String> env;
  private Availability availability;
  private Gpu gpu;
  private CudnnLibrary library;
  private CudnnStatus status;

  /** The backend with the environment of this process. */
  public CudnnBackend() {
    this(System::getenv);
  }

  /**
   * @param env environment variables of this process
   */
  CudnnBackend(UnaryOperator<String> env) {
    this.env = env;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean accelerator() {
    return true;
  }

  @Override
  public List<Variant> variants() {
    return VARIANTS;
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
      NativeMath.claim(NAME);
      NvidiaSearch search = NvidiaSearch.ofThisProcess();
      NvidiaSearch.Result found = search.find(NvidiaLibrary.CUDNN);
      if (!found.found()) {
        return new Unavailable(found.reason(), found.remedy(), null);
      }
      library = CudnnLibrary.open(search, found.file());
      gpu.requireDriver("cuDNN", library.toolkit());
      status = new CudnnStatus(gpu.device(), library.library());
      library.tryOut(gpu, status);
      return new Available(library.receipt(gpu));
    } catch (NoGpuException e) {
      return new Unavailable(e.getMessage(), e.remedy(), e);
    } catch (OutOfDeviceMemoryException e) {
      return new Unavailable(e.getMessage(), Gpu.FREE_MEMORY, e);
    } catch (DeviceLostException e) {
      return new Unavailable(e.getMessage(), "see what nvidia-smi and the kernel's log say", e);
    } catch (IOException | IllegalStateException | IllegalArgumentException | LinkageError e) {
      return new Unavailable(
          String.valueOf(e.getMessage()),
          "ask for another release with --library cudnn@VERSION, or name another toolkit with"
              + " --cuda-home DIR",
          e);
    }
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    return SETTINGS;
  }

  private Gpu gpu() {
    if (availability() instanceof Unavailable u) {
      throw new IllegalStateException(
          NAME + " is not available: " + u.reason() + "; " + u.remedy(), u.cause());
    }
    return gpu;
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    return gpu().allocate(dtype, elements);
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    conditions.requireOnly(NAME, Gpu.LIBRARY_CONDITIONS);
    Gpu on = gpu();
    if (op.dtype() == DType.F32 && CudnnVariants.choice(op.variant()).math() != Cudnn.FMA_MATH) {
      VendorEnvironment.requireTf32(NAME, op, env);
    }
    return on.bind(op, conditions, inputs, outputs, new CudnnCall(library.calls(), status, op));
  }
}
