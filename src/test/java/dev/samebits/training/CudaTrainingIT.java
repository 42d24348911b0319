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

  /** A step brings a batch and its labels; weights and velocities stay on the device. */
  @Test
  void weightsStayOnTheDevice() {
    int replicates = 2;
    long[] before = copies(replicates, 1);
    long[] after = copies(replicates, 3);
    int steps = 2;
    assertEquals(steps * 2L * replicates, after[0] - before[0], "to the device");
    // Four arrays of weights for the fingerprint, and the probabilities for the loss.
    assertEquals(steps * 5L * replicates, after[1] - before[1], "from the device");
  }

  private static long[] copies(int replicates, int steps) {
    long up = FakeCuda.count("uploads");
    long down = FakeCuda.count("downloads");
    TrainingSpec spec =
        new TrainingSpec(
            "mlp",
            "digits",
            "reproducible",
            Map.of("others", "cuda/canonical"),
            Conditions.of(Conditions.THREADS, "2"),
            1,
            steps,
            replicates);
    TrainingExperiment.run(spec, Backends::of, step -> {});
    return new long[] {FakeCuda.count("uploads") - up, FakeCuda.count("downloads") - down};
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

  /** The deterministic mode, too, has the weights of the JVM: its parts are defined alike. */
  @Test
  void theConvolutionalNetworkInTheOtherModes() {
    TrainingResult ordered = run("cnn", Mode.DETERMINISTIC, parts("cuda", "ordered", "ordered"), 2);
    assertEquals(0, ordered.onset());
    List<List<String>> jvm =
        run("cnn", Mode.DETERMINISTIC, parts("jvm", "ordered", "ordered"), 1).fingerprints();
    assertEquals(jvm.get(0), ordered.fingerprints().get(0));
    TrainingResult atomic = run("cnn", Mode.NONDETERMINISTIC, parts("cuda", "atomic", "atomic"), 2);
    assertTrue(atomic.onset() > 0, "no two replicates differ");
  }

  private static Map<String, String> parts(String backend, String products, String filters) {
    return Map.of(
        "others", backend + "/canonical",
        "matmul_backward_weight", backend + "/split_k_" + products,
        "conv_backward_filter", backend + "/" + filters);
  }
}
