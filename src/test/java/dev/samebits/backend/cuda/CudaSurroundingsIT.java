package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import dev.samebits.metric.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A device busy with other work, and inputs of which each call takes the next copy. */
class CudaSurroundingsIT {
  /** A small load: the driver computes it on the CPU. */
  private static final String SMALL = "sm=1";

  private static final String SUM = "sum/f32/n1000/cuda/canonical/normal@1";

  private static CudaBackend backend;

  @BeforeAll
  static void open() {
    FakeCuda.use();
    backend = new CudaBackend();
    assertTrue(backend.availability() instanceof Available, () -> "" + backend.availability());
  }

  @AfterEach
  void nothingIsLeft() {
    FakeCuda.plant("");
    assertEquals(0, FakeCuda.count("used"), "bytes never freed");
    assertEquals(0, FakeCuda.count("violations"), "arrays written behind their end");
  }

  private static BoundCase bind(String id, String conditions) {
    return BoundCase.bind(backend, CaseId.parse(id), Conditions.parse(conditions));
  }

  private static Set<String> prints(BoundCase bound, int invocations) {
    Set<String> prints = new HashSet<>();
    ByteBuffer output = bound.newOutputBuffer();
    for (int i = 0; i < invocations; i++) {
      bound.invoke();
      bound.readOutput(output);
      prints.add(Fingerprint.digest(output));
    }
    return prints;
  }

  private static Set<String> prints(String id, String conditions, int invocations) {
    try (BoundCase bound = bind(id, conditions)) {
      return prints(bound, invocations);
    }
  }

  @Test
  void everyCallRunsBesideTheLoadAndKeepsItsBits() {
    Set<String> alone = prints(SUM, "", 1);
    FakeCuda.plant(SMALL);
    long before = FakeCuda.count("launches");
    try (BoundCase bound = bind(SUM, "load=gemm;streams=2")) {
      assertEquals("gemm", bound.effective().get("load"));
      assertEquals(alone, prints(bound, 3));
    }
    long launches = FakeCuda.count("launches") - before;
    assertTrue(launches > 12, launches + " launches, 12 of them those of the case");
    assertEquals(launches, FakeCuda.count("launches") - before, "the load goes on after its end");
  }

  @Test
  void aLoadThatNeverRunsIsNoLoad() {
    FakeCuda.plant(SMALL + ",idle=matmul_canonical");
    try (BoundCase bound = bind(SUM, "load=gemm")) {
      var e = assertThrows(Op.NotHonouredException.class, bound::invoke);
      assertTrue(e.getMessage().contains("the device is not loaded"), e.getMessage());
    }
  }

  @Test
  void aFaultOfTheLoadIsSaid() {
    FakeCuda.plant(SMALL + ",launch=700,symbol=matmul_canonical");
    try (BoundCase bound = bind(SUM, "load=gemm")) {
      assertThrows(
          DeviceLostException.class,
          () -> {
            for (int i = 0; i < 1000; i++) {
              bound.invoke();
            }
          });
      FakeCuda.plant(SMALL);
    }
  }

  /** 1 MiB of cache: two times that, and the copy in turn, in copies of 4096 bytes with padding. */
  @Test
  void everyCallTakesAnotherCopyWithTheSameBits() {
    Set<String> alone = prints(SUM, "", 1);
    try (BoundCase bound = bind(SUM, "align=4;l2=rotate")) {
      assertEquals("rotate", bound.effective().get("l2"));
      assertEquals("513", bound.effective().get("input_copies"));
      assertTrue(FakeCuda.count("used") > 2 << 20, "used");
      assertEquals(alone, prints(bound, 1100));
    }
    assertEquals(prints(LARGE, "", 1), prints(LARGE, "l2=rotate", 3), "larger than the cache");
    try (BoundCase bound = bind(LARGE, "l2=rotate")) {
      assertEquals("2", bound.effective().get("input_copies"));
    }
  }

  private static final String LARGE = "dot/f32/n300000/cuda/canonical/normal@1";

  /** The first copy on the device fills one place, the next ones double what is there. */
  @Test
  void aFlippedBitInOneCopyIsSeen() {
    FakeCuda.plant("flip=2");
    try (BoundCase bound = bind("sum/f32/n64/cuda/canonical/normal@1", "l2=rotate")) {
      assertEquals(8193, Integer.parseInt(bound.effective().get("input_copies")));
      Set<String> prints = prints(bound, 8193);
      assertEquals(2, prints.size(), prints::toString);
    }
  }

  @Test
  void whatIsWrittenLaterReachesEveryCopy() {
    Op op = Op.of(Kernel.SUM, DType.F32, Shape.of(Kernel.SUM, 3), "canonical");
    try (Memory x = backend.allocate(DType.F32, 3);
        Memory sum = backend.allocate(DType.F32, 1)) {
      Conditions rotate = Conditions.of(Conditions.L2, "rotate");
      try (BoundKernel bound = op.bind(backend, rotate, List.of(x), List.of(sum))) {
        ByteBuffer numbers = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        x.write(numbers.putFloat(1).putFloat(2).putFloat(3).flip());
        for (int i = 0; i < 20; i++) {
          bound.invoke();
          ByteBuffer got = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
          sum.read(got);
          assertEquals(6, got.getFloat(0), "call " + i);
        }
      }
    }
  }

