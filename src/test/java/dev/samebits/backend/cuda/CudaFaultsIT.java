package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.DeviceSample;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import dev.samebits.kernel.Receipt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the backend makes of a device that is full, broken, slow or oddly used. */
class CudaFaultsIT {
  private static final CaseId SUM = CaseId.parse("sum/f32/n100000/cuda/canonical/normal@1");

  private static CudaBackend backend;

  @BeforeAll
  static void open() {
    FakeCuda.use();
    backend = new CudaBackend();
    backend.variants(); // loads nothing
    assertTrue(backend.availability() instanceof Available, () -> "" + backend.availability());
  }

  @AfterEach
  void mend() {
    FakeCuda.plant("");
    assertEquals(0, FakeCuda.count("used"), "bytes never freed");
    assertEquals(1, FakeCuda.count("streams"), "streams beside that of the device");
  }

  @Test
  void theReceiptSaysWhatWasLoadedAndWhatCompilesTheCode() {
    Receipt r = ((Available) backend.availability()).receipt();
    assertEquals("CUDA driver", r.library());
    assertEquals("12.6", r.version());
    assertTrue(r.path().endsWith("libcuda.so.1"), r.path());
    assertEquals(64, r.sha256().length());
    assertEquals("Fake GPU 0 sm_90", r.core());
    assertEquals("compute_75", r.more().get("target"));
    assertTrue(r.more().get("compiler").startsWith("nvcc release"), r.more()::toString);
    assertEquals(Modules.COMPILER + "=ptx", r.more().get("compiler chosen because"));
    assertEquals("0000:01:00.0", r.more().get("pci bus"));
    assertEquals("560.35.03", r.more().get("driver release"));
  }

