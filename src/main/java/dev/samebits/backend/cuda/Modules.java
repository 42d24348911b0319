package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Driver.check;

import dev.samebits.library.NvidiaLibraries;
import dev.samebits.library.NvidiaLibrary;
import dev.samebits.library.NvidiaSearch;
import dev.samebits.library.Paths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/**
 * Turns files of {@code kernels/} into code on a device, each once: by NVRTC to machine code of
 * exactly this device where an NVRTC is found that knows it and that the driver is new enough for,
 * else by the driver from the PTX inside the jar. Which of the two it was, and why, is recorded.
 */
final class Modules {
  /**
   * System property: {@code nvrtc} or {@code ptx}, to have no other; by default the first that
   * works.
   */
  static final String COMPILER = "samebits.cuda.compiler";

  /** The constant of every module that tells the step; see kernels/common/launch.cuh. */
  private static final String STEP = "block_order_step";

  private final Device device;
  private final int driverVersion;
  private final Optional<Nvrtc> nvrtc;
  private final String why;
  private final Map<String, Code> loaded = new HashMap<>();

  /**
   * Compiles one file, so that a compiler that does not know the device is found out here.
   *
   * @param driverVersion the newest CUDA version that the driver supports
   * @throws NoGpuException if no compiler of the kernels fits this device and driver
   */
  Modules(Device device, int driverVersion) throws NoGpuException {
    this.device = device;
    this.driverVersion = driverVersion;
    String asked = requireKnown(System.getProperty(COMPILER, ""));
    List<String> reasons = new ArrayList<>();
    this.nvrtc = asked.equals("ptx") ? Optional.empty() : openNvrtc(reasons);
    this.why = asked.equals("ptx") ? COMPILER + "=ptx" : String.join("; ", reasons);
    if (nvrtc.isEmpty()) {
      if (asked.equals("nvrtc")) {
        throw new NoGpuException(
            COMPILER + "=nvrtc, but " + why, "install NVRTC, or leave the property away", null);
      }
      requirePtx(KernelTable.FIRST, why);
    }
  }

  private static String requireKnown(String compiler) throws NoGpuException {
    if (!List.of("", "nvrtc", "ptx").contains(compiler)) {
      throw new NoGpuException(
          "-D" + COMPILER + "=" + compiler + " names no compiler of the kernels",
          "give nvrtc or ptx, or leave it away for the first that works",
          null);
    }
    return compiler;
  }

  /**
   * Requires PTX in the jar that this driver and device take; {@code because} there is no NVRTC.
   */
  private void requirePtx(String file, String because) throws NoGpuException {
    Optional<PtxHeader> header = KernelFiles.ptx(file).map(PtxHeader::of);
    if (header.isEmpty()) {
      throw new NoGpuException(
          "the jar holds no PTX (when it was built, "
              + KernelFiles.whyNoPtx()
              + "), and "
              + because,
          "install NVRTC 11, 12 or 13, or build the jar where nvcc is",
          null);
    }
    int needed = header.get().driver();
    if (driverVersion < needed) {
      throw new NoGpuException(
          "the driver is too old: it supports CUDA "
              + DriverLibrary.text(driverVersion)
              + ", the PTX in the jar needs "
              + DriverLibrary.text(needed)
              + "; "
              + because,
          "update the driver, or install an NVRTC not newer than it",
          null);
    }
    int target = header.get().target();
    if (device.capability() < target) {
      throw new NoGpuException(
          device.name()
              + " has compute capability "
              + capability(device.capability())
              + ", the PTX in the jar needs "
              + capability(target)
              + "; "
              + because,
          "use a newer device, or install an NVRTC that knows this one",
          null);
    }
  }

  private static String capability(int capability) {
    return capability / 10 + "." + capability % 10;
  }

  private Optional<Nvrtc> openNvrtc(List<String> reasons) {
    NvidiaSearch search = NvidiaSearch.ofThisProcess();
    NvidiaSearch.Result found = search.find(NvidiaLibrary.NVRTC);
    if (!found.found()) {
      reasons.add(found.reason());
      return Optional.empty();
    }
    try {
      Nvrtc nvrtc = new Nvrtc(found.file());
      NvidiaLibraries.requireAsked(search, "cuda", DriverLibrary.text(nvrtc.version()));
      if (nvrtc.version() / 1000 > driverVersion / 1000) {
        reasons.add(
            "NVRTC "
                + DriverLibrary.text(nvrtc.version())
                + " at "
                + Paths.abbreviate(found.file().path())
                + " is newer than the driver, CUDA "
                + DriverLibrary.text(driverVersion));
        return Optional.empty();
      }
      cubin(nvrtc, KernelTable.FIRST);
      return Optional.of(nvrtc);
    } catch (IOException | IllegalStateException | Nvrtc.CompileException e) {
      reasons.add(firstLines(e));
      return Optional.empty();
    }
  }