  /** The factor that the pieces of a batch share is there as often as the smallest of them asks. */
  @Test
  void piecesOfABatchShareRotatedInputs() {
    Set<String> whole = prints(PRODUCT, "", 1);
    assertEquals(whole, prints(PRODUCT, "l2=rotate;slice=4", 3));
    FakeCuda.plant(SMALL);
    assertEquals(whole, prints(PRODUCT, "load=gemm;slice=4", 3));
  }

  /** A grid of three blocks becomes one of four for a step of three. */
  @Test
  void blocksTakeEachOthersWorkByTheStepThatIsAskedFor() {
    String sum = "sum/f32/n49152/cuda/canonical/normal@1";
    Set<String> inPlace = prints(sum, "", 1);
    assertEquals(1, FakeCuda.count("step"));
    for (String step : List.of("3", "65537")) {
      try (BoundCase bound = bind(sum, "order=" + step)) {
        assertEquals(step, bound.effective().get("order"));
        assertEquals(inPlace, prints(bound, 1), "order=" + step);
        assertEquals(Long.parseLong(step), FakeCuda.count("step"));
      }
    }
    assertEquals(inPlace, prints(sum, "order=1", 1));
    assertEquals(1, FakeCuda.count("step"), "a module of its own");
  }

  /** Padding behind the rows changes no bits, wherever a product is split, added up and stored. */
  @Test
  void aLeadingDimensionKeepsTheBitsOfEveryProduct() {
    int seen = 0;
    for (Variant v : backend.variants()) {
      String input = v.guarantee() == Guarantee.NOT_GUARANTEED ? "integer" : "normal";
      for (DType dtype : v.kernel() == Kernel.MATMUL ? v.dtypes() : Set.<DType>of()) {
        for (String shape : List.of("m33n31k2051", "m5n7k9ta1tb1batch2", "m3n4k0", "m0n3k2")) {
          String id = "matmul/%s/%s/cuda/%s/%s@1".formatted(dtype.id(), shape, v.name(), input);
          Set<String> dense = prints(id, "ld=0", 1);
          try (BoundCase bound = bind(id, "align=8;ld=5;streams=2")) {
            assertEquals("5", bound.effective().get("ld"));
            assertEquals(dense, prints(bound, 2), id);
          }
          seen++;
        }
      }
    }
    assertTrue(seen >= 40, seen + " products");
    Set<String> dense = prints(PRODUCT, "", 1);
    assertEquals(dense, prints(PRODUCT, "l2=rotate;ld=3", 3));
    assertEquals(dense, prints(PRODUCT, "ld=3;slice=4", 1));
  }

  private static final String PRODUCT = "matmul/f32/m9n5k33/cuda/canonical/normal@1";

  @Test
  void aKernelThatIgnoresALeadingDimensionIsSeen() {
    Set<String> dense = prints(PRODUCT, "", 1);
    for (String operand : List.of("a", "b")) {
      FakeCuda.plant("dense=" + operand);
      assertEquals(dense, prints(PRODUCT, "ld=0", 1), "no padding to be overlooked");
      assertNotEquals(dense, prints(PRODUCT, "ld=3", 1), operand);
    }
    FakeCuda.plant("dense=c");
    try (BoundCase bound = bind(PRODUCT, "ld=3")) {
      var e = assertThrows(IllegalStateException.class, () -> prints(bound, 1));
      assertTrue(e.getMessage().contains("padding"), e.getMessage());
    }
  }

  @Test
  void onlyProductsHaveALeadingDimension() {
    for (String wrong : List.of("ld=x", "ld=65537", "ld=-1")) {
      var e = assertThrows(IllegalArgumentException.class, () -> bind(PRODUCT, wrong).close());
      assertTrue(e.getMessage().startsWith("condition " + wrong + ": "), e.getMessage());
    }
    var e = assertThrows(IllegalArgumentException.class, () -> bind(SUM, "ld=1").close());
    assertEquals("condition ld=1: sum takes no leading dimension, matmul does", e.getMessage());
  }

  @Test
  void tooLittleMemoryIsSaidWithNeededAndFreeBytes() {
    FakeCuda.plant("memory=2000000");
    var e = assertThrows(IllegalArgumentException.class, () -> bind(SUM, "l2=rotate").close());
    assertEquals(
        "condition l2=rotate: 512 more copies of the inputs need 2097408 bytes, 1995996 of 2000000"
            + " are free on Fake GPU 0",
        e.getMessage());
    FakeCuda.plant("memory=400000," + SMALL);
    e = assertThrows(IllegalArgumentException.class, () -> bind(SUM, "load=gemm").close());
    assertTrue(e.getMessage().startsWith("out of device memory: an array"), e.getMessage());
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (String wrong : List.of("load=2", "load=host", "l2=cold")) {
      var e = assertThrows(IllegalArgumentException.class, () -> bind(SUM, wrong).close(), wrong);
      assertTrue(e.getMessage().startsWith("condition " + wrong + ": "), e.getMessage());
    }
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> bind("sum/f32/n0/cuda/canonical/normal@1", "l2=rotate").close());
    assertEquals("condition l2=rotate: the inputs are empty", e.getMessage());
  }
}
