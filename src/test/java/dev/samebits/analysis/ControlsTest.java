package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ControlsTest {
  private static final String ATOMIC = "sum/f32/n65536/jvm/atomic_arrival/wide@1";
  private static final String ORDERED = "sum/f32/n65536/jvm/ordered/wide@1";
  private static final String EXACT_A = "dot/f32/n64/jvm/serial/integer@1";
  private static final String EXACT_B = "dot/f32/n64/openblas/default/integer@1";

  private static RunFixture run() {
    return new RunFixture()
        .variant("sum", "jvm", "atomic_arrival", "nondeterministic", List.of(), "POSITIVE")
        .variant("sum", "jvm", "ordered", "deterministic", RunFixture.RUN_TO_RUN, "NEGATIVE")
        .variant("dot", "jvm", "serial", "deterministic", RunFixture.EVERYWHERE)
        .variant("dot", "openblas", "default", "nondeterministic", List.of());
  }

  private static Controls.Result check(RunFixture run) {
    return Controls.check(run.verdicts(), run.manifest(), run.records());
  }

  @Test
  void controlsThatBehaveAreHeld() {
    Controls.Result r =
        check(
            run()
                .clean(ATOMIC, "threads=1", 0, 100, "a")
                .capture(ATOMIC, "threads=2", 0, 100, 1, "a", "b", "c")
                .clean(ORDERED, "threads=2", 0, 100, "o")
                .clean(EXACT_A, "threads=1", 0, 100, "e")
                .clean(EXACT_B, "threads=2", 0, 100, "e"));
    assertEquals(List.of(), r.problems());
    assertEquals(
        List.of(
            "positive control sum/jvm/atomic_arrival varies, as it must: up to 3 patterns",
            "negative control sum/jvm/ordered is identical on every axis measured",
            "exact inputs dot/f32/n64/integer@1: same bits from 2 variants in 2 settings"
                + " (jvm/serial, openblas/default)"),
        r.held());
  }

  /** One output agrees with itself: that is no control. */
  @Test
  void exactInputsSeenOnceShowNothing() {
    Controls.Result r = check(run().clean(EXACT_A, "threads=1", 0, 100, "e"));
    assertEquals(List.of(), r.held());
    assertEquals(1, r.skipped().size());
    assertTrue(r.skipped().get(0).endsWith("has nothing to be compared with"), r.skipped().get(0));
  }

  @Test
  void positiveControlThatIsSteadyMakesTheRunMistrusted() {
    RunFixture run = run().clean(ATOMIC, "threads=2", 0, 1000, "a");
    assertEquals(1, check(run).problems().size());
    assertTrue(run.summary().mistrusted());
    assertEquals(5, run.summary().exitCode());
  }

  @Test
  void positiveControlMustVaryWithTwoThreadsNotWithOne() {
    RunFixture run =
        run()
            .capture(ATOMIC, "threads=1", 0, 100, 1, "a", "b")
            .clean(ATOMIC, "threads=2", 0, 100, "a");
    assertEquals(1, check(run).problems().size());
  }

  @Test
  void positiveControlThatWasOnlyRunWithOneThreadIsSkipped() {
    for (RunFixture run :
        List.of(
            run().clean(ATOMIC, "threads=1", 0, 1000, "a"),
            run().capture(ATOMIC, "threads=1", 0, 100, 1, "a", "b"))) {
      Controls.Result r = check(run);
      assertEquals(List.of(), r.problems());
      assertEquals(
          List.of("positive control sum/jvm/atomic_arrival: SKIPPED, not run with 2 threads"),
          r.skipped());
    }
  }

  @Test
  void positiveControlNeedsTwoCores() {
    Controls.Result r = check(run().cores(1).clean(ATOMIC, "threads=1", 0, 1000, "a"));
    assertEquals(List.of(), r.problems());
    assertEquals(
        List.of("positive control sum/jvm/atomic_arrival: SKIPPED, needs 2 cores"), r.skipped());
  }

  /** A device has threads enough, on a host with one core and without a word of threads too. */
  @Test
  void positiveControlOnADeviceNeedsNoThreadsOfTheHost() {
    String atomic = "sum/f32/n65536/cuda/block_tree_atomic/wide@1";
    List<String> none = List.of();
    for (String condition : List.of("", "geometry=64")) {
      RunFixture varies =
          new RunFixture()
              .variant("sum", "cuda", "block_tree_atomic", "nondeterministic", none, "POSITIVE")
              .onDevice()
              .cores(1)
              .capture(atomic, condition, 0, 100, 1, "a", "b", "c");
      Controls.Result r = check(varies);
      assertEquals(none, r.problems());
      assertEquals(none, r.skipped());
      assertEquals(
          List.of(
              "positive control sum/cuda/block_tree_atomic varies, as it must: up to 3 patterns"),
          r.held());
    }
    RunFixture steady =
        new RunFixture()
            .variant("sum", "cuda", "block_tree_atomic", "nondeterministic", none, "POSITIVE")
            .onDevice()
            .cores(1)
            .clean(atomic, "", 0, 1000, "a");
    assertEquals(
        List.of(
            "positive control sum/cuda/block_tree_atomic was not seen to vary, so a clean repeat"
                + " axis proves nothing in this run; cases tried: "
                + atomic),
        check(steady).problems());
  }

  @Test
  void positiveControlOnExactInputsProvesNothing() {
    assertEquals(
        List.of(),
        check(run().clean("sum/f32/n65536/jvm/atomic_arrival/integer@1", "threads=2", 0, 9, "a"))
            .problems());
  }

  @Test
  void negativeControlThatVariesIsAProblem() {
    Controls.Result r = check(run().capture(ORDERED, "threads=2", 0, 100, 1, "a", "b"));
    assertEquals(
        List.of(
            "negative control " + ORDERED + " varies on the repeat axis: 1 of 99 repeats differ"),
        r.problems());
  }

  @Test
  void exactInputsWithTwoFingerprintsNameWhoGaveWhich() {
    Controls.Result r =
        check(
            run()
                .clean(EXACT_A, "threads=1", 0, 100, "e")
                .clean(EXACT_B, "threads=2", 0, 100, "f"));
    assertEquals(
        List.of(
            "exact inputs dot/f32/n64/integer@1 gave 2 different outputs: jvm/serial |"
                + " openblas/default"),
        r.problems());
  }

  @Test
  void kernelsThatRoundIntegersAreNoControl() {
    Controls.Result r =
        check(
            run()
                .clean("softmax/f32/m4n4/jvm/canonical/integer@1", "", 0, 9, "a")
                .clean("softmax/f32/m4n4/openblas/default/integer@1", "", 0, 9, "b"));
    assertEquals(List.of(), r.problems());
  }
}
