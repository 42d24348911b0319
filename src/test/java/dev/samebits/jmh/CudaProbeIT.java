package dev.samebits.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.Backends;
import dev.samebits.backend.cuda.FakeCuda;
import dev.samebits.kernel.Backend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A driver that is missing, old, broken, hanging or crashing takes the probing process alone. */
class CudaProbeIT {
  @BeforeEach
  void use() {
    FakeCuda.use();
    System.setProperty(Probe.LIMIT, "3");
  }

  @AfterEach
  void mend() {
    FakeCuda.plantForChildren("");
    System.clearProperty(Probe.LIMIT);
  }

  private static Probe.Result probe(String faults) {
    FakeCuda.plantForChildren(faults);
    return Probe.one("cuda");
  }

  private static void unavailable(String reason, String remedy, Probe.Result got) {
    assertFalse(got.available());
    assertTrue(got.reason().contains(reason), got::toString);
    assertTrue(got.remedy().contains(remedy), got::toString);
    assertEquals(1, got.reason().lines().count(), got.reason());
    assertEquals(1, got.remedy().lines().count(), got.remedy());
  }

  @Test
  void aWorkingDriverIsDescribed() {
    Probe.Result got = probe("");
    assertTrue(got.available(), got::toString);
    assertEquals("Fake GPU 0 sm_90", got.receipt().core());
  }

  /** Once, not once for each backend that needs it. */
  @Test
  void aDriverThatHangsIsGivenUp() {
    FakeCuda.plantForChildren("init=hang");
    long start = System.nanoTime();
    Map<String, Probe.Result> got =
        Probe.all(Backends.all().stream().filter(Backend::accelerator).toList());
    double seconds = (System.nanoTime() - start) * 1e-9;
    assertEquals(List.of("cuda", "cublas", "jcublas", "cudnn"), List.copyOf(got.keySet()));
    unavailable("did not end within 3 s", "nvidia-smi", got.get("cuda"));
    for (String other : List.of("cublas", "jcublas", "cudnn")) {
      unavailable("not asked, since cuda does not answer", "nvidia-smi", got.get(other));
    }
    assertTrue(seconds < 2 * 3, seconds + " s for one limit of 3 s");
  }

  @Test
  void aDriverThatCrashesIsNamed() {
    unavailable("exit code 134", "crashes while loading", probe("init=crash"));
  }

  @Test
  void anOldDriverIsToldWhatIsNeeded() {
    Probe.Result got = probe("driver=9020");
    unavailable(
        "too old: it supports CUDA 9.2, the PTX in the jar needs ", "update the driver", got);
  }

  @Test
  void anOldDeviceIsToldWhatIsNeeded() {
    unavailable(
        "has compute capability 6.1, the PTX in the jar needs 7.5",
        "newer device",
        probe("cc=6.1"));
  }

  @Test
  void theDriversOwnWordsAreGiven() {
    unavailable("100 CUDA_ERROR_NO_DEVICE (no CUDA-capable device", "", probe("init=100"));
    unavailable("803 CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "restart the machine", probe("init=803"));
  }

  @Test
  void aPathThatIsWrongIsNamed() {
    System.setProperty("samebits.cuda.driver", "/nowhere/libcuda.so.1");
    unavailable("no such file: /nowhere/libcuda.so.1", "-Dsamebits.cuda.driver", Probe.one("cuda"));
  }
}
