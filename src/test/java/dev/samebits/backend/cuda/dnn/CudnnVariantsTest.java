package dev.samebits.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.dnn.CudnnVariants.Choice;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the backend says without a library. */
class CudnnVariantsTest {
  private static final Backend CUDNN = new CudnnBackend();

  private static Set<String> names(Kernel kernel, boolean promised) {
    return CUDNN.variants().stream()
        .filter(v -> v.kernel() == kernel)
        .filter(v -> v.guarantee().equals(Guarantee.RUN_TO_RUN) == promised)
        .map(Variant::name)
        .collect(Collectors.toSet());
  }

  @Test
  void forksAreStartedWithoutWhatOverridesTf32() {
    for (Variant v : CUDNN.variants()) {
      assertEquals(
          Set.of("NVIDIA_TF32_OVERRIDE"), CUDNN.forkSettings(v, Conditions.NONE).unset(), v.name());
    }
  }

  /** The manual's exceptions, and the heuristic, which may choose one of them. */
  @Test
  void onlyTheManualsExceptionsArePromisedNothing() {
    assertEquals(Set.of("default"), names(Kernel.CONV2D_FORWARD, false));
    assertEquals(Set.of("default", "algo_0"), names(Kernel.CONV2D_BACKWARD_DATA, false));
    assertEquals(
        Set.of("default", "algo_0", "algo_3"), names(Kernel.CONV2D_BACKWARD_FILTER, false));
    assertTrue(
        names(Kernel.CONV2D_BACKWARD_FILTER, true)
            .containsAll(Set.of("algo_1", "algo_1_tf32", "deterministic", "deterministic_fma")));
  }

  /** Not implemented, by the manual: direct forward, fused Winograd for the filter. */
  @Test
  void algorithmsThatDoNotExistAreNotOffered() {
    assertFalse(names(Kernel.CONV2D_FORWARD, true).contains("algo_3"));
    assertFalse(names(Kernel.CONV2D_BACKWARD_FILTER, true).contains("algo_4"));
  }

  @Test
  void everyTwinIsOffered() {
    CUDNN.variants().forEach(v -> v.twin().ifPresent(t -> CUDNN.variant(v.kernel(), t)));
  }

  @ParameterizedTest
  @CsvSource({
    "default, -1, false, 0",
    "deterministic, -1, true, 0",
    "deterministic_fma, -1, true, 3",
    "algo_0, 0, false, 3",
    "algo_1_tf32, 1, false, 0",
    "algo_6, 6, false, 3",
  })
  void namesSayWhatIsChosen(String variant, int algorithm, boolean deterministic, int math) {
    assertEquals(new Choice(algorithm, deterministic, math), CudnnVariants.choice(variant));
  }

  @ParameterizedTest
  @CsvSource({"8907, 8.9.7", "8500, 8.5.0", "90100, 9.1.0", "90501, 9.5.1", "91300, 9.13.0"})
  void versionsAreReadAsTheReleaseWritesThem(long told, String version) {
    assertEquals(version, CudnnLibrary.version(told));
  }
}
