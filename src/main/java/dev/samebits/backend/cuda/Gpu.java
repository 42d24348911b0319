package dev.samebits.backend.cuda;

import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.Digests;
import dev.samebits.library.Paths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;

/** The opened driver, one device and the code on it. */
public final class Gpu {
  private static final int MOST_STEP = 1 << 30;

  /** Conditions of calls of libraries: what is inside a library's kernels is its own affair. */
  public static final Set<String> LIBRARY_CONDITIONS =
      Set.of(
          Conditions.THREADS,
          Conditions.ALIGN,
          Conditions.LD,
          Conditions.STREAMS,
          Conditions.L2,
          Conditions.LOAD);

  /** What helps where a device is too full to be opened. */
  public static final String FREE_MEMORY =
      "end what else runs on the device, or name another one with -D"
          + DriverLibrary.DEVICE
          + "=NUMBER";

  private static Gpu shared;

  private final DriverLibrary driver;
  private final Device device;
  private Modules modules;
  private final Optional<Nvml> nvml;

  private Gpu(DriverLibrary driver, Device device, Modules modules, Optional<Nvml> nvml) {
    this.driver = driver;
    this.device = device;
    this.modules = modules;
    this.nvml = nvml;
  }

  /**
   * Opens the driver and a device.
   *
   * @throws NoGpuException saying why that cannot be done and what would help
   */
  static Gpu open() throws NoGpuException {
    DriverLibrary driver = DriverLibrary.open();
    Device device = driver.device();
    Modules modules = new Modules(device, driver.version());
    return new Gpu(driver, device, modules, Nvml.open(device.pciBusId()));
  }

  /**
   * The driver and a device, opened once for this process, for libraries that bring code of their
   * own: a compiler of kernels is looked for when a condition needs one.
   *
   * @throws NoGpuException saying why that cannot be done and what would help
   */
  public static synchronized Gpu shared() throws NoGpuException {
    if (shared == null) {
      DriverLibrary driver = DriverLibrary.open();
      Device device = driver.device();
      shared = new Gpu(driver, device, null, Nvml.open(device.pciBusId()));
    }
    return shared;
  }

  /**
   * Requires a driver that is new enough for a library.
   *
   * @param library its name
   * @param toolkit version of the toolkit that it was made for
   * @throws IOException naming both
   */
  public void requireDriver(String library, String toolkit) throws IOException {
    // Within a major release, older drivers run newer libraries.
    if (Integer.parseInt(toolkit.replaceFirst("\\..*", "")) > driver.version() / 1000) {
      throw new IOException(
          library
              + " is made for CUDA "
              + toolkit
              + ", but the driver supports CUDA "
              + DriverLibrary.text(driver.version())
              + " at most");
    }
  }

  /** Zeroed memory on the device, for kernels and libraries alike. */
  public Memory allocate(DType dtype, long elements) {
    return new DeviceMemory(device, dtype, elements);
  }

  /** The device. */
  public Device device() {
    return device;
  }

  private synchronized Modules modules() {
    if (modules == null) {
      try {
        modules = new Modules(device, driver.version());
      } catch (NoGpuException e) {
        throw new IllegalArgumentException(
            "no kernel of ours can run beside: " + e.getMessage() + "; " + e.remedy(), e);
      }
    }
    return modules;
  }

  /** What is run on: driver, device, compiler. */
  Receipt receipt() {
    Map<String, String> more = new TreeMap<>(modules.compiler());
    more.putAll(facts());
    String path = "";
    String sha256 = "";
    try {
      Path file = driver.library().fileOf("cuLaunchKernel");
      path = Paths.abbreviate(file);
      sha256 = Digests.sha256(file);
    } catch (IOException e) {
      more.put("driver file", String.valueOf(e.getMessage()));
    }
    return new Receipt(
        "CUDA driver", DriverLibrary.text(driver.version()), path, sha256, core(), 0, more);
  }

  /** Name and architecture of the device. */
  public String core() {
    return device.name() + " sm_" + device.capability();
  }

