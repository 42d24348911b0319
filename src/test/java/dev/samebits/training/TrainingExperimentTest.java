package dev.samebits.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.UnknownNameException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingExperimentTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/training-mlp-digits.txt");

  private static TrainingSpec spec(Mode mode, int threads, long seed, int steps, int replicates) {
    return new TrainingSpec(
        "mlp",
        "digits",
        mode.id(),
        Map.of(),
        Conditions.of(Conditions.THREADS, Integer.toString(threads)),
        seed,
        steps,
        replicates);
  }

  private static TrainingResult run(TrainingSpec spec) {
    return TrainingExperiment.run(spec, Backends::of, step -> {});
  }

  /** Thirty steps of the cnn in every mode: all its operations run, and its loss falls. */
  @Test
  void theConvolutionalNetworkTrains() {
    for (Mode mode : Mode.values()) {
      TrainingSpec spec =
          new TrainingSpec(
              "cnn", "digits", mode.id(), Map.of(), Conditions.of("threads", "2"), 1, 30, 1);
      TrainingResult r = TrainingExperiment.run(spec, Backends::of, step -> {});
      assertEquals(30, r.fingerprints().get(0).stream().distinct().count(), mode.id());
      double first = r.curve().get(0).loss();
      double last = r.curve().get(r.curve().size() - 1).loss();
      assertTrue(last < first, () -> mode.id() + ": loss " + first + ", then " + last);
    }
  }

  @Test
  void operationsThatAreNotNamedRunOnWhatOthersNames() {
    TrainingSpec spec =
        new TrainingSpec(
            "mlp",
            "digits",
            "reproducible",
            Map.of("others", "gpu/canonical", "relu", "jvm/canonical"),
            Conditions.NONE,
            1,
            1,
            1);
    assertEquals(Operation.ids("mlp").size(), spec.ops().size());
    spec.ops()
        .forEach(
            (id, on) -> assertEquals(id.equals("relu") ? "jvm/canonical" : "gpu/canonical", on));
  }

  /** The bits of 50 SGD iterations: the same on every JDK, machine and thread count. */
  @Test
  void goldenWeightsOfTheReproducibleMode() throws IOException {
    String one = last(run(spec(Mode.REPRODUCIBLE, 1, 1, 50, 1)));
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(GOLDEN, one + "\n");
    }
    assertEquals(Files.readString(GOLDEN).strip(), one);
    assertEquals(one, last(run(spec(Mode.REPRODUCIBLE, 2, 1, 50, 1))));
    assertNotEquals(one, last(run(spec(Mode.REPRODUCIBLE, 1, 2, 50, 1))));
  }

  private static String last(TrainingResult r) {
    return r.fingerprints().get(0).get(r.fingerprints().get(0).size() - 1);
  }

  @Test
  void orderedTwinsStayTogether() {
    TrainingResult r = run(spec(Mode.DETERMINISTIC, 2, 1, 20, 3));
    assertEquals(0, r.onset());
    assertEquals(1, r.distinctFinal());
    assertEquals(0.0, r.churn());
    assertNull(r.growthRate());
    assertEquals(r.fingerprints().get(0), r.fingerprints().get(2));
    assertEquals(20, new HashSet<>(r.fingerprints().get(0)).size(), "every step changes weights");
    assertTrue(r.curve().stream().allMatch(p -> p.l2() == 0 && p.cosine() == 0));
  }

  /** The loss falls, and the model is far better than the one in ten of guessing. */
  @Test
  void itLearns() {
    TrainingResult r = run(spec(Mode.REPRODUCIBLE, 1, 1, 60, 1));
    double first = r.curve().get(0).loss();
    double last = r.curve().get(r.curve().size() - 1).loss();
    assertTrue(first > 2 && first < 3, "ln 10 is 2.3: " + first);
    assertTrue(last < first / 4, first + " to " + last);
    assertTrue(r.accuracy().get(0) > 0.8, "accuracy " + r.accuracy());
    assertEquals(60, r.curve().get(r.curve().size() - 1).step());
    assertTrue(r.secondsPerStep() > 0);
  }

  /** Two backends in one step: every operand crosses, and the bits stay. */
  @Test
  void operandsAreCopiedBetweenBackends() {
    Map<String, String> ops = Map.of("relu", "other/canonical", "col_sum", "other/canonical");
    TrainingSpec mixed =
        new TrainingSpec("mlp", "digits", "reproducible", ops, Conditions.NONE, 1, 5, 1);
    TrainingResult r =
        TrainingExperiment.run(
            mixed, n -> n.equals("other") ? new RenamedBackend("other") : Backends.of(n), s -> {});
    assertEquals(last(run(spec(Mode.REPRODUCIBLE, 1, 1, 5, 1))), last(r));
    assertEquals("other/canonical", r.ops().get("relu"));
    assertEquals("jvm/canonical", r.ops().get("softmax"));
  }

  /** One flipped last bit in one replicate's step is found at that step and nowhere before. */
  @Test
  void aPlantedDifferenceIsTheOnset() {
    int replicates = 3;
    int step = 4;
    FlippingBackend flipping = new FlippingBackend("flip", (step - 1) * replicates + 2);
    TrainingSpec spec =
        new TrainingSpec(
            "mlp",
            "digits",
            "reproducible",
            Map.of("matmul_backward_data", "flip/canonical"),
            Conditions.NONE,
            1,
            40,
            replicates);
    TrainingResult r =
        TrainingExperiment.run(spec, n -> n.equals("flip") ? flipping : Backends.of(n), s -> {});
    assertEquals(step, r.onset());
    assertEquals(2, r.distinctFinal());
    assertEquals(r.fingerprints().get(0), r.fingerprints().get(2));
    assertNotEquals(r.fingerprints().get(0).get(step - 1), r.fingerprints().get(1).get(step - 1));
    TrainingResult.Point point = r.curve().get(r.curve().size() - 1);
    assertTrue(point.l2() > 0 && point.cosine() > 0 && point.changed() > 0, point::toString);
  }

  @Test
  void unknownNamesAndUnusableBackendsAreRefused() {
    Map<String, String> ops = Map.of("matmul_forwards", "jvm/canonical");
    assertThrows(UnknownNameException.class, () -> specWith(ops));
    assertThrows(IllegalArgumentException.class, () -> specWith(Map.of("relu", "jvm")));
    TrainingSpec variant = specWith(Map.of("relu", "jvm/fast"));
    assertThrows(UnknownNameException.class, () -> run(variant));
    TrainingSpec backend = specWith(Map.of("relu", "jmv/canonical"));
    assertThrows(UnknownNameException.class, () -> run(backend));
    assertThrows(IllegalArgumentException.class, () -> spec(Mode.REPRODUCIBLE, 1, 1, 0, 1));
  }

  private static TrainingSpec specWith(Map<String, String> ops) {
    return new TrainingSpec("mlp", "digits", "reproducible", ops, Conditions.NONE, 1, 1, 1);
  }

  @Test
  void presetsOfTheModes() {
    TrainingSpec spec = spec(Mode.NONDETERMINISTIC, 2, 1, 1, 1);
    assertEquals("jvm/split_k_atomic", spec.ops().get("matmul_backward_weight"));
    assertEquals("jvm/canonical", spec.ops().get("matmul_forward"));
    assertEquals("jvm/canonical", spec.ops().get("sgd_update"));
    assertEquals(Operation.ids("mlp").size(), spec.ops().size());
    TrainingSpec blas = specWith(TrainingSpec.matmulsOn("openblas/single_thread"));
    assertEquals("openblas/single_thread", blas.ops().get("matmul_backward_data"));
  }

  @Test
  void curveStepsAreFirstToLastWithoutRepeats() {
    Set<Integer> steps = TrainingExperiment.curveSteps(2000);
    assertTrue(steps.size() > 70 && steps.size() <= 100, "points " + steps.size());
    assertTrue(steps.contains(1) && steps.contains(2000));
    assertEquals(Set.of(1), TrainingExperiment.curveSteps(1));
  }
}
