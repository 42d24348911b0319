package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.cli.Check.State;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor says about machines unlike this one. */
class CheckupTest {
  @Test
  void whatLimitsARunIsSaid() {
    assertEquals(State.OK, Checkup.cores(2).state());
    assertEquals(State.LIMITED, Checkup.cores(1).state());
    assertEquals(State.OK, Checkup.vectorApi(true).state());
    assertEquals(State.LIMITED, Checkup.vectorApi(false).state());
    assertEquals(State.OK, Checkup.fma(List.of("avx2", "fma"), true).state());
    assertEquals(State.LIMITED, Checkup.fma(List.of("avx2", "fma"), false).state());
    assertEquals(State.LIMITED, Checkup.fma(List.of("sse2"), true).state());
    assertTrue(Checkup.fma(List.of("sse2"), true).detail().contains("Math.fma"));
  }

  @Test
  void aFolderThatCannotBeWrittenIsMissing(@TempDir Path dir) {
    assertEquals("", Checkup.disk("x", dir, "elsewhere").remedy().replace("elsewhere", ""));
    Check missing = Checkup.disk("x", dir.resolve("absent"), "give another");
    assertEquals(State.MISSING, missing.state());
    assertEquals("give another", missing.remedy());
  }

  @Test
  void remediesStandUnderTheirLine() {
    StringWriter text = new StringWriter();
    DoctorVerb.print(
        List.of(Check.ok("cores", "8"), Check.missing("backend mkl", "no library", "install it")),
        new PrintWriter(text, true));
    List<String> lines = text.toString().lines().toList();
    assertEquals(Version.line(), lines.get(0));
    assertEquals("cores        ok       8", lines.get(1));
    assertEquals("backend mkl  missing  no library", lines.get(2));
    assertEquals("                      -> install it", lines.get(3));
    assertEquals("1 of 2 have a remark; the run goes on without them.", lines.get(4));
    assertFalse(text.toString().contains("null"));
  }
}
