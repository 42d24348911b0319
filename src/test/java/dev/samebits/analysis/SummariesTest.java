package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.result.Record;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummariesTest {
  private static final String BASE = "matmul/f32/m100n100k50/openblas/default/normal@1";
  private static final String SINGLE = "matmul/f32/m100n100k50/openblas/single_thread/normal@1";
  private static final String CANONICAL = "matmul/f32/m100n100k50/jvm/canonical/normal@1";

  private static RunFixture run() {
    return new RunFixture()
        .variant("matmul", "openblas", "default", "nondeterministic", List.of())
        .variant("matmul", "openblas", "single_thread", "deterministic", RunFixture.RUN_TO_RUN)
        .variant("matmul", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE)
        .timing(BASE, "threads=2", 0, "a", 1e4, 1e4, 1e4)
        .timing(BASE, "threads=2", 1, "a", 1e4, 1e4, 1e4)
        .timing(SINGLE, "threads=2", 0, "b", 1.5e4, 1.5e4, 1.6e4)
        .timing(SINGLE, "threads=2", 1, "b", 1.5e4, 1.5e4, 1.5e4)
        .timing(CANONICAL, "threads=2", 0, "c", 2e4, 2e4)
        .timing(CANONICAL, "threads=2", 1, "c", 2e4, 2e4);
  }

  private static Summary.Row row(Summary s, String id) {
    return s.rows().stream().filter(r -> r.caseId().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void rateIsWorkOverTheMeanTime() {
    Rate r = row(run().summary(), BASE).rates().get(0);
    assertEquals(100.0, r.value(), "2 m n k = 1e6 operations in 1e4 ns");
    assertEquals("GFLOP/s", r.unit());
    assertEquals(0.0, r.error());
    assertEquals(2, r.forks());
    assertEquals(6, r.iterations());
  }

  /** One line for a backend that is not to be had; a case skipped for itself keeps its own. */
  @Test
  void aBackendThatIsNotThereIsOneLineAndNoRow() {
    String one = "matmul/f32/m100n100k50/cuda/canonical/normal@1";
    String two = "sum/f32/n10/cuda/exact/normal@1";
    String mine = "sum/f32/n10/jvm/serial/normal@1";
    Summary s =
        run()
            .skip(one, "threads=2", "UNAVAILABLE", "no driver", "install one")
            .skip(two, "threads=2", "UNAVAILABLE", "no driver", "install one")
            .skip("mlp/digits/reproducible", "threads=2", "UNAVAILABLE", "no driver", "install one")
            .skip(mine, "threads=9", "SKIPPED", "needs 9 cores, here are 2", "")
            .summary();
    assertEquals("Not available here, so nothing below is about: cuda.", s.conclusion().get(1));
    assertEquals(
        List.of(CANONICAL, BASE, SINGLE, mine),
        s.rows().stream().map(Summary.Row::caseId).sorted().toList());
    assertEquals(
        List.of(
            new Summary.Trouble("UNAVAILABLE", "backend cuda", "", "no driver", "install one", 3),
            new Summary.Trouble("SKIPPED", mine, "threads=9", "needs 9 cores, here are 2", "", 1)),
        s.skips());
  }

  /** Student's t for 1 degree of freedom at 99.95 % is 636.619 (any table). */
  @Test
  void errorIsTheHalfWidthAt999PerMille() {
    RunFixture run = new RunFixture().timing(BASE, "", 0, "a", 9_999.0, 10_001.0);
    Rate r = row(run.summary(), BASE).rates().get(0);
    double expected = 100.0 * 636.619 / 10_000;
    assertTrue(Math.abs(r.error() - expected) < 1e-3, "error " + r.error() + ", not " + expected);
  }

  @Test
  void priceIsAgainstTheFastestVariantWithoutAPromise() {
    Summary s = run().summary();
    assertNull(row(s, BASE).price(), "the base itself has no price");
    assertEquals(BASE, row(s, SINGLE).price().against());
    assertTrue(Math.abs(row(s, SINGLE).price().ratio().value() - 1.5) < 1e-12);
    assertNull(row(s, CANONICAL).price(), "no nondeterministic variant on the same backend");
    assertTrue(Math.abs(row(s, CANONICAL).priceAny().ratio().value() - 2) < 1e-12);
  }

  @Test
  void priceNeedsTheSameProblemAndConditions() {
    Summary s =
        new RunFixture()
            .variant("matmul", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE)
            .variant("matmul", "openblas", "default", "nondeterministic", List.of())
            .timing(CANONICAL, "threads=2", 0, "c", 2.0)
            .timing(BASE, "threads=1", 0, "c", 1.0)
            .timing("matmul/f32/m100n100k51/openblas/default/normal@1", "threads=2", 0, "c", 1.0)
            .summary();
    assertNull(row(s, CANONICAL).priceAny());
  }

  @Test
  void brokenPromiseDecidesTheExitCode() {
    Summary s = run().capture(SINGLE, "threads=2", 0, 100, 1, "b", "x").summary();
    assertEquals(1, s.exitCode());
    assertEquals(
        List.of(
            SINGLE
                + " promises the same bits on the repeat axis, but varies: 1 of 99 repeats differ"),
        s.broken());
    assertTrue(s.conclusion().contains("1 guarantee was NOT HELD."), s.conclusion().toString());
  }

  @Test
  void variationWithoutAPromiseIsFine() {
    Summary s = run().capture(BASE, "threads=2", 0, 100, 1, "b", "x").summary();
    assertEquals(0, s.exitCode());
    assertEquals(1, row(s, BASE).worstUlp());
    assertEquals("two repeats in one process at threads=2", row(s, BASE).difference().between());
  }

  @Test
  void incompleteRunHasExitCodeFour() {
    assertEquals(0, run().summary().exitCode());
    for (String status : List.of("INCOMPLETE", "RUNNING", "")) {
      assertEquals(4, run().status(status).summary().exitCode(), status);
    }
    RunFixture broken = run().status("RUNNING");
    assertEquals(1, broken.capture(SINGLE, "threads=2", 0, 9, 1, "b", "x").summary().exitCode());
  }

  @Test
  void whatMakesARunDoubtfulIsSaidBeforeItsFindings() {
    List<String> fine = run().others(0.3).summary().conclusion();
    assertFalse(fine.get(0).contains("NOT COMPLETE"), fine.get(0));
    assertTrue(fine.stream().noneMatch(s -> s.contains("busy")), fine.toString());
    List<String> doubtful = run().cores(2).others(0.5).status("INCOMPLETE").summary().conclusion();
    assertEquals(
        "NOT COMPLETE: 100 of 100 units of work have a result, but the run did not end.",
        doubtful.get(0));
    assertTrue(
        doubtful.get(2).startsWith("The machine was busy: other work took 0.5 of 2 cores"),
        doubtful.toString());
  }

  private static Record.Training training(String mode, int onset) {
    return new Record.Training(
        "training-0",
        "mlp",
        "digits",
        mode,
        Map.of("matmul", "jvm/canonical"),
        "threads=2",
        1,
        100,
        2,
        onset,
        onset > 0 ? 2 : 1,
        List.of(0.9, 0.9),
        0,
        List.of(),
        null,
        List.of(),
        0.001,
        0.2);
  }

  @Test
  void replicatesThatPartBreakThePromiseOfTheirMode() {
    for (String mode : List.of("deterministic", "reproducible")) {
      Summary s = run().add(training(mode, 17)).summary();
      assertEquals(
          List.of("training " + mode + " promises the same bits; replicates part at step 17"),
          s.broken());
      assertEquals(1, s.exitCode());
      assertEquals(0, run().add(training(mode, 0)).summary().exitCode());
    }
    assertEquals(0, run().add(training("nondeterministic", 17)).summary().exitCode());
  }

  @Test
  void conclusionTellsStreamsFromThreads() {
    String gpu = "matmul/f32/m2n2k64/cublas/shared_handle/normal@1";
    List<String> conclusion =
        run()
            .variant("matmul", "cublas", "shared_handle", "nondeterministic", List.of())
            .clean(CANONICAL, "threads=1", 0, 50, "d")
            .clean(CANONICAL, "threads=2", 0, 50, "c")
            .clean(gpu, "streams=1", 0, 50, "d")
            .clean(gpu, "streams=4", 0, 50, "c")
            .summary()
            .conclusion();
    for (String expected :
        List.of(
            "Same bits from run to run, but OTHER bits with another number of threads:"
                + " jvm canonical (1 of 1 case: matmul f32).",
            "Same bits from run to run, but OTHER bits with another number of streams:"
                + " cublas shared_handle (1 of 1 case: matmul f32).")) {
      assertTrue(conclusion.contains(expected), conclusion.toString());
    }
  }

  @Test
  void conclusionGroupsVariantsByFinding() {
    Summary s =
        run()
            .capture(BASE, "threads=2", 0, 100, 1, "b", "x")
            .clean(SINGLE, "threads=1", 0, 50, "b")
            .clean(SINGLE, "threads=2", 0, 50, "b")
            .clean(CANONICAL, "threads=1", 0, 50, "d")
            .clean(CANONICAL, "threads=2", 0, 50, "c")
            .summary();
    for (String expected :
        List.of(
            "OTHER bits from run to run: openblas default (1 of 1 case: matmul f32).",
            "Same bits from run to run, but OTHER bits with another number of threads:"
                + " jvm canonical (1 of 1 case: matmul f32).",
            "Same bits on every axis tried: openblas single_thread (1 case).")) {
      assertTrue(s.conclusion().contains(expected), s.conclusion().toString());
    }
    assertTrue(
        s.conclusion().stream()
            .anyMatch(c -> c.contains("on the same backend openblas 1.50x (1 problem)")),
        s.conclusion().toString());
  }
}