  /** What will compile, for the receipt. */
  Map<String, String> compiler() {
    return nvrtc.isPresent()
        ? nvrtcFacts(nvrtc.get())
        : ptxFacts(KernelFiles.ptx(KernelTable.FIRST).orElseThrow(), why);
  }

  private Map<String, String> nvrtcFacts(Nvrtc n) {
    try {
      return Map.of(
          "compiler", "NVRTC",
          "compiler version", DriverLibrary.text(n.version()),
          "compiler path", Paths.abbreviate(n.file().path()),
          "compiler sha256", n.file().sha256(),
          "target", "sm_" + device.capability());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + n.file().path() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The code of a file.
   *
   * @param file e.g. {@code reduction/sum_canonical}
   * @param step the step by which blocks take each other's work; 1 leaves them in place
   */
  synchronized Code load(String file, int step) {
    return loaded.computeIfAbsent(file + " " + step, key -> compile(file, step));
  }

  private Code compile(String file, int step) {
    Code code = compile(file);
    if (step != 1) {
      CUdeviceptr at = new CUdeviceptr();
      check(
          "cuModuleGetGlobal of " + STEP,
          JCudaDriver.cuModuleGetGlobal(at, new long[1], code.module(), STEP));
      ByteBuffer value = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      device.toDevice(at, value.putInt(0, step));
    }
    return code;
  }

  private Code compile(String file) {
    device.enter();
    String because = why;
    if (nvrtc.isPresent()) {
      try {
        return new Code(module(file, cubin(nvrtc.get(), file)), nvrtcFacts(nvrtc.get()));
      } catch (Nvrtc.CompileException e) {
        if (System.getProperty(COMPILER, "").equals("nvrtc")) {
          throw new IllegalArgumentException(e.getMessage(), e);
        }
        because = firstLines(e);
      }
    }
    try {
      requirePtx(file, because);
    } catch (NoGpuException e) {
      throw new IllegalArgumentException(e.getMessage() + ": " + e.remedy(), e);
    }
    String ptx = KernelFiles.ptx(file).orElseThrow();
    return new Code(module(file, ptx.getBytes(StandardCharsets.UTF_8)), ptxFacts(ptx, because));
  }

  /** Machine code of exactly this device. */
  private byte[] cubin(Nvrtc compiler, String file) throws Nvrtc.CompileException {
    List<String> options = new ArrayList<>(KernelFiles.options());
    options.add("--gpu-architecture=sm_" + device.capability());
    return compiler.compile(
        file + ".cu", KernelFiles.source(file), KernelFiles.headers(file), options);
  }

  /** What was said and the first line of the compiler's log, in one line. */
  private static String firstLines(Exception e) {
    return String.valueOf(e.getMessage()).lines().limit(2).collect(Collectors.joining("; "));
  }

  private static Map<String, String> ptxFacts(String ptx, String why) {
    Map<String, String> facts = new TreeMap<>(PtxHeader.of(ptx).facts());
    facts.put("compiler chosen because", why);
    return facts;
  }

  private static CUmodule module(String file, byte[] image) {
    CUmodule module = new CUmodule();
    // The driver takes text up to a zero byte.
    byte[] terminated = java.util.Arrays.copyOf(image, image.length + 1);
    check("cuModuleLoadData of " + file, JCudaDriver.cuModuleLoadData(module, terminated));
    return module;
  }

  /** A function of a module. */
  static CUfunction function(Code code, String symbol) {
    CUfunction function = new CUfunction();
    check(
        "cuModuleGetFunction of " + symbol,
        JCudaDriver.cuModuleGetFunction(function, code.module(), symbol));
    return function;
  }

  /** Threads of a block that a function can be launched with, at most. */
  static int mostThreads(CUfunction function) {
    return attribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
  }

  private static int attribute(CUfunction function, int attribute) {
    int[] value = new int[1];
    check("cuFuncGetAttribute", JCudaDriver.cuFuncGetAttribute(value, attribute, function));
    return value[0];
  }
}
