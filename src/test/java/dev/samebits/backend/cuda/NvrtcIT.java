package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
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
  void everyFileBecomesMachineCode() throws Exception {
    for (Row row : KernelTable.rows()) {
      byte[] code = compile(row.file(), "sm_90");
      assertTrue(code.length > 1000 && code[0] == 0x7f && code[1] == 'E', row.file());
    }
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
