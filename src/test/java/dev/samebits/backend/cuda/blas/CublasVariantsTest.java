package dev.samebits.backend.cuda.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Axis;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the backends say without a library. */
class CublasVariantsTest {
  private static final List<Backend> BACKENDS = CublasBackend.all();
  private static final Backend CUBLAS = BACKENDS.get(0);

  @Test
  void bothBindingsOfferTheSameCallsButForCublasLt() {
    assertEquals(List.of("cublas", "jcublas"), BACKENDS.stream().map(Backend::name).toList());
    List<Variant> common =
        CUBLAS.variants().stream().filter(v -> !v.name().startsWith("lt_")).toList();
    assertEquals(common, BACKENDS.get(1).variants());
    assertEquals(7, CUBLAS.variants().size() - common.size());
  }

  @Test
  void everyTwinIsOffered() {
    for (Backend backend : BACKENDS) {
      for (Variant v : backend.variants()) {
        v.twin().ifPresent(t -> backend.variant(v.kernel(), t));
      }
    }
  }

  /** The manual's promise: one stream for what shares a handle, any number for the rest. */
  @ParameterizedTest
  @CsvSource({
    "default, true, false",
    "shared_handle, false, false",
    "workspace_16_8, true, true",
    "workspace_4096_8, true, true",
    "own_workspace, true, true",
    "handle_per_stream, true, true",
    "pedantic, true, true",
    "tf32, true, true",
    "atomics, false, false",
    "lt_0, true, true",
    "lt_split_k_4, true, true",
  })
  void promisesAreTheManuals(String variant, boolean repeat, boolean streams) {
    Guarantee g = CUBLAS.variant(Kernel.MATMUL, variant).guarantee();
    for (Axis axis : List.of(Axis.REPEAT, Axis.PROCESS, Axis.LOAD)) {
      assertEquals(repeat, g.covers(axis), variant + " " + axis);
    }
    assertEquals(streams, g.covers(Axis.THREADS), variant);
    for (Axis axis : List.of(Axis.DEVICE, Axis.VERSION, Axis.ALIGNMENT, Axis.SLICE)) {
      assertFalse(g.covers(axis), variant + " " + axis);
    }
  }

  @Test
  void workspacesAreFixedByTheEnvironmentOfTheFork() {
    Variant v = CUBLAS.variant(Kernel.GEMV, "workspace_16_8");
    assertEquals(
        new ForkSettings(
            Map.of("CUBLAS_WORKSPACE_CONFIG", ":16:8"), List.of(), Set.of("NVIDIA_TF32_OVERRIDE")),
        CUBLAS.forkSettings(v, Conditions.NONE));
    v = CUBLAS.variant(Kernel.MATMUL, "workspace_4096_8");
    assertEquals(
        ":4096:8", CUBLAS.forkSettings(v, Conditions.NONE).env().get("CUBLAS_WORKSPACE_CONFIG"));
    for (String other : List.of("default", "own_workspace", "lt_0")) {
      v = CUBLAS.variant(Kernel.MATMUL, other);
      assertEquals(
          List.of("CUBLAS_WORKSPACE_CONFIG", "NVIDIA_TF32_OVERRIDE"),
          CUBLAS.forkSettings(v, Conditions.NONE).environment());
    }
  }

  /** C' = op(B)' op(A)': operands in each other's place, sizes and strides with them. */
  @ParameterizedTest
  @CsvSource({
    "m3n4k5,             0, 0, 4, 3, 5, 4, 5, 4, 20, 15, 12, 1",
    "m3n4k5ta1,          0, 1, 4, 3, 5, 4, 3, 4, 20, 15, 12, 1",
    "m3n4k5tb1,          1, 0, 4, 3, 5, 5, 5, 4, 20, 15, 12, 1",
    "m3n4k5ta1tb1batch2, 1, 1, 4, 3, 5, 5, 3, 4, 20, 15, 12, 2",
    "m3n0k5,             0, 0, 0, 3, 5, 1, 5, 1,  0, 15,  0, 1",
  })
  void rowMajorProductsAreAskedForTransposed(
      String shape,
      int ta,
      int tb,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      int ldc,
      long sa,
      long sb,
      long sc,
      int count) {
    assertEquals(
        new Cublas.Gemm(ta, tb, m, n, k, lda, ldb, ldc, sa, sb, sc, count),
        CublasCall.rowMajor(Shape.parse(Kernel.MATMUL, shape), 0));
  }

  @Test
  void paddingMakesRowsLongerAndMatricesLieFurtherApart() {
    assertEquals(
        new Cublas.Gemm(1, 1, 4, 3, 5, 8, 6, 7, 32, 30, 21, 2),
        CublasCall.rowMajor(Shape.parse(Kernel.MATMUL, "m3n4k5ta1tb1batch2"), 3));
    assertEquals(
        new Cublas.Gemm(0, 0, 4, 3, 5, 7, 8, 7, 35, 24, 21, 2),
        CublasCall.rowMajor(Shape.parse(Kernel.MATMUL, "m3n4k5batch2"), 3));
  }

  @Test
  void splitsAreNamedAfterTheirParts() {
    assertEquals(
        new CublasVariants.LtChoice(0, 16, CublasVariants.LtChoice.COMPUTE_TYPE),
        CublasVariants.lt("lt_split_k_16"));
    assertEquals(
        new CublasVariants.LtChoice(3, 1, CublasVariants.LtChoice.NONE), CublasVariants.lt("lt_3"));
    assertTrue(CublasVariants.lt("default") == null && CublasVariants.setting("lt_0") == null);
  }
}
