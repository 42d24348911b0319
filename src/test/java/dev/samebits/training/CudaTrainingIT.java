package dev.samebits.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.Backends;
import dev.samebits.backend.cuda.FakeCuda;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Mode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SGD with every operation on the device, in the three modes. */
class CudaTrainingIT {
  private static final int STEPS = 2;

  @BeforeAll
  static void use() {
    FakeCuda.use();
  }

  private static TrainingResult run(Mode mode, Map<String, String> ops, int replicates) {
    return run("mlp", mode, ops, replicates);
  }

  private static TrainingResult run(
      String model, Mode mode, Map<String, String> ops, int replicates) {
    return TrainingExperiment.run(
        new TrainingSpec(
            model,
            "digits",
            mode.id(),
            ops,
            Conditions.of(Conditions.THREADS, "2"),
            1,
            STEPS,
            replicates),
        Backends::of,
        step -> {});
  }

  @Test
  void theReproducibleModeHasTheWeightsOfTheJvmAfterEveryStep() {
    List<String> jvm =
        run(Mode.REPRODUCIBLE, Map.of("others", "jvm/canonical"), 1).fingerprints().get(0);
    List<List<String>> cuda =
        run(Mode.REPRODUCIBLE, Map.of("others", "cuda/canonical"), 1).fingerprints();
    assertEquals(STEPS, jvm.stream().distinct().count());
    assertEquals(List.of(jvm), cuda);
  }

  @Test
  void theConvolutionalNetworkHasTheWeightsOfTheJvmToo() {
    List<List<String>> jvm =
        run("cnn", Mode.REPRODUCIBLE, Map.of("others", "jvm/canonical"), 1).fingerprints();
    assertEquals(STEPS, jvm.get(0).stream().distinct().count());
    assertEquals(
        jvm, run("cnn", Mode.REPRODUCIBLE, Map.of("others", "cuda/canonical"), 1).fingerprints());
  }

  @Test
  void theDeterministicModeStaysTogetherAndTheOtherParts() {
    TrainingResult ordered =
        run(
            Mode.DETERMINISTIC,
            Map.of("others", "cuda/canonical", "matmul_backward_weight", "cuda/split_k_ordered"),
            2);
    assertEquals(0, ordered.onset());
    TrainingResult atomic =
        run(
            Mode.NONDETERMINISTIC,
            Map.of("others", "cuda/canonical", "matmul_backward_weight", "cuda/split_k_atomic"),
            2);
    assertTrue(atomic.onset() > 0, "no two replicates differ");
  }
}
