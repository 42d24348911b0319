package dev.samebits.backend.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the backend says without loading a library. */
class BlasBackendTest {
  @Test
  void anotherPlatformIsUnavailableWithARemedy() {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    try {
      System.setProperty("os.name", "Mac OS X");
      System.setProperty("os.arch", "aarch64");
      Unavailable u = assertInstanceOf(Unavailable.class, BlasBackend.openblas().availability());
      assertTrue(u.reason().contains("macosx-arm64"), u.reason());
      assertTrue(u.remedy().contains("-Dsamebits.cblas.NAME=PATH"), u.remedy());
    } finally {
      System.setProperty("os.name", os);
      System.setProperty("os.arch", arch);
    }
  }

  @Test
  void propertiesNameLibraries() {
    System.setProperty("samebits.cblas.mine-2.1", "/opt/mine/lib.so");
    System.setProperty("samebits.cblas.a", "/opt/a.so");
    try {
      List<Backend> all = BlasBackend.all();
      assertEquals(
          List.of("openblas", "cblas:a", "cblas:mine-2.1"),
          all.stream().map(Backend::name).toList());
      Variant pinned = all.get(2).variant(Kernel.MATMUL, "single_thread");
      ForkSettings fork = all.get(2).forkSettings(pinned, Conditions.of("threads", "2"));
      assertEquals(List.of("-Dsamebits.cblas.mine-2.1=/opt/mine/lib.so"), fork.jvmArgs());
      assertEquals("1", fork.env().get("OMP_NUM_THREADS"));
      Variant free = all.get(2).variant(Kernel.MATMUL, "default");
      fork = all.get(2).forkSettings(free, Conditions.of("threads", "2"));
      assertEquals("2", fork.env().get("MKL_NUM_THREADS"));
    } finally {
      System.clearProperty("samebits.cblas.mine-2.1");
      System.clearProperty("samebits.cblas.a");
    }
    assertThrows(IllegalArgumentException.class, () -> BlasBackend.cblas("a/b", "x"));
  }

  @Test
  void theBundledLibraryIsSetInProcess() {
    Backend openblas = BlasBackend.openblas();
    Variant free = openblas.variant(Kernel.DOT, "default");
    assertEquals(ForkSettings.NONE, openblas.forkSettings(free, Conditions.of("threads", "2")));
    assertEquals(
        "haswell",
        openblas
            .forkSettings(free, Conditions.of("isa", "haswell"))
            .env()
            .get("OPENBLAS_CORETYPE"));
  }

  @Test
  void knowsWhatStartsThreads(@TempDir Path folder) throws Exception {
    Path plain = Files.writeString(folder.resolve("plain"), "\0memcpy\0sqrtf\0");
    Path threaded = Files.writeString(folder.resolve("threaded"), "\0memcpy\0GOMP_parallel\0");
    assertEquals(false, ThreadControl.startsThreads(plain));
    assertEquals(true, ThreadControl.startsThreads(threaded));
  }
}
