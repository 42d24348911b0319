package dev.samebits.backend.cuda.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.FakeCuda;
import dev.samebits.backend.cuda.FakeVendor;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.metric.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a library beside kernels of ours, on rotated inputs and in pieces of the batch. */
class VendorSurroundingsIT {
  private static CublasBackend cublas;
  private static Path home;

  @BeforeAll
  static void open() {
    FakeCuda.use(); // a driver with kernels, in which the load is one
    home = FakeVendor.cublas("12.6");
    FakeVendor.useHome(home);
    cublas = new CublasBackend(false, name -> null);
    assertTrue(cublas.availability() instanceof Available, () -> "" + cublas.availability());
    FakeCuda.plant("sm=1");
  }

  @AfterAll
  static void nothingIsLeft() {
    assertEquals(0, FakeCuda.count("used"), "bytes never freed");
  }

  private static Set<String> prints(String id, String conditions) {
    Set<String> prints = new HashSet<>();
    try (BoundCase bound = BoundCase.bind(cublas, CaseId.parse(id), Conditions.parse(conditions))) {
      ByteBuffer output = bound.newOutputBuffer();
      for (int i = 0; i < 3; i++) {
        bound.invoke();
        bound.readOutput(output);
        prints.add(Fingerprint.digest(output));
      }
    }
    return prints;
  }

  /** On the CPU a NaN keeps its bits, so one that was read may stand where nothing was written. */
  private static boolean differs(String product) {
    try {
      return !prints(product, "ld=3").equals(prints(product, ""));
    } catch (IllegalStateException e) {
      return e.getMessage().contains("padding");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "matmul/f32/m13n7k5/cublas/default",
        "matmul/f64/m5n4k3ta1tb1batch3/cublas/handle_per_stream",
        "matmul/f16/m5n4k3ta1batch2/cublas/pedantic",
        "matmul/f32/m5n4k3tb1batch2/cublas/lt_0",
        "matmul/bf16/m5n4k0/cublas/lt_0",
        "matmul/f64/m13n7k65/cublas/lt_split_k_4",
      })
  void aLeadingDimensionIsPassedOn(String id) {
    String product = id + "/integer@1";
    assertEquals(prints(product, ""), prints(product, "align=8;ld=3"));
    if (id.contains("k0")) {
      return; // no product to be wrong
    }
    Path library = FakeVendor.library(home, id.contains("lt_") ? "libcublasLt" : "libcublas");
    FakeVendor.plant(library, "dense=1");
    try {
      assertEquals(prints(product, "ld=0"), prints(product, ""), "no padding to be overlooked");
      assertTrue(differs(product), "a library that overlooks it");
    } finally {
      FakeVendor.plant(library, "");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "matmul/f32/m13n7k5/cublas/default",
        "matmul/f64/m5n4k3ta1tb1batch3/cublas/handle_per_stream",
        "matmul/f32/m13n7k5/cublas/lt_0",
        "gemv/f32/m13n7/cublas/default",
      })
  void theBitsStay(String id) {
    Set<String> alone = prints(id + "/integer@1", "");
    assertEquals(1, alone.size());
    for (String conditions : new String[] {"load=gemm", "l2=rotate", "slice=1"}) {
      long before = FakeCuda.count("launches");
      assertEquals(alone, prints(id + "/integer@1", conditions), conditions);
      boolean launched = FakeCuda.count("launches") > before;
      assertEquals(conditions.startsWith("load"), launched, "kernels of ours under " + conditions);
    }
  }
}
