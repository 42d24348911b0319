package dev.samebits.backend.cuda;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import dev.samebits.kernel.Variant;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kernels of {@code kernels/}, and the driver's copy, on one NVIDIA GPU, by way of the CUDA
 * driver. Creating it and asking for its variants loads nothing.
 *
 * <p>Conditions: {@code geometry}, threads of a block, where the variant leaves them open; {@code
 * align}, bytes from a boundary of 256 to the first element of every operand; {@code ld}, elements
 * of padding behind every row of a matrix product's operands; {@code order}, the step by which
 * blocks take each other's work; {@code streams}, how many streams run the same call at the same
 * time, each with outputs of its own; {@code l2=flush}, which overwrites the L2 cache before each
 * call, or {@code l2=rotate}, in which each call takes other copies of its inputs than those before
 * it; {@code load=gemm}, products of matrices on a stream beside the case's. {@code threads} is
 * accepted: of the host's threads one submits the work.
 */
public final class CudaBackend implements Backend {
  /** The name in case ids. */
  public static final String NAME = "cuda";

  private static final Set<String> CONDITIONS =
      Set.of(
          Conditions.THREADS,
          Conditions.GEOMETRY,
          Conditions.ALIGN,
          Conditions.LD,
          Conditions.STREAMS,
          Conditions.ORDER,
          Conditions.L2,
          Conditions.LOAD);

  private final Opener opener;
  private Availability availability;
  private Gpu gpu;

  /** Opens a device with a compiler of the kernels. */
  interface Opener {
    Gpu open() throws NoGpuException;
  }

  /** The backend on the device that {@code -Dsamebits.cuda.device} names, or the first one. */
  public CudaBackend() {
    this(Gpu::open);
  }

  CudaBackend(Opener opener) {
    this.opener = opener;
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
    return Stream.concat(KernelTable.variants().stream(), Stream.of(DriverCopy.VARIANT)).toList();
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
      gpu = opener.open();
      return new Available(gpu.receipt());
    } catch (NoGpuException e) {
      return new Unavailable(e.getMessage(), e.remedy(), e);
    } catch (OutOfDeviceMemoryException e) {
      return new Unavailable(e.getMessage(), Gpu.FREE_MEMORY, e);
    } catch (CudaException | DeviceLostException e) {
      return new Unavailable(e.getMessage(), "see what nvidia-smi and the kernel's log say", e);
    } catch (IllegalStateException
        | IllegalArgumentException
        | UncheckedIOException
        | LinkageError e) {
      return new Unavailable(
          String.valueOf(e.getMessage()),
          "choose the other compiler of the kernels with -D"
              + Modules.COMPILER
              + "=ptx or -D"
              + Modules.COMPILER
              + "=nvrtc",
          e);
    }
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    return ForkSettings.NONE;
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
    return new DeviceMemory(gpu().device(), dtype, elements);
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    if (op.kernel() == Kernel.COPY) {
      conditions.requireOnly(NAME, Gpu.LIBRARY_CONDITIONS);
      return gpu().bind(op, conditions, inputs, outputs, new DriverCopy(op));
    }
    conditions.requireOnly(NAME, CONDITIONS);
    return gpu().bind(op, conditions, DeviceMemory.own(inputs), DeviceMemory.own(outputs));
  }
}
