package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.result.Record;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Training runs of one definition, on made-up fingerprints. */
class SameWeightsTest {
  private static final SameBits.Group NOTHING = new SameBits.Group(0, 0, List.of(), List.of());

  private static Record.Training run(String mode, String backend, String variant, String... steps) {
    return new Record.Training(
        "training-0",
        "mlp",
        "digits",
        mode,
        Map.of(
            "matmul_forward",
            backend + "/canonical",
            "matmul_backward_weight",
            backend + "/" + variant),
        "threads=2",
        1,
        steps.length,
        1,
        0,
        1,
        List.of(0.9),
        0,
        List.of(),
        null,
        List.of(List.of(steps)),
        0.001,
        0.2);
  }

  private static SameBits.Group judge(Record.Training... runs) {
    return SameWeights.of(List.of(runs));
  }

  @Test
  void theCommonStepsOfOneDefinitionAreCompared() {
    assertEquals(
        new SameBits.Group(2, 2, List.of(), List.of()),
        judge(
            run("reproducible", "cuda", "canonical", "a", "b", "c"),
            run("reproducible", "jvm", "canonical", "a", "b"),
            run("deterministic", "cuda", "split_k_ordered", "a", "x"),
            run("deterministic", "jvm", "split_k_ordered", "a", "x")));
  }

  @Test
  void anotherWeightIsAPromiseNotHeld() {
    Summary s =
        new RunFixture()
            .add(run("reproducible", "cuda", "canonical", "a", "b", "c"))
            .add(run("reproducible", "jvm", "canonical", "a", "x", "c"))
            .summary();
    assertEquals(
        List.of(
            "one definition of training, but mlp on digits, reproducible: other weights from step 2"
                + " on: cuda | jvm"),
        s.broken());
    assertEquals(1, s.exitCode());
    assertTrue(s.conclusion().contains("1 guarantee was NOT HELD."), s.conclusion().toString());
  }

  /** Run with other threads, say: that is what the onset and the process axis are for. */
  @Test
  void twiceOnOneBackendIsNoComparisonOfBackends() {
    assertEquals(
        NOTHING,
        judge(
            run("reproducible", "jvm", "canonical", "a"),
            run("reproducible", "jvm", "canonical", "a")));
  }

  @Test
  void runsOfSeveralBackendsAreToldApart() {
    Record.Training cuda = run("deterministic", "cuda", "canonical", "a");
    Record.Training jvm = run("deterministic", "jvm", "canonical", "a");
    assertEquals("deterministic", Trainings.name(jvm, List.of(jvm)));
    assertEquals("mlp deterministic on jvm", Trainings.name(jvm, List.of(cuda, jvm)));
    assertEquals("mlp deterministic on cuda", Trainings.name(cuda, List.of(cuda, jvm)));
  }

  @Test
  void whatPromisesNothingOrIsDefinedOtherwiseIsNotCompared() {
    assertEquals(
        NOTHING,
        judge(
            run("nondeterministic", "cuda", "split_k_atomic", "a"),
            run("nondeterministic", "jvm", "split_k_atomic", "b"),
            run("deterministic", "openblas", "single_thread", "c"),
            run("deterministic", "nd4j", "single_thread", "d"),
            run("deterministic", "jvm", "split_k_ordered", "e"),
            run("reproducible", "jvm", "canonical", "f")));
  }
}
