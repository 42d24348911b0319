package dev.samebits.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.FakeVendor;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Op.NotHonouredException;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.NvidiaSearch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reaches cuDNN, and what becomes of its answers, on a fake of it. */
class CudnnIT {
  private static final String SHAPE = "/f32/n2c4h11w9k6r3s3pad1/cudnn/";

  private static Path home;
  private static Path dnn;
  private static CudnnBackend cudnn;

  @BeforeAll
  static void open() {
    FakeVendor.useDriver();
    home = FakeVendor.cudnn(9);
    FakeVendor.useHome(home);
    dnn = FakeVendor.library(home, "libcudnn");
    cudnn = new CudnnBackend();
    assertTrue(cudnn.availability() instanceof Available, () -> "" + cudnn.availability());
  }

  @AfterEach
  void nothingIsLeft() {
    FakeVendor.plant(dnn, "");
    FakeVendor.useHome(home);
    System.clearProperty(NvidiaSearch.VERSION + "cudnn");
    System.clearProperty(NvidiaSearch.VERSION + "cuda");
    FakeVendor.calls(dnn);
    assertEquals(0, FakeVendor.handles(dnn), "handles and descriptors");
    assertEquals(0, FakeVendor.used(), "bytes never freed");
  }

  private static BoundCase bind(String id, String conditions) {
    return BoundCase.bind(cudnn, CaseId.parse(id + "/normal@1"), Conditions.parse(conditions));
  }

  private static Map<String, String> run(String id, String conditions) {
    try (BoundCase bound = bind(id, conditions)) {
      bound.invoke();
      return bound.effective();
    }
  }

  @Test
  void theReceiptIsThatOfTheLibraryCalled() {
    Receipt r = ((Available) cudnn.availability()).receipt();
    assertEquals("cuDNN", r.library());
    assertEquals("9.5.1", r.version());
    assertTrue(r.path().endsWith("/cudnn-9/lib/libcudnn.so.9"), r.path());
    assertEquals(64, r.sha256().length());
    assertEquals("90501", r.more().get("cudnnGetVersion"));
    assertEquals("12.6", r.more().get("toolkit"));
  }

  @Test
  void descriptorsSayTheShape() {
    run("conv2d_forward/f32/n2c6h11w9k4r3s2pad2stride3dil2group2/cudnn/algo_1", "");
    run("conv2d_backward_data/f64/n2c4h11w9k6r3s3pad1/cudnn/algo_1", "");
    run("conv2d_backward_filter/f32/n2c4h11w9k6r3s3pad1/cudnn/algo_1_tf32", "streams=2");
    assertEquals(
        List.of(
            "forward stream=0 algorithm=1 math=3 x=2,6,11,9 w=4,3,3,2 y=2,4,4,4 pad=2 stride=3"
                + " dilation=2 groups=2 type=0",
            "backward_data stream=0 algorithm=1 math=3 x=2,4,11,9 w=6,4,3,3 y=2,6,11,9 pad=1"
                + " stride=1 dilation=1 groups=1 type=1",
            "backward_filter stream=0 algorithm=1 math=0 x=2,4,11,9 w=6,4,3,3 y=2,6,11,9 pad=1"
                + " stride=1 dilation=1 groups=1 type=0",
            "backward_filter stream=1 algorithm=1 math=0 x=2,4,11,9 w=6,4,3,3 y=2,6,11,9 pad=1"
                + " stride=1 dilation=1 groups=1 type=0"),
        FakeVendor.calls(dnn));
  }

  /** The fake's heuristic puts what adds by atomics first, as real ones do. */
  @ParameterizedTest
  @CsvSource({
    "conv2d_forward, default, 1, default",
    "conv2d_forward, deterministic_fma, 1, fma",
    "conv2d_backward_data, default, 0, default",
    "conv2d_backward_data, deterministic, 1, default",
    "conv2d_backward_filter, default, 0, default",
    "conv2d_backward_filter, deterministic, 1, default",
    "conv2d_backward_filter, deterministic_fma, 1, fma",
    "conv2d_backward_filter, algo_3, 3, fma",
  })
  void algorithmsAreChosenAndReadBack(
      String kernel, String variant, String algorithm, String math) {
    Map<String, String> read = run(kernel + SHAPE + variant, "");
    assertEquals(algorithm, read.get("algorithm"));
    assertEquals(math, read.get("math"));
    assertEquals("1", read.get("threads"));
  }

