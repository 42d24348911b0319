package dev.samebits.analysis;

import static dev.samebits.analysis.JudgeTest.CASE;
import static dev.samebits.analysis.JudgeTest.assertVerdict;
import static dev.samebits.analysis.JudgeTest.clean;
import static dev.samebits.analysis.JudgeTest.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.samebits.result.Record;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Axes along which one setting changes; load, which is sampled, is tried in {@link JudgeTest}. */
class SettingAxisTest {
  @Test
  void aRunWithTheMachinesOwnThreadsIsNoSettingOfThem() {
    RunFixture run = run().clean(CASE, "", 0, 9, "b").clean(CASE, "threads=1", 0, 9, "a");
    assertNull(run.verdict(CASE, "threads"));
    run.clean(CASE, "threads=2", 0, 9, "a");
    assertVerdict(run.verdict(CASE, "threads"), "IDENTICAL", 2, 1, "2 of 2 settings equal", "");
  }

  @Test
  void streamsAreSettingsOfTheThreadsAxis() {
    RunFixture run = run().clean(CASE, "streams=1", 0, 9, "a").clean(CASE, "streams=4", 0, 9, "b");
    assertVerdict(
        run.verdict(CASE, "threads"),
        "VARIES",
        2,
        2,
        "2 different outputs at 2 settings",
        "first difference in row block 2 of 2");
  }

  @Test
  void aBatchInPiecesIsComparedWithTheWholeAndIsNoRepeat() {
    RunFixture same =
        clean()
            .clean(CASE, "slice=1;threads=2", 0, 3, "a")
            .clean(CASE, "slice=7;threads=2", 0, 5, "a");
    assertVerdict(same.verdict(CASE, "slice"), "IDENTICAL", 3, 1, "3 of 3 settings equal", "");
    assertEquals(150, same.verdict(CASE, "repeat").n());
    assertEquals(2, same.verdict(CASE, "process").n());
    assertEquals("IDENTICAL", same.verdict(CASE, "threads").outcome());
    RunFixture other =
        clean()
            .clean(CASE, "slice=1;threads=2", 0, 3, "b")
            .clean(CASE, "slice=7;threads=2", 0, 5, "a");
    assertVerdict(
        other.verdict(CASE, "slice"),
        "VARIES",
        3,
        2,
        "2 different outputs at 3 settings",
        "first difference in row block 2 of 2");
    assertEquals("IDENTICAL", other.verdict(CASE, "repeat").outcome());
    assertEquals(
        List.of("threads=2", "slice=1;threads=2", "slice=7;threads=2"),
        other.verdict(CASE, "slice").settings());
  }

  @Test
  void threadCountThatChangesTheBitsVariesOnTheThreadsAxis() {
    RunFixture run =
        run()
            .blob("a", 1, 2, 3, 4)
            .blob("b", 1, 2, 3, Math.nextUp(Math.nextUp(4f)))
            .clean(CASE, "threads=1", 0, 100, "a")
            .clean(CASE, "threads=2", 0, 100, "b");
    Record.Verdict v = run.verdict(CASE, "threads");
    assertVerdict(
        v,
        "VARIES",
        2,
        2,
        "2 different outputs at 2 settings",
        "first difference in row block 2 of 2");
    assertEquals(2, v.maxUlp());
    assertEquals(List.of("threads=1", "threads=2"), v.settings());
    assertNull(run.verdict(CASE, "process"));
  }

  @Test
  void vectorWidthAndInstructionSetAreOneAxisAndTheJitAnother() {
    RunFixture run =
        run()
            .clean(CASE, "threads=2", 0, 10, "a")
            .clean(CASE, "threads=2;vector=256", 0, 10, "a")
            .clean(CASE, "threads=2;vector=scalar", 0, 10, "b")
            .clean(CASE, "isa=avx2;threads=2", 0, 10, "a")
            .clean(CASE, "jit=c1;threads=2", 0, 10, "a");
    assertVerdict(
        run.verdict(CASE, "isa"),
        "VARIES",
        4,
        2,
        "2 different outputs at 4 settings",
        "first difference in row block 2 of 2");
    assertVerdict(run.verdict(CASE, "jit"), "IDENTICAL", 2, 1, "2 of 2 settings equal", "");
    assertNull(run.verdict(CASE, "threads"));
  }
}
