package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Mode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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

  private SameBits.Group judge() {
    return SameBits.of(run.records(), run.manifest()).definitions();
  }

  @Test
  void oneResultForEachProblemIsTheSame() {
    for (String problem : List.of("n7 wide", "n9 wide", "n9 normal")) {
      clean(problem, "jvm/canonical", problem);
      clean(problem, "cuda/canonical", problem);
      clean(problem, "cuda/two_pass", "another");
    }
    clean("n11 wide", "cuda/canonical", "alone");
    assertEquals(new SameBits.Group(3, 3, List.of(), List.of()), judge());
    Summary s = run.summary();
    assertEquals(0, s.exitCode());
    assertTrue(
        s.conclusion()
            .contains(
                "Of 3 problems computed on several backends by one definition, each has the same"
                    + " bits from all of them."),
        s.conclusion().toString());
  }

  @Test
  void aFlippedBitIsFoundAndNamed() {
    clean("n7 wide", "jvm/canonical", "a");
    clean("n7 wide", "cuda/canonical", "b");
    clean("n9 wide", "jvm/canonical", "c");
    clean("n9 wide", "cuda/canonical", "c");
    SameBits.Group found = judge();
    assertEquals(2, found.problems());
    assertEquals(1, found.same());
    assertEquals(1, found.different().size());
    String line = found.different().get(0);
    assertTrue(line.contains("n7") && line.contains("cuda/canonical"), line);
    Summary s = run.summary();
    String broken =
        "one definition, but other bits where another computes it, sum/f32/n7/wide@1:"
            + " jvm/canonical | cuda/canonical";
    assertEquals(List.of(broken), s.broken());
    assertEquals(1, s.exitCode());
    assertTrue(s.conclusion().contains("1 guarantee was NOT HELD."), s.conclusion().toString());
    assertTrue(
        s.conclusion()
            .contains(
                "Of 2 problems computed on several backends by one definition, 1 with OTHER bits"
                    + " from one to another."),
        s.conclusion().toString());
  }

  /** One implementation that differs between its own runs has not one result either. */
  @Test
  void oneBackendWithTwoResultsIsDifferent() {
    run.capture("sum/f32/n7/cuda/canonical/wide@1", "threads=1", 0, 9, 1, "a", "b");
    assertEquals(1, judge().different().size());
    assertEquals(0, judge().problems());
    assertEquals(List.of(), judge().broken(), "the verdict of its axis says so");
    assertEquals(1, run.summary().broken().size());
  }

  /** Of variants that promise everything, these alone are defined alike on both backends. */
  @Test
  void twinsAreTheDeterministicVariantsThatJavaAndTheGpuShare() {
    Set<String> shared = portable("jvm");
    shared.retainAll(portable("cuda"));
    assertEquals(SameBits.TWINS, shared);
  }

  private static Set<String> portable(String backend) {
    return Backends.of(backend).variants().stream()
        .filter(v -> v.mode() == Mode.DETERMINISTIC && v.guarantee().equals(Guarantee.EVERYWHERE))
        .map(v -> v.kernel().id() + "/" + v.name())
        .collect(Collectors.toSet());
  }

  @Test
  void orderedTwinsMustAgreeToo() {
    String parts = "matmul/f32/m2n3k7/%s/split_k_ordered/wide@1";
    for (String backend : List.of("jvm", "cuda")) {
      run.variant("matmul", backend, "split_k_ordered", "deterministic", RunFixture.EVERYWHERE);
      run.clean(parts.formatted(backend), "threads=1", 0, 3, "parts");
    }
    assertEquals(new SameBits.Group(1, 1, List.of(), List.of()), judge());
    run.clean(parts.formatted("cuda"), "threads=1;align=4", 0, 3, "other");
    assertEquals(1, judge().broken().size());
  }

  private static final String DOT = "dot/f32/n7/%s/%s/wide@1";

  private SameBits.Group bindings() {
    for (String backend : List.of("cublas", "jcublas")) {
      run.variant("dot", backend, "default", "nondeterministic", RunFixture.RUN_TO_RUN);
      run.variant("dot", backend, "atomics", "nondeterministic", List.of());
    }
    return SameBits.of(run.records(), run.manifest()).bindings();
  }

  @Test
  void twoBindingsOfOneLibraryHaveTheSameBits() {
    for (String backend : List.of("cublas", "jcublas")) {
      run.clean(DOT.formatted(backend, "default"), "threads=1", 0, 3, "a");
      run.clean(DOT.formatted(backend, "atomics"), "threads=1", 0, 3, backend);
    }
    run.clean(DOT.formatted("cublas", "default"), "align=4;threads=1", 0, 3, "not promised");
    assertEquals(new SameBits.Group(1, 1, List.of(), List.of()), bindings());
  }

  @Test
  void aSecondBindingWithOtherBitsBreaksThePromise() {
    run.clean(DOT.formatted("cublas", "default"), "threads=1", 0, 3, "a");
    run.clean(DOT.formatted("jcublas", "default"), "threads=1", 0, 3, "b");
    assertEquals(1, bindings().broken().size());
    assertEquals(1, run.summary().exitCode());
  }

  /** A promise from run to run is for one version of a library. */
  @Test
  void twoLibrariesMayDiffer() {
    run.clean(DOT.formatted("cublas", "default"), "", 0, 3, "a");
    run.clean(DOT.formatted("jcublas", "default"), "", 0, 3, "b");
    assertEquals(1, bindings().problems());
    run.bound(DOT.formatted("jcublas", "default"), "cuBLAS", "12.6", "sm_90");
    assertEquals(new SameBits.Group(0, 0, List.of(), List.of()), bindings());
  }
}
