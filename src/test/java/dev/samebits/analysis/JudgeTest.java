package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.result.Record;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeTest {
  static final String CASE = "matmul/f32/m2n2k64/jvm/canonical/normal@1";

  static RunFixture run() {
    return new RunFixture()
        .variant("matmul", "jvm", "canonical", "reproducible", RunFixture.EVERYWHERE);
  }

  static RunFixture clean() {
    RunFixture run = run();
    for (int process = 0; process < 3; process++) {
      run.clean(CASE, "threads=1", process, 101, "a").clean(CASE, "threads=2", process, 51, "a");
    }
    return run;
  }

  static void assertVerdict(
      Record.Verdict v, String outcome, long n, long distinct, String evidence, String why) {
    assertEquals(
        outcome + " " + n + " " + distinct + " [" + evidence + "] [" + why + "]",
        v.outcome()
            + " "
            + v.n()
            + " "
            + v.distinct()
            + " ["
            + v.evidence()
            + "] ["
            + v.why()
            + "]");
  }

  @Test
  void aTimingForkIsOneProcessThoughTwoWriteAboutIt() {
    RunFixture run =
        run().clean(CASE, "threads=1", 0, 101, "a").timing(CASE, "threads=1", 0, "a", 1.0, 1.1);
    assertEquals(1, run.verdict(CASE, "process").n());
  }

  @Test
  void cleanCaseIsIdenticalOnEveryAxisWithItsOwnEvidence() {
    RunFixture run = clean().clean(CASE, "load=1;threads=2", 0, 40, "a");
    assertVerdict(
        run.verdict(CASE, "repeat"),
        "IDENTICAL",
        150,
        1,
        "0 of 150 repeats differ: p < 2.0 % at 95 %",
        "");
    assertVerdict(
        run.verdict(CASE, "process"),
        "IDENTICAL",
        2,
        1,
        "0 of 2 other processes differ: p < 77.7 % at 95 %",
        "");
    assertVerdict(run.verdict(CASE, "threads"), "IDENTICAL", 2, 1, "2 of 2 settings equal", "");
    assertVerdict(
        run.verdict(CASE, "load"),
        "IDENTICAL",
        40,
        1,
        "0 of 40 repeats under load differ: p < 7.3 % at 95 %",
        "");
    assertEquals(4, run.verdicts().size());
    assertTrue(run.verdicts().stream().allMatch(Record.Verdict::promised));
    assertTrue(Promises.broken(run.verdicts()).isEmpty());
  }

  @Test
  void oneUlpInProcessTwoVariesOnTheProcessAxisOnly() {
    RunFixture run =
        run()
            .blob("a", 1, 2, 3, 4)
            .blob("b", 1, 2, Math.nextUp(3f), 4)
            .clean(CASE, "threads=2", 0, 100, "a")
            .clean(CASE, "threads=2", 1, 100, "b")
            .clean(CASE, "threads=2", 2, 100, "a");
    Record.Verdict v = run.verdict(CASE, "process");
    assertVerdict(
        v,
        "VARIES",
        2,
        2,
        "2 different first outputs in 3 processes",
        "capture process 1 differs from capture process 0 at threads=2; first difference in row"
            + " block 2 of 2");
    assertEquals(1, v.maxUlp());
    assertEquals(0.25, v.share());
    assertEquals("IDENTICAL", run.verdict(CASE, "repeat").outcome());
    assertNull(run.verdict(CASE, "threads"), "one setting is no axis");
    assertEquals(List.of(v), Promises.broken(run.verdicts()));
  }

  @Test
  void alignmentLeadingDimensionAndCopyOfTheInputsAreOneAxis() {
    RunFixture run =
        run()
            .clean(CASE, "align=0;ld=0;threads=1", 0, 9, "a")
            .clean(CASE, "align=4;ld=0;threads=1", 0, 9, "a")
            .clean(CASE, "align=0;ld=3;threads=1", 0, 9, "a");
    Record.Verdict v = run.verdict(CASE, "alignment");
    assertVerdict(v, "IDENTICAL", 3, 1, "3 of 3 settings equal", "");
    v = run.clean(CASE, "align=4;ld=3;threads=1", 0, 9, "b").verdict(CASE, "alignment");
    assertEquals("VARIES", v.outcome());
    assertEquals(4, v.n());
    RunFixture rotated =
        run().clean(CASE, "threads=1", 0, 9, "a").clean(CASE, "l2=rotate;threads=1", 0, 9, "b");
    assertEquals("VARIES", rotated.verdict(CASE, "alignment").outcome());
  }

  @Test
  void sizeOfADifferenceBetweenProcessesIsUnknownWithoutRawOutputs() {
    Record.Verdict v =
        run().clean(CASE, "", 0, 9, "a").clean(CASE, "", 1, 9, "b").verdict(CASE, "process");
    assertEquals(-1, v.maxUlp());
    assertEquals(-1.0, v.share());
  }

  @Test
  void nanOnceIsNamed() {
    Record.Verdict v =
        run().capture(CASE, "threads=2", 0, 1000, 0, "a", "nan").verdict(CASE, "repeat");
    assertVerdict(
        v, "VARIES", 999, 2, "1 of 999 repeats differ", "NaN in some outputs and not in others");
  }

  @Test
  void oneDifferenceInAThousandRepeatsIsFoundAndItsConditionNamed() {
    RunFixture run = clean().capture(CASE, "threads=2", 3, 1000, 3, "a", "x");
    Record.Verdict v = run.verdict(CASE, "repeat");
    assertVerdict(
        v,
        "VARIES",
        1149,
        2,
        "1 of 1149 repeats differ",
        "varies only at threads=2, not at threads=1");
    assertEquals(List.of("threads=2"), v.settings());
    assertEquals(3, v.maxUlp());
    assertEquals(0.25, v.share());
    assertVerdict(
        run.verdict(CASE, "threads"),
        "VARIES",
        2,
        1,
        "not judged apart",
        "already varies from repeat to repeat at threads=2");
    assertVerdict(
        run.verdict(CASE, "process"),
        "IDENTICAL",
        2,
        1,
        "0 of 2 other processes differ: p < 77.7 % at 95 %",
        "first outputs only: repeats inside a process vary");
  }

  @Test
  void deathInProcessTwoKeepsWhatTheOthersShowed() {
    RunFixture run =
        run()
            .clean(CASE, "threads=2", 0, 100, "a")
            .clean(CASE, "threads=2", 2, 100, "a")
            .failure(CASE, "threads=2", "capture", 1, "FAILED", "exit code 134");
    assertVerdict(
        run.verdict(CASE, "process"),
        "FAILED",
        1,
        0,
        "0 of 1 other process differs: p < 95.0 % at 95 %",
        "exit code 134 (capture process 1 at threads=2)");
    assertVerdict(
        run.verdict(CASE, "repeat"),
        "IDENTICAL",
        198,
        1,
        "0 of 198 repeats differ: p < 1.6 % at 95 %",
        "");
    assertEquals(4, run.summary().exitCode());
  }

  @Test
  void hangIsATimeout() {
    Record.Verdict v =
        run()
            .failure(CASE, "threads=2", "capture", 0, "TIMEOUT", "ended after 20 s")
            .verdict(CASE, "repeat");
    assertVerdict(v, "TIMEOUT", 0, 0, "", "ended after 20 s (capture process 0 at threads=2)");
  }

  @Test
  void aDifferenceIsNotHiddenByAFailure() {
    RunFixture run =
        run()
            .clean(CASE, "", 0, 9, "a")
            .clean(CASE, "", 1, 9, "b")
            .failure(CASE, "", "capture", 2, "FAILED", "exit code 1");
    Record.Verdict v = run.verdict(CASE, "process");
    assertEquals("VARIES", v.outcome());
    assertTrue(v.why().endsWith("FAILED: exit code 1 (capture process 2)"), v.why());
  }

  @Test
  void unavailableAndSkippedSettingsAreCarriedThrough() {
    Record.Verdict gone =
        run().skip(CASE, "", "UNAVAILABLE", "no library", "install it").verdict(CASE, "repeat");
    assertVerdict(gone, "UNAVAILABLE", 0, 0, "", "no library");
    RunFixture run =
        run().clean(CASE, "threads=1", 0, 9, "a").skip(CASE, "threads=2", "SKIPPED", "needs 2", "");
    assertVerdict(run.verdict(CASE, "threads"), "SKIPPED", 0, 0, "", "needs 2");
    assertEquals("IDENTICAL", run.verdict(CASE, "repeat").outcome());
  }

  @Test
  void beginningWithoutAnEndIsMissing() {
    Record.Start start =
        new Record.Start(
            "capture-9",
            "capture",
            1,
            7,
            "",
            "",
            "",
            List.of(),
            Map.of(),
            List.of(CASE + "?threads=2"));
    RunFixture run = run().add(start).clean(CASE, "threads=2", 0, 9, "a");
    assertEquals("MISSING", run.verdict(CASE, "process").outcome());
    assertEquals(
        "IDENTICAL",
        run.clean(CASE, "threads=2", 1, 9, "a").verdict(CASE, "process").outcome(),
        "a resumed process of the same number fills the gap");
  }

  @Test
  void mistrustedProcessDoesNotCount() {
    RunFixture run =
        run()
            .clean(CASE, "threads=1", 0, 9, "a")
            .clean(CASE, "threads=2", 0, 9, "b")
            .failure(CASE, "threads=2", "capture", 0, "MISTRUSTED", "1 thread read back");
    assertEquals("MISTRUSTED", run.verdict(CASE, "threads").outcome());
    assertEquals("MISTRUSTED", run.verdict(CASE, "process").outcome());
    assertEquals("IDENTICAL", run.verdict(CASE, "repeat").outcome());
  }

  @Test
  void timingForkIsAProcess() {
    RunFixture run =
        run().clean(CASE, "threads=2", 0, 100, "a").timing(CASE, "threads=2", 0, "a", 1.0, 2.0);
    assertVerdict(
        run.verdict(CASE, "process"),
        "IDENTICAL",
        1,
        1,
        "0 of 1 other process differs: p < 95.0 % at 95 %",
        "");
    run.timing(CASE, "threads=2", 1, "z", 1.0, 2.0);
    assertVerdict(
        run.verdict(CASE, "process"),
        "VARIES",
        2,
        2,
        "2 different first outputs in 3 processes",
        "timing process 1 differs from capture process 0 at threads=2");
  }

  @Test
  void bitsThatChangeUnderLoadVaryOnTheLoadAxis() {
    RunFixture run =
        run()
            .clean(CASE, "threads=2", 0, 100, "a")
            .capture(CASE, "load=1;threads=2", 0, 100, 1, "a", "b");
    Record.Verdict v = run.verdict(CASE, "load");
    assertVerdict(v, "VARIES", 100, 2, "2 different outputs with and without load", "");
    assertEquals(List.of("load=1;threads=2"), run.verdict(CASE, "repeat").settings());
  }

  @Test
  void processesThatDifferWithoutLoadAreNotBlamedOnIt() {
    RunFixture run =
        run()
            .clean(CASE, "threads=2", 0, 100, "a")
            .clean(CASE, "threads=2", 1, 100, "b")
            .capture(CASE, "load=1;threads=2", 0, 100, 1, "a", "c");
    assertVerdict(
        run.verdict(CASE, "load"),
        "VARIES",
        2,
        2,
        "not judged apart",
        "already varies between processes at threads=2");
  }

  @Test
  void processesThatDifferUnderLoadOnlyVaryOnTheLoadAxis() {
    RunFixture run =
        run()
            .clean(CASE, "threads=2", 0, 100, "a")
            .clean(CASE, "load=1;threads=2", 0, 50, "a")
            .clean(CASE, "load=1;threads=2", 1, 50, "b");
    assertVerdict(
        run.verdict(CASE, "load"),
        "VARIES",
        100,
        2,
        "2 different outputs with and without load",
        "first difference in row block 2 of 2");
  }

  @Test
  void unreadableCasesAndTrainingFailuresAreNoVerdicts() {
    RunFixture run =
        run()
            .failure("mlp/digits/reproducible", "threads=2", "training", 0, "FAILED", "exit code 1")
            .failure("<script>", "=;", "capture", 0, "FAILED", "hostile")
            .failure("", "", "capture", 0, "TIMEOUT", "whole process");
    assertTrue(run.verdicts().isEmpty());
    assertEquals(3, run.summary().failures().size());
    assertFalse(run.summary().mistrusted());
  }

  @Test
  void aRunWithoutItsRawOutputsKeepsTheRecordedSizes() {
    RunFixture whole = run().blob("a", 1, 2, 3, 4).blob("b", 1, 2, 3, Math.nextUp(4f));
    whole.clean(CASE, "threads=1", 0, 10, "a").clean(CASE, "threads=2", 0, 10, "b");
    Record.Verdict first = whole.verdict(CASE, "threads");
    assertEquals(1, first.maxUlp());
    RunFixture bare = run();
    whole.records().forEach(bare::add);
    assertEquals(-1, bare.verdict(CASE, "threads").maxUlp(), "nothing recorded, no outputs");
    bare.add(first);
    assertEquals(first, bare.verdict(CASE, "threads"));
  }

  @Test
  void aRecordedSizeOfAnotherFindingIsNotKept() {
    RunFixture run =
        run().clean(CASE, "threads=1", 0, 10, "a").clean(CASE, "threads=2", 0, 10, "b");
    Record.Verdict v = run.verdict(CASE, "threads");
    run.add(
        new Record.Verdict(
            v.fork(), CASE, "", "threads", "VARIES", 3, 3, 7, 0.5, "", v.settings(), true, ""));
    assertEquals(-1, run.verdict(CASE, "threads").maxUlp());
  }
}
