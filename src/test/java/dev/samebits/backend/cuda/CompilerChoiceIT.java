package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Receipt;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which compiler of the kernels is taken, and what is said where none fits. */
class CompilerChoiceIT {
  private static final String REFUSAL =
      "NVRTC 12 refuses "
          + KernelTable.FIRST
          + ".cu: 5 NVRTC_ERROR_INVALID_OPTION; nvrtc: error: invalid value for --gpu-architecture"
          + " (-arch)";

  @BeforeEach
  void use() {
    FakeCuda.use();
    System.clearProperty(Modules.COMPILER);
    FakeVendor.useHome(FakeVendor.nvrtc());
  }

  @AfterEach
  void mend() {
    FakeCuda.plant("");
  }

  private static Unavailable refusal() {
    return assertInstanceOf(Unavailable.class, new CudaBackend().availability());
  }

  @Test
  void anNvrtcThatDoesNotKnowTheDeviceIsFoundOutAtOnce() {
    Receipt r = assertInstanceOf(Available.class, new CudaBackend().availability()).receipt();
    assertEquals("compute_75", r.more().get("target"));
    assertEquals(REFUSAL, r.more().get("compiler chosen because"));
  }

  @Test
  void whatNeitherCompilerFitsIsSaidOnceForAll() {
    FakeCuda.plant("cc=6.1");
    Unavailable u = refusal();
    assertEquals(
        "Fake GPU 0 has compute capability 6.1, the PTX in the jar needs 7.5; " + REFUSAL,
        u.reason());
    assertTrue(u.remedy().contains("NVRTC that knows this one"), u.remedy());
    System.setProperty(Modules.COMPILER, "nvrtc");
    assertEquals(Modules.COMPILER + "=nvrtc, but " + REFUSAL, refusal().reason());
  }

  @Test
  void aCompilerNobodyKnowsIsRefused() {
    System.setProperty(Modules.COMPILER, "nvcc");
    Unavailable u = refusal();
    assertEquals("-Dsamebits.cuda.compiler=nvcc names no compiler of the kernels", u.reason());
    assertTrue(u.remedy().contains("nvrtc or ptx"), u.remedy());
  }

  /** None of these may end the process that asks. */
  @Test
  void whateverElseGoesWrongIsAReasonToo() {
    for (RuntimeException e :
        new RuntimeException[] {
          new IllegalArgumentException("PTX without .version or .target"),
          new UncheckedIOException(new FileNotFoundException("libnvrtc.so.12")),
          new IllegalStateException("libnvrtc.so.12 has no nvrtcGetCUBIN"),
        }) {
      CudaBackend backend =
          new CudaBackend(
              () -> {
                throw e;
              });
      Unavailable u = assertInstanceOf(Unavailable.class, backend.availability());
      assertEquals(e.getMessage(), u.reason());
      assertTrue(u.remedy().contains("-D" + Modules.COMPILER + "=ptx"), u.remedy());
    }
  }
}
