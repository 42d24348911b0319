package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.NvidiaLibrary;
import dev.samebits.library.NvidiaSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The real NVRTC, which needs no GPU: the kernels become machine code of a device. Where none is
 * installed, name one with {@code -Dsamebits.cuda.home=FOLDER}.
 */
class NvrtcIT {
  private static Nvrtc nvrtc;

  @BeforeAll
  static void open() throws Exception {
    NvidiaSearch.Result found = NvidiaSearch.ofThisProcess().find(NvidiaLibrary.NVRTC);
    Requires.that(found.found(), "nvrtc", found.reason());
    nvrtc = new Nvrtc(found.file());
  }

  private static byte[] compile(String file, String target) throws Nvrtc.CompileException {
    List<String> options = new ArrayList<>(KernelFiles.options());
    options.add("--gpu-architecture=" + target);
    return nvrtc.compile(
        file + ".cu", KernelFiles.source(file), KernelFiles.headers(file), options);
  }

  @Test
  void itsVersionIsThatOfItsFile() {
    assertEquals(nvrtc.file().major(), nvrtc.version() / 1000);
  }

  @Test
  void filesOfEveryFolderBecomeMachineCode() throws Exception {
    for (String file :
        List.of(
            "matmul/matmul_canonical_tiled",
            "convolution/conv2d_forward_canonical",
            "reduction/sum_exact",
            "elementwise/exp_canonical")) {
      byte[] code = compile(file, "sm_90");
      assertTrue(code.length > 1000 && code[0] == 0x7f && code[1] == 'E', file);
    }
  }

  /** From the source to bits, on the driver that runs them under the shim. */
  @Test
  void aCaseRunsOnCodeForExactlyThisDevice() {
    FakeCuda.use();
    System.clearProperty(Modules.COMPILER);
    FakeCuda.plant("driver=" + nvrtc.version());
    CudaBackend backend = new CudaBackend();
    CaseId id = CaseId.parse("sum/f32/n1000/cuda/canonical/integer@1");
    try (BoundCase bound = BoundCase.bind(backend, id, Conditions.of("order", "7"))) {
      assertEquals("NVRTC", bound.effective().get("compiler"));
      assertEquals("sm_90", bound.effective().get("target"));
      bound.invoke();
    }
    Receipt receipt = ((Available) backend.availability()).receipt();
    assertEquals(DriverLibrary.text(nvrtc.version()), receipt.more().get("compiler version"));
    assertEquals(64, receipt.more().get("compiler sha256").length());
  }

  @Test
  void whatItRefusesIsSaidWithItsLog() {
    var device =
        assertThrows(Nvrtc.CompileException.class, () -> compile(KernelTable.FIRST, "sm_1"));
    assertTrue(device.getMessage().contains("5 NVRTC_ERROR_INVALID_OPTION"), device.getMessage());
    var source =
        assertThrows(
            Nvrtc.CompileException.class,
            () -> nvrtc.compile("wrong.cu", "int f() { return x; }", Map.of(), List.of()));
    assertTrue(source.getMessage().contains("6 NVRTC_ERROR_COMPILATION"), source.getMessage());
    assertTrue(source.getMessage().contains("\"x\" is undefined"), source.getMessage());
  }
}
