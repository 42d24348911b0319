package dev.samebits.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Mode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the training experiment is for, with fewer steps: measured, not assumed. */
class TrainingIT {
  private static TrainingResult run(Mode mode) {
    return TrainingExperiment.run(
        new TrainingSpec(
            "mlp",
            "digits",
            mode.id(),
            Map.of(),
            Conditions.of(Conditions.THREADS, "2"),
            1,
            100,
            3),
        Backends::of,
        step -> {});
  }

  @Test
  void replicatesPartWithOrderOfArrival() {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "order of arrival needs two cores");
    TrainingResult r = run(Mode.NONDETERMINISTIC);
    assertTrue(r.onset() > 0, "no two replicates differ in 100 steps");
    assertTrue(r.distinctFinal() > 1, "distinct " + r.distinctFinal());
    TrainingResult.Point last = r.curve().get(r.curve().size() - 1);
    assertTrue(last.l2() > 0 && last.changed() > 0, last::toString);
    assertNotNull(r.growthRate());
    assertTrue(r.accuracy().stream().allMatch(a -> a > 0.85), "accuracy " + r.accuracy());
  }

  @Test
  void replicatesStayTogetherInTheOtherModes() {
    for (Mode mode : new Mode[] {Mode.DETERMINISTIC, Mode.REPRODUCIBLE}) {
      TrainingResult r = run(mode);
      assertEquals(0, r.onset(), mode.id());
      assertEquals(1, r.distinctFinal(), mode.id());
      assertEquals(0.0, r.churn(), mode.id());
    }
  }
}