  @Test
  void anAlgorithmThatDoesNotTakeTheShapeIsSkippedWithTheReason() {
    String wide = "conv2d_forward/f32/n2c4h11w9k6r5s5pad1stride2/cudnn/";
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> bind(wide + "algo_6", "").close());
    assertEquals(
        "workspace size of conv2d_forward algorithm 6 (n2c4h11w9k6r5s5pad1stride2) returned 3002"
            + " CUDNN_STATUS_NOT_SUPPORTED on Fake GPU 0",
        e.getMessage());
    FakeVendor.plant(dnn, "find=0");
    e = assertThrows(IllegalArgumentException.class, () -> bind(wide + "default", "").close());
    assertTrue(e.getMessage().startsWith("the heuristic of cuDNN offers no algorithm"), "" + e);
    FakeVendor.plant(dnn, "find=2"); // both of them by atomics
    String filter = "conv2d_backward_filter" + SHAPE;
    assertThrows(IllegalArgumentException.class, () -> bind(filter + "deterministic", "").close());
    bind(filter + "default", "").close();
  }

  /** No descriptor takes a size of zero, though padding makes an output of such an input. */
  @ParameterizedTest
  @CsvSource({
    "conv2d_forward/f32/n1c1h0w4k1r1s1pad1, 2 x 6",
    "conv2d_forward/f64/n2c1h3w0k3r3s1pad2, 2 x 3 x 5 x 4",
    "conv2d_backward_filter/f32/n1c1h0w4k1r1s1pad1, 1",
  })
  void anEmptyImageIsPaddingAlone(String problem, String sizes) {
    int elements =
        Stream.of(sizes.split(" x ")).mapToInt(Integer::parseInt).reduce(1, Math::multiplyExact);
    try (BoundCase bound = bind(problem + "/cudnn/algo_1", "")) {
      ByteBuffer output = bound.newOutputBuffer();
      bound.invoke();
      bound.readOutput(output);
      assertEquals(elements * (problem.contains("f64") ? 8 : 4), output.capacity());
      assertArrayEquals(new byte[output.capacity()], output.array());
    }
    assertEquals(List.of(), FakeVendor.calls(dnn));
  }

  @Test
  void whatIsNotReadBackIsRefused() {
    FakeVendor.plant(dnn, "math=0");
    Exception e =
        assertThrows(
            NotHonouredException.class,
            () -> bind("conv2d_forward" + SHAPE + "algo_0", "").close());
    assertEquals("cudnn/algo_0: math type 3 was asked for, but 0 was read back", e.getMessage());
    FakeVendor.plant(dnn, "output=5");
    e =
        assertThrows(
            IllegalStateException.class,
            () -> bind("conv2d_forward" + SHAPE + "algo_0", "").close());
    assertTrue(e.getMessage().contains("an output of [2, 6, 5, 9]"), e.getMessage());
  }

  /** The variable takes TF32 from every library of NVIDIA's, so what allows it would not be run. */
  @Test
  void whatMayUseTf32IsRefusedWhereItIsOverridden() {
    CudnnBackend off = new CudnnBackend(Map.of("NVIDIA_TF32_OVERRIDE", "0")::get);
    for (String allowed : List.of("algo_1_tf32", "default", "deterministic")) {
      CaseId id = CaseId.parse("conv2d_forward" + SHAPE + allowed + "/normal@1");
      Exception e =
          assertThrows(
              NotHonouredException.class,
              () -> BoundCase.bind(off, id, Conditions.NONE).close(),
              allowed);
      assertEquals(
          "cudnn/"
              + allowed
              + ": NVIDIA_TF32_OVERRIDE must be unset, but it is '0' in this process",
          e.getMessage());
    }
    for (String other :
        List.of("f32/n1c1h5w5k1r3s3/cudnn/algo_1", "f64/n1c1h5w5k1r3s3/cudnn/default")) {
      CaseId id = CaseId.parse("conv2d_forward/" + other + "/normal@1");
      BoundCase.bind(off, id, Conditions.NONE).close();
    }
  }

  @Test
  void statusCodesAreNamed() {
    try (BoundCase bound = bind("conv2d_forward" + SHAPE + "algo_0", "")) {
      FakeVendor.plant(dnn, "call=5000");
      Exception e = assertThrows(IllegalStateException.class, bound::invoke);
      assertTrue(e.getMessage().contains("returned 5000 CUDNN_STATUS_OF_A_TEST"), "" + e);
      FakeVendor.plant(dnn, "call=3012");
      assertThrows(IllegalArgumentException.class, bound::invoke);
      FakeVendor.plant(dnn, "call=4004");
      e = assertThrows(IllegalArgumentException.class, bound::invoke);
      assertTrue(e.getMessage().startsWith("out of memory: conv2d_forward"), "" + e);
    }
  }

  @Test
  void release8IsBoundToo() {
    Path eight = FakeVendor.cudnn(8);
    Path library = FakeVendor.library(eight, "libcudnn");
    FakeVendor.useHome(eight);
    CudnnBackend backend = new CudnnBackend();
    Receipt r = assertInstanceOf(Available.class, backend.availability()).receipt();
    assertEquals("8.9.7", r.version());
    CaseId id = CaseId.parse("conv2d_forward" + SHAPE + "algo_7/normal@1");
    try (BoundCase bound = BoundCase.bind(backend, id, Conditions.NONE)) {
      bound.invoke();
    }
    assertEquals(1, FakeVendor.calls(library).size());
    CaseId strided = CaseId.parse("conv2d_forward/f32/n1c1h9w9k1r3s3stride2/cudnn/algo_4/normal@1");
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BoundCase.bind(backend, strided, Conditions.NONE).close());
    assertTrue(e.getMessage().contains("returned 9 CUDNN_STATUS_NOT_SUPPORTED"), e.getMessage());
    assertEquals(0, FakeVendor.handles(library));
  }

  private static String refusal(String faults) {
    FakeVendor.plant(dnn, faults);
    return assertInstanceOf(Unavailable.class, new CudnnBackend().availability()).reason();
  }

  @Test
  void aLibraryThatIsNotWhatWasAskedForIsRefused() {
    String named = refusal("version=8907");
    assertTrue(named.endsWith("named version 9, but says that it is 8.9.7"), named);
    assertEquals(
        "cuDNN is made for CUDA 14.0, but the driver supports CUDA 13.0 at most",
        refusal("cudart=14000"));
    assertEquals("cudnnCreate returned 1001 CUDNN_STATUS_OF_A_TEST", refusal("create=1001"));
    System.setProperty(NvidiaSearch.VERSION + "cuda", "13");
    String toolkit = refusal("");
    assertTrue(toolkit.endsWith("is made for CUDA 12.6, but cuda@13 was asked for"), toolkit);
    System.setProperty(NvidiaSearch.VERSION + "cudnn", "9.6");
    String version = refusal("");
    assertEquals("cudnn@9.6 was asked for, but the library read says that it is 9.5.1", version);
  }
}