  /** What is known of driver and device. */
  public Map<String, String> facts() {
    Map<String, String> more = new TreeMap<>();
    more.put("driver supports CUDA", DriverLibrary.text(driver.version()));
    more.put("device", device.name());
    more.put("pci bus", device.pciBusId());
    more.put("memory bytes", Long.toString(device.memory()[1]));
    more.put(
        "multiprocessors", attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
    more.put("L2 bytes", attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE));
    more.put("clock kHz", attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE));
    more.put(
        "memory clock kHz", attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE));
    nvml.ifPresent(n -> more.put("driver release", n.driverVersion()));
    return more;
  }

  private String attribute(int attribute) {
    return Integer.toString(device.attribute(attribute));
  }

  /**
   * Binds a call to its operands.
   *
   * @throws IllegalArgumentException if a condition cannot be honoured
   */
  BoundKernel bind(Op op, Conditions conditions, List<DeviceMemory> in, List<DeviceMemory> out) {
    Row row = KernelTable.row(op.kernel(), op.variant());
    Map<String, String> asked = conditions.values();
    Surroundings around = Surroundings.of(op, conditions);
    int threads = row.threads(op.dtype(), asked.get(Conditions.GEOMETRY));
    int step = Surroundings.whole(asked, Conditions.ORDER, MOST_STEP);
    Code code = modules().load(row.file(), step);
    Rotation inputs = around.place(device, op, in, out);
    Operands operands = new Operands(op, around, inputs, out, threads, step);
    List<CudaKernel.Lane> lanes = new ArrayList<>();
    CudaKernel kernel;
    try {
      for (int i = 0; i < around.streams(); i++) {
        lanes.add(lane(row, code, operands, i));
      }
      kernel =
          new CudaKernel(device, nvml, lanes, around.facts(facts(code, threads, step), inputs));
    } catch (RuntimeException e) {
      release(lanes);
      throw e;
    }
    return surround(kernel, around, inputs);
  }

  /** Adds what is done around each call. */
  private CudaKernel surround(CudaKernel kernel, Surroundings around, Rotation inputs) {
    try {
      if (around.flush()) {
        int l2 = device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
        kernel.flush(2L * Math.max(1, l2));
      }
      if (around.rotate()) {
        kernel.rotate(inputs);
      }
      if (around.load()) {
        kernel.beside(DeviceLoad.start(this));
      }
      return kernel;
    } catch (RuntimeException e) {
      kernel.close();
      throw e;
    }
  }

  /** A call of a kernel of ours on a stream beside the case's, with outputs of its own. */
  CudaKernel.Lane beside(Op op, List<DeviceMemory> in) {
    Row row = KernelTable.row(op.kernel(), op.variant());
    int threads = row.threads(op.dtype(), null);
    Code code = modules().load(row.file(), 1);
    Surroundings plain = Surroundings.of(op, Conditions.NONE);
    return lane(row, code, new Operands(op, plain, Rotation.none(in), List.of(), threads, 1), 1);
  }

  /**
   * Binds a call of a library to its operands. The call is closed with the kernel, or here if it
   * cannot be bound.
   *
   * @throws IllegalArgumentException if a condition cannot be honoured
   */
  public BoundKernel bind(
      Op op, Conditions conditions, List<Memory> in, List<Memory> out, LibraryCall call) {
    List<CudaKernel.Lane> lanes = new ArrayList<>();
    Surroundings around;
    Rotation inputs;
    CudaKernel kernel;
    try {
      around = Surroundings.of(op, conditions);
      List<DeviceMemory> to = DeviceMemory.own(out);
      inputs = around.place(device, op, DeviceMemory.own(in), to);
      device.enter();
      for (int i = 0; i < around.streams(); i++) {
        lanes.add(lane(op, around, inputs, to, i, call));
      }
      kernel = new CudaKernel(device, nvml, lanes, around.facts(call.facts(), inputs));
      kernel.beforeClose(call::close);
    } catch (RuntimeException e) {
      call.close();
      release(lanes);
      throw e;
    }
    return surround(kernel, around, inputs);
  }

  /** Gives back what lanes have that no kernel was made of. */
  private void release(List<CudaKernel.Lane> lanes) {
    lanes.forEach(lane -> lane.owned().forEach(device::free));
    lanes.stream().skip(1).forEach(lane -> device.destroy(lane.stream()));
  }

  private CudaKernel.Lane lane(
      Op op,
      Surroundings around,
      Rotation inputs,
      List<DeviceMemory> out,
      int number,
      LibraryCall call) {
    List<CUdeviceptr> owned = new ArrayList<>();
    CUstream stream = number == 0 ? device.stream() : device.newStream();
    try {
      List<CUdeviceptr> outputs = new ArrayList<>();
      for (int i = 0; i < out.size(); i++) {
        long bytes = around.bytes(op.outputs().get(i));
        outputs.add(number == 0 ? out.get(i).pointer() : own(owned, bytes));
      }
      Runnable submit =
          call.prepare(new LibraryLane(device, op, around, number, stream, inputs, outputs, owned));
      CudaKernel.Work work = s -> submit.run();
      return new CudaKernel.Lane(stream, List.of(work), owned);
    } catch (RuntimeException e) {
      owned.forEach(device::free);
      if (number > 0) {
        device.destroy(stream);
      }
      throw e;
    }
  }

  /** What a lane is bound to. */
  private record Operands(
      Op op, Surroundings around, Rotation in, List<DeviceMemory> out, int threads, int step) {}

  /** Lane 0 writes the case's outputs, every other one outputs of its own. */
  private CudaKernel.Lane lane(Row row, Code code, Operands o, int number) {
    List<CUdeviceptr> owned = new ArrayList<>();
    try {
      Arguments arguments = new Arguments(o.op().dtype());
      for (int i = 0; i < o.op().inputs().size(); i++) {
        arguments.address(o.in().address(i));
      }
      for (int i = 0; i < o.op().outputs().size(); i++) {
        long bytes = o.around().bytes(o.op().outputs().get(i));
        arguments.pointer(number == 0 ? o.out().get(i).pointer() : own(owned, bytes));
      }
      Call call = new Call(o.op(), o.around().padding(), o.threads());
      for (ToLongFunction<Call> bytes : row.scratch()) {
        long needed = bytes.applyAsLong(call);
        arguments.pointer(needed == 0 ? new CUdeviceptr() : own(owned, needed));
      }
      row.sizes().list(call, arguments);
      List<CudaKernel.Step> steps = new ArrayList<>();
      for (Launch launch : row.launches()) {
        String symbol = row.symbol(o.op().dtype(), launch);
        steps.add(step(code, symbol, launch.shape().of(call).forStep(o.step()), arguments));
      }
      return new CudaKernel.Lane(number == 0 ? device.stream() : device.newStream(), steps, owned);
    } catch (RuntimeException e) {
      owned.forEach(device::free);
      throw e;
    }
  }

  private CUdeviceptr own(List<CUdeviceptr> owned, long bytes) {
    CUdeviceptr pointer = device.allocate(bytes);
    owned.add(pointer);
    return pointer;
  }

  private static CudaKernel.Step step(
      Code code, String symbol, Launch.Grid grid, Arguments arguments) {
    CUfunction function = Modules.function(code, symbol);
    int most = Modules.mostThreads(function);
    if (grid.threads() > most) {
      throw new IllegalArgumentException(
          "condition geometry="
              + grid.threads()
              + ": "
              + symbol
              + " takes at most "
              + most
              + " threads in a block on this device");
    }
    return new CudaKernel.Step(symbol, function, grid, arguments.toPointer());
  }

  private static Map<String, String> facts(Code code, int threads, int step) {
    Map<String, String> facts = new TreeMap<>(code.facts());
    facts.put(Conditions.GEOMETRY, Integer.toString(threads));
    facts.put(Conditions.ORDER, Integer.toString(step));
    return facts;
  }
}