  @Test
  void aFullDeviceIsSaidWithNeededAndFreeBytes() {
    FakeCuda.plant("memory=300000");
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BoundCase.bind(backend, SUM, Conditions.NONE).close());
    assertEquals(
        "out of device memory: an array on Fake GPU 0 needs 400000 bytes; 300000 of 300000 bytes are"
            + " free",
        e.getMessage());
  }

  @Test
  void afterAFaultOfAKernelTheDeviceIsLost() {
    try (BoundCase bound = BoundCase.bind(backend, SUM, Conditions.NONE)) {
      FakeCuda.plant("launch=700");
      var e = assertThrows(DeviceLostException.class, bound::invoke);
      assertTrue(
          e.getMessage()
              .matches(
                  "cu\\w+( of \\w+)? returned 700 CUDA_ERROR_ILLEGAL_ADDRESS"
                      + " \\(an illegal memory access was encountered\\)"),
          e.getMessage());
      assertThrows(DeviceLostException.class, bound::invoke);
      FakeCuda.plant("");
      bound.invoke();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {214, 220, 226, 709, 714, 721, 810, 911})
  void errorsThatEndAProcessLoseTheDevice(int code) {
    assertThrows(DeviceLostException.class, () -> Driver.check("cuCall", code));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 222, 304, 701, 720})
  void otherErrorsCostOneCase(int code) {
    assertThrows(CudaException.class, () -> Driver.check("cuCall", code));
  }

  /** The driver needs memory of its own for code, streams, events and launches. */
  @ParameterizedTest
  @CsvSource({
    "cuModuleLoadData=2, cuModuleLoadData of elementwise/relu_canonical",
    "cuStreamCreate=2,   cuStreamCreate",
    "cuEventCreate=2,    cuEventCreate",
    "short=relu,         cuLaunchKernel of relu_canonical_f32",
  })
  void aCallThatFindsTooLittleMemoryLeavesTheCaseOut(String fault, String call) {
    CaseId id = CaseId.parse("relu/f32/n100/cuda/canonical/normal@1");
    // A step for a module that has not been loaded.
    Conditions conditions = Conditions.parse("order=" + (1000 + fault.length()) + ";streams=2");
    FakeCuda.plant(fault + ",memory=10000");
    var e =
        assertThrows(
            OutOfDeviceMemoryException.class,
            () -> {
              try (BoundCase bound = BoundCase.bind(backend, id, conditions)) {
                bound.timeOnDevice();
                bound.invoke();
              }
            });
    String said =
        "out of device memory: " + call + " returned 2 CUDA_ERROR_OUT_OF_MEMORY (out of memory); ";
    assertTrue(e.getMessage().startsWith(said), e.getMessage());
    assertTrue(e.getMessage().endsWith(" of 10000 bytes are free"), e.getMessage());
  }

  @Test
  void aBindThatFailsGivesItsStreamsBack() {
    // The inputs, one more output and the scratch of the first lanes fit, the rest does not.
    FakeCuda.plant("memory=400100");
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BoundCase.bind(backend, SUM, Conditions.parse("streams=9")).close());
    assertTrue(e.getMessage().startsWith("out of device memory"), e.getMessage());
    FakeCuda.plant("memory=500000");
    e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BoundCase.bind(backend, SUM, Conditions.parse("l2=flush;streams=3")).close());
    assertTrue(e.getMessage().contains("needs 2097152 bytes"), e.getMessage());
  }

  @Test
  void everyStreamWaitsForTheFlush() {
    try (BoundCase bound = BoundCase.bind(backend, SUM, Conditions.parse("l2=flush;streams=3"))) {
      long before = FakeCuda.count("waits");
      bound.invoke();
      bound.invoke();
      assertEquals(4, FakeCuda.count("waits") - before, "two streams behind the first, twice");
    }
  }

  @Test
  void conditionsAreReadBackOrRefused() {
    try (BoundCase bound =
        BoundCase.bind(
            backend, SUM, Conditions.parse("align=12;geometry=64;l2=flush;order=7;streams=3"))) {
      Map<String, String> e = bound.effective();
      assertEquals(
          List.of("12", "64", "7", "3", "1"),
          List.of(
              e.get("align"),
              e.get("geometry"),
              e.get("order"),
              e.get("streams"),
              e.get("threads")));
      long before = FakeCuda.count("launches");
      bound.invoke();
      assertEquals(6, FakeCuda.count("launches") - before, "two passes on three streams");
    }
    for (String wrong :
        List.of(
            "align=3",
            "align=256",
            "geometry=48",
            "geometry=2048",
            "geometry=x",
            "streams=0",
            "order=0",
            "l2=cold",
            "isa=haswell")) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> BoundCase.bind(backend, SUM, Conditions.parse(wrong)).close(),
              wrong);
      assertTrue(e.getMessage().contains("condition " + wrong), e.getMessage());
    }
  }

  /** A number of threads that cannot be chosen is honoured where it is the one asked for. */
  @ParameterizedTest
  @CsvSource({"sum/f32/n1003, 256", "sum/f64/n1003, 64", "col_sum/f32/m3n67, 1024"})
  void aFixedGeometryCanBeAskedFor(String problem, String threads) {
    String variant = problem.startsWith("sum") ? "exact" : "canonical";
    CaseId id = CaseId.parse(problem + "/cuda/" + variant + "/normal@1");
    try (BoundCase bound = BoundCase.bind(backend, id, Conditions.of("geometry", threads))) {
      bound.invoke();
      assertEquals(threads, bound.effective().get("geometry"));
    }
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BoundCase.bind(backend, id, Conditions.of("geometry", "128")).close());
    assertTrue(e.getMessage().contains("needs " + threads + " threads"), e.getMessage());
  }

  @Test
  void theDeviceTimesInvocationsAndTellsItsState() {
    try (BoundCase bound = BoundCase.bind(backend, SUM, Conditions.NONE)) {
      bound.invoke();
      assertTrue(bound.deviceSample().isEmpty(), "not asked to time");
      bound.timeOnDevice();
      assertTrue(bound.deviceSample().isEmpty(), "nothing invoked");
      FakeCuda.plant("throttle=68");
      for (int i = 0; i < 5; i++) {
        bound.invoke();
      }
      DeviceSample s = bound.deviceSample().orElseThrow();
      assertEquals(5, s.invocations());
      assertTrue(0 < s.minNanos() && s.minNanos() <= s.medianNanos(), s::toString);
      assertTrue(s.medianNanos() <= s.maxNanos() && s.maxNanos() < 1e9, s::toString);
      assertEquals(1980, s.clockMhz());
      assertEquals(123.456, s.watts());
      assertEquals(List.of("sw_power_cap", "hw_thermal_slowdown"), s.reasons());
      assertTrue(s.throttled());
    }
  }

  @Test
  void memoryIsZeroedAndKeepsItsContentWhenMoved() {
    try (DeviceMemory memory = (DeviceMemory) backend.allocate(DType.I32, 5)) {
      assertEquals(List.of(0, 0, 0, 0, 0), read(memory));
      ByteBuffer numbers = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 1; i <= 5; i++) {
        numbers.putInt(i);
      }
      memory.write(numbers.flip());
      memory.place(4, Pitch.DENSE);
      assertEquals(List.of(1, 2, 3, 4, 5), read(memory));
      memory.place(4, Pitch.DENSE);
      assertThrows(IllegalArgumentException.class, () -> memory.place(8, Pitch.DENSE));
    }
  }

  private static List<Integer> read(Memory memory) {
    ByteBuffer buffer = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    memory.read(buffer);
    buffer.flip();
    return java.util.stream.IntStream.range(0, 5).mapToObj(i -> buffer.getInt()).toList();
  }
}
