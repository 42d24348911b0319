package dev.samebits.backend.cuda.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import dev.samebits.library.Digests;
import dev.samebits.library.NvidiaSearch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches cuBLAS and cuBLASLt, and what becomes of their answers, on fakes of them. */
class CublasIT {
  private static final String PRODUCT = "matmul/f32/m3n4k5/cublas/";

  private static Path home;
  private static Path blas;
  private static Path lt;
  private static CublasBackend cublas;

  @BeforeAll
  static void open() {
    FakeVendor.useDriver();
    home = FakeVendor.cublas("12.6");
    FakeVendor.useHome(home);
    blas = FakeVendor.library(home, "libcublas");
    lt = FakeVendor.library(home, "libcublasLt");
    cublas = new CublasBackend(false, name -> null);
    assertTrue(cublas.availability() instanceof Available, () -> "" + cublas.availability());
  }

  @AfterEach
  void nothingIsLeft() {
    FakeVendor.plant(blas, "");
    FakeVendor.plant(lt, "");
    FakeVendor.useHome(home);
    System.clearProperty(NvidiaSearch.VERSION + "cuda");
    FakeVendor.calls(blas);
    FakeVendor.calls(lt);
    assertEquals(0, FakeVendor.handles(blas), "handles of cuBLAS");
    assertEquals(0, FakeVendor.handles(lt), "handles of cuBLASLt");
    assertEquals(0, FakeVendor.used(), "bytes never freed");
    assertEquals(0, FakeVendor.streams(), "streams");
  }

  private static BoundCase bind(String id, String conditions) {
    return BoundCase.bind(cublas, CaseId.parse(id + "/normal@1"), Conditions.parse(conditions));
  }

  private static String bits(String id, String conditions) {
    try (BoundCase bound = bind(id, conditions)) {
      bound.invoke();
      ByteBuffer output = bound.newOutputBuffer();
      bound.readOutput(output);
      return Digests.sha256(output.array());
    }
  }

  private static Map<String, String> effective(String id, String conditions) {
    try (BoundCase bound = bind(id, conditions)) {
      return bound.effective();
    }
  }

  @Test
  void theReceiptIsThatOfTheLibraryCalled() {
    Receipt r = ((Available) cublas.availability()).receipt();
    assertEquals("cuBLAS", r.library());
    assertEquals("12.6.4", r.version());
    assertTrue(r.path().endsWith("/cuda-12.6/lib64/libcublas.so.12"), r.path());
    assertEquals(64, r.sha256().length());
    assertEquals("120604", r.more().get("cublasGetVersion"));
    assertEquals("12.6", r.more().get("toolkit"));
    assertEquals("12.3", r.more().get("built with CUDA runtime"));
    assertEquals("JNA", r.more().get("binding"));
    assertTrue(r.more().get("libcublasLt path").endsWith("libcublasLt.so.12"), r.toString());
    assertEquals(64, r.more().get("libcublasLt sha256").length());
    assertEquals("12.6.4", r.more().get("libcublasLt version"));
    assertEquals("Fake GPU 0", r.more().get("device"));
    assertEquals("13.0", r.more().get("driver supports CUDA"));
  }

  @Test
  void argumentsArriveInTheirPlaces() {
    bits("matmul/f32/m3n4k5ta1/cublas/default", "");
    bits("matmul/f64/m3n4k5tb1batch2/cublas/default", "");
    bits("gemv/f64/m3n4/cublas/default", "");
    bits("dot/f32/n7/cublas/default", "");
    assertEquals(
        List.of(
            "sgemm stream=0 workspace=0 math=0 atomics=0",
            " NT m=4 n=3 k=5 lda=4 ldb=3 ldc=4 count=1 strides=0,0,0",
            "dgemm stream=0 workspace=0 math=0 atomics=0",
            " TN m=4 n=3 k=5 lda=5 ldb=5 ldc=4 count=2 strides=20,15,12",
            "dgemv stream=0 workspace=0 math=0 atomics=0",
            " T m=4 n=3 lda=4",
            "sdot stream=0 workspace=0 math=0 atomics=0"),
        FakeVendor.calls(blas));
  }

  @ParameterizedTest
  @CsvSource({
    "default, 0, 0, default, not_allowed",
    "pedantic, 2, 0, pedantic, not_allowed",
    "tf32, 3, 0, tf32, not_allowed",
    "atomics, 0, 1, default, allowed",
  })
  void settingsReachTheLibraryAndAreReadBack(
      String variant, int math, int atomics, String mathRead, String atomicsRead) {
    bits(PRODUCT + variant, "");
    assertEquals(
        "sgemm stream=0 workspace=0 math=" + math + " atomics=" + atomics,
        FakeVendor.calls(blas).get(0));
    Map<String, String> read = effective(PRODUCT + variant, "");
    assertEquals(mathRead, read.get("math"));
    assertEquals(atomicsRead, read.get("atomics"));
    assertEquals("1", read.get("threads"));
    assertEquals("1", read.get("streams"));
  }

