package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Implementations of one definition, on made-up outputs. */
class SameBitsTest {
  private final RunFixture run =
      new RunFixture()
          .variant("sum", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE)
          .variant("sum", "cuda", "canonical", "reproducible", RunFixture.EVERYWHERE)
          .variant("sum", "cuda", "two_pass", "deterministic", RunFixture.RUN_TO_RUN);

  private RunFixture clean(String problem, String who, String print) {
    String[] p = problem.split(" ");
    return run.clean("sum/f32/" + p[0] + "/" + who + "/" + p[1] + "@1", "threads=1", 0, 3, print);
  }

  private SameBits judge() {
    return SameBits.of(run.records(), run.manifest());
  }

  @Test
  void oneResultForEachProblemIsTheSame() {
    for (String problem : List.of("n7 wide", "n9 wide", "n9 normal")) {
      clean(problem, "jvm/canonical", problem);
      clean(problem, "cuda/canonical", problem);
      clean(problem, "cuda/two_pass", "another");
    }
    clean("n11 wide", "cuda/canonical", "alone");
    assertEquals(new SameBits(3, 3, List.of()), judge());
  }

  @Test
  void aFlippedBitIsFoundAndNamed() {
    clean("n7 wide", "jvm/canonical", "a");
    clean("n7 wide", "cuda/canonical", "b");
    clean("n9 wide", "jvm/canonical", "c");
    clean("n9 wide", "cuda/canonical", "c");
    SameBits found = judge();
    assertEquals(2, found.problems());
    assertEquals(1, found.same());
    assertEquals(1, found.different().size());
    String line = found.different().get(0);
    assertTrue(line.contains("n7") && line.contains("cuda/canonical"), line);
  }

  /** One implementation that differs between its own runs has not one result either. */
  @Test
  void oneBackendWithTwoResultsIsDifferent() {
    run.capture("sum/f32/n7/cuda/canonical/wide@1", "threads=1", 0, 9, 1, "a", "b");
    assertEquals(1, judge().different().size());
    assertEquals(0, judge().problems());
  }
}