  /** h and b are the types of A and B; C is f32, or the fake would refuse the call. */
  @Test
  void sixteenBitsAreComputedInF32() {
    bits("matmul/f16/m3n4k5ta1/cublas/default", "");
    bits("matmul/bf16/m3n4k5tb1batch2/cublas/pedantic", "");
    assertEquals(
        List.of(
            "hgemmex stream=0 workspace=0 math=0 atomics=0",
            " NT m=4 n=3 k=5 lda=4 ldb=3 ldc=4 count=1 strides=0,0,0 compute=68",
            "bgemmex stream=0 workspace=0 math=2 atomics=0",
            " TN m=4 n=3 k=5 lda=5 ldb=5 ldc=4 count=2 strides=20,15,12 compute=69"),
        FakeVendor.calls(blas));
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> bind("matmul/f16/m3n4k5/cublas/tf32", "").close());
    assertEquals("variant tf32 of matmul on cublas takes [f32], not f16", e.getMessage());
  }

  /** Batches begin 20 and 15 elements of 2 bytes apart, and 12 of 4: so far are they aligned. */
  @ParameterizedTest
  @CsvSource({"f16, 2", "bf16, 14"})
  void cublasLtIsToldOfSixteenBits(String dtype, int type) {
    String problem = "matmul/" + dtype + "/m3n4k5ta1batch3/cublas/";
    assertEquals(bits(problem + "default", ""), bits(problem + "lt_0", ""));
    List<String> calls = FakeVendor.calls(lt);
    assertEquals("heuristic schemes=0 alignment=8,2,16,16", calls.get(0));
    assertTrue(calls.get(1).endsWith("count=3 types=" + type + ",0"), calls.get(1));
  }

  @ParameterizedTest
  @CsvSource({"shared_handle, 1, 0", "own_workspace, 1, 33554432", "handle_per_stream, 3, 0"})
  void everyStreamGetsTheCall(String variant, int handles, long workspace) {
    String reference = bits(PRODUCT + variant, "");
    FakeVendor.calls(blas);
    assertEquals(reference, bits(PRODUCT + variant, "streams=3"));
    Set<String> calls =
        FakeVendor.calls(blas).stream()
            .filter(c -> c.startsWith("sgemm"))
            .collect(Collectors.toSet());
    String rest = " workspace=" + workspace + " math=0 atomics=0";
    assertEquals(
        Set.of("sgemm stream=0" + rest, "sgemm stream=1" + rest, "sgemm stream=2" + rest), calls);
    assertEquals(
        Integer.toString(handles), effective(PRODUCT + variant, "streams=3").get("handles"));
  }

  /** The manual's promise is for one stream, so that is all the variant with this promise takes. */
  @Test
  void severalStreamsOnTheDefaultHandleAreAnotherVariant() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> bind(PRODUCT + "default", "streams=4").close());
    assertEquals(
        "condition streams=4: cublas/default is one handle on one stream; shared_handle takes"
            + " several",
        e.getMessage());
    assertEquals(
        bits(PRODUCT + "default", "streams=1"), bits(PRODUCT + "shared_handle", "streams=4"));
  }

  @Test
  void aSecondLaneThatCannotBePreparedLeavesNothing() {
    FakeVendor.plant(blas, "creates=1");
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> bind(PRODUCT + "handle_per_stream", "streams=2").close());
    assertTrue(e.getMessage().startsWith("out of device memory: cublasCreate"), "" + e);
  }

  @Test
  void aSettingThatIsNotReadBackIsRefused() {
    FakeVendor.plant(blas, "math=0");
    Exception e =
        assertThrows(NotHonouredException.class, () -> bind(PRODUCT + "pedantic", "").close());
    assertEquals("cublas/pedantic: math mode 2 was asked for, but 0 was read back", e.getMessage());
    FakeVendor.plant(blas, "atomics=0");
    assertThrows(NotHonouredException.class, () -> bind(PRODUCT + "atomics", "").close());
  }

  @Test
  void anEnvironmentThatDoesNotFitTheVariantIsRefused() {
    Exception e =
        assertThrows(
            NotHonouredException.class, () -> bind(PRODUCT + "workspace_16_8", "").close());
    assertEquals(
        "cublas/workspace_16_8: CUBLAS_WORKSPACE_CONFIG must be ':16:8', but it is unset in this"
            + " process",
        e.getMessage());
    CublasBackend set = new CublasBackend(false, Map.of(Setting.CONFIG, ":16:8")::get);
    CaseId id = CaseId.parse(PRODUCT + "workspace_16_8/normal@1");
    BoundCase.bind(set, id, Conditions.NONE).close();
    CaseId other = id.withVariant("default");
    assertThrows(
        NotHonouredException.class, () -> BoundCase.bind(set, other, Conditions.NONE).close());
    CublasBackend off = new CublasBackend(false, Map.of("NVIDIA_TF32_OVERRIDE", "0")::get);
    CaseId tf32 = id.withVariant("tf32");
    assertThrows(
        NotHonouredException.class, () -> BoundCase.bind(off, tf32, Conditions.NONE).close());
  }

  @Test
  void statusCodesAreNamed() {
    FakeVendor.plant(blas, "call=13");
    try (BoundCase bound = bind(PRODUCT + "default", "")) {
      Exception e = assertThrows(IllegalStateException.class, bound::invoke);
      assertEquals(
          "cublas matmul (m3n4k5) returned 13 CUBLAS_STATUS_EXECUTION_FAILED", e.getMessage());
      FakeVendor.plant(blas, "call=15");
      e = assertThrows(IllegalArgumentException.class, bound::invoke);
      assertTrue(e.getMessage().endsWith("CUBLAS_STATUS_NOT_SUPPORTED on Fake GPU 0"));
    }
    FakeVendor.plant(blas, "create=3");
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> bind(PRODUCT + "default", "").close());
    assertTrue(e.getMessage().startsWith("out of device memory: cublasCreate returned 3"), "" + e);
  }

  @Test
  void conditionsThatALibraryCannotHonourAreRefused() {
    for (String c : List.of("geometry=128", "isa=haswell", "streams=0", "align=3")) {
      assertThrows(IllegalArgumentException.class, () -> bind(PRODUCT + "default", c).close(), c);
    }
  }

  @Test
  void algorithmsOfCublasLtAreNamedByTheirRank() {
    String reference = bits(PRODUCT + "default", "");
    assertEquals(reference, bits(PRODUCT + "lt_0", ""));
    assertEquals(reference, bits(PRODUCT + "lt_1", "streams=2"));
    List<String> calls = FakeVendor.calls(lt);
    assertEquals("heuristic schemes=0 alignment=256,256,256,256", calls.get(0));
    String rest = " parts=1 scheme=0 NN a=4x5/4 b=5x3/5 c=4x3/4 count=1 types=0,0";
    assertEquals("matmul stream=0 algorithm=20" + rest, calls.get(1));
    assertTrue(calls.contains("matmul stream=1 algorithm=22" + rest), calls.toString());
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> bind(PRODUCT + "lt_2", "").close());
    assertEquals(
        "the heuristic of cuBLASLt offers 2 algorithms for m3n4k5 with K whole, so none of rank 2",
        e.getMessage());
    assertEquals("22", effective(PRODUCT + "lt_1", "").get("algorithm"));
  }

  @Test
  void cublasLtIsToldOfTranspositionBatchesAndAlignment() {
    for (String shape : List.of("m3n4k5ta1", "m3n4k5tb1", "m3n4k5ta1tb1batch3")) {
      String problem = "matmul/f64/" + shape + "/cublas/";
      assertEquals(bits(problem + "default", ""), bits(problem + "lt_0", "align=8"), shape);
    }
    List<String> calls = FakeVendor.calls(lt);
    assertEquals("heuristic schemes=0 alignment=8,8,8,8", calls.get(0));
    assertTrue(calls.get(1).endsWith("NT a=4x5/4 b=3x5/3 c=4x3/4 count=1 types=1,1"), calls.get(1));
    assertTrue(calls.get(3).endsWith("TN a=5x4/5 b=5x3/5 c=4x3/4 count=1 types=1,1"), calls.get(3));
    assertTrue(calls.get(5).endsWith("TT a=5x4/5 b=3x5/3 c=4x3/4 count=3 types=1,1"), calls.get(5));
  }

  @Test
  void splitsOfKAreMadeAndReadBack() {
    String problem = "matmul/f32/m3n4k500/cublas/";
    String whole = bits(problem + "lt_0", "");
    FakeVendor.calls(lt);
    assertNotEquals(whole, bits(problem + "lt_split_k_4", ""));
    assertTrue(FakeVendor.calls(lt).get(1).contains(" parts=4 scheme=2 "));
    bits(problem + "lt_split_k_4_in_place", "");
    assertTrue(FakeVendor.calls(lt).get(1).contains(" parts=4 scheme=1 "));
    Map<String, String> read = effective(problem + "lt_split_k_16", "");
    assertEquals("16", read.get("split_k"));
    assertEquals("2", read.get("reduction_scheme"));
    assertEquals("16384", read.get("workspace"));
  }

  @Test
  void aSplitThatCannotBeHadIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> bind(PRODUCT + "lt_split_k_16", "").close());
    FakeVendor.plant(lt, "split=15");
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> bind(PRODUCT + "lt_split_k_4", "").close());
    assertTrue(e.getMessage().contains("cannot split K in this way"), e.getMessage());
    FakeVendor.plant(lt, "parts=1");
    e = assertThrows(NotHonouredException.class, () -> bind(PRODUCT + "lt_split_k_4", "").close());
    assertTrue(e.getMessage().contains("K in 4 parts with scheme 2 was asked for"));
    FakeVendor.plant(lt, "parts=2");
    assertThrows(NotHonouredException.class, () -> bind(PRODUCT + "lt_0", "").close());
  }

  private static Unavailable refusal(Path other) {
    FakeVendor.useHome(other);
    CublasBackend backend = new CublasBackend(false, name -> null);
    return assertInstanceOf(Unavailable.class, backend.availability());
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.8", "13.0"})
  void otherReleasesAreBoundToo(String version) {
    Path other = FakeVendor.cublas(version);
    FakeVendor.useHome(other);
    CublasBackend backend = new CublasBackend(false, name -> null);
    Receipt r = assertInstanceOf(Available.class, backend.availability()).receipt();
    String major = version.substring(0, 2);
    assertTrue(r.version().startsWith(major + "."), r.toString());
    CaseId id = CaseId.parse("matmul/f64/m7n13k257/cublas/default/wide@1");
    try (BoundCase bound = BoundCase.bind(backend, id, Conditions.NONE)) {
      bound.invoke();
    }
    assertEquals(2, FakeVendor.calls(FakeVendor.library(other, "libcublas")).size());
  }

  @Test
  void aLibraryThatIsNotWhatItsNameSaysIsRefused() {
    FakeVendor.plant(blas, "version=11.9.1");
    Unavailable u = refusal(home);
    assertTrue(u.reason().endsWith("named version 12, but says that it is 11.9.1"), u.reason());
  }

  /** What lt_N calls is held to the same as what the other variants call. */
  @Test
  void aCublasLtThatIsNotWhatItsNameSaysIsRefused() {
    FakeVendor.plant(lt, "version=11.9.1");
    Unavailable u = refusal(home);
    assertTrue(u.reason().contains("libcublasLt.so.12 is named version 12"), u.reason());
    assertTrue(u.reason().endsWith("but says that it is 11.9.1"), u.reason());
    System.setProperty(NvidiaSearch.VERSION + "cuda", "12.6");
    FakeVendor.plant(lt, "version=12.4.1");
    u = refusal(home);
    assertEquals("cuda@12.6 was asked for, but the library read says that it is 12.4", u.reason());
  }

  @Test
  void anAskedVersionThatIsNotReadBackIsRefused() {
    System.setProperty(NvidiaSearch.VERSION + "cuda", "12.6");
    FakeVendor.plant(blas, "version=12.4.1");
    Unavailable u = refusal(home);
    assertEquals("cuda@12.6 was asked for, but the library read says that it is 12.4", u.reason());
  }

  @Test
  void aMissingFunctionIsNamed() {
    Unavailable u = refusal(FakeVendor.cublas("12.6", "-DWITHOUT_DDOT"));
    assertTrue(u.reason().contains("cublasDdot_v2"), u.reason());
    assertTrue(u.remedy().contains("--cuda-home DIR"), u.remedy());
  }

  @Test
  void aHandleThatCannotBeMadeIsSaid() {
    FakeVendor.plant(blas, "create=1");
    Unavailable u = refusal(home);
    assertEquals("cublasCreate_v2 returned 1 CUBLAS_STATUS_NOT_INITIALIZED", u.reason());
  }

  @Test
  void aHomeWithoutTheLibraryIsNamed(@TempDir Path empty) {
    Unavailable u = refusal(empty);
    assertTrue(u.reason().startsWith("no libcublas.so of version 11 to 13"), u.reason());
    assertTrue(u.reason().contains(empty.toString()), u.reason());
  }
}
