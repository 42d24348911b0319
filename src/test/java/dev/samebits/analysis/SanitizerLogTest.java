package dev.samebits.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What compute-sanitizer prints, as its manual shows it. */
class SanitizerLogTest {
  private static SanitizerLog parse(String text) {
    return SanitizerLog.parse(text.lines().toList());
  }

  @Test
  void aCleanLogHasASummaryAndNothingElse() {
    assertEquals(
        new SanitizerLog(1, 0, "", ""),
        parse("========= COMPUTE-SANITIZER\nsum 1 of 2\n========= ERROR SUMMARY: 0 errors\n"));
    assertEquals(
        new SanitizerLog(1, 0, "", ""),
        parse("========= RACECHECK SUMMARY: 0 hazards displayed (0 errors, 0 warnings)"));
  }

  @Test
  void theFirstFindingIsQuotedAndAllAreCounted() {
    assertEquals(
        new SanitizerLog(2, 3, "Invalid __global__ write of size 4 bytes", ""),
        parse(
            """
            ========= COMPUTE-SANITIZER
            ========= Invalid __global__ write of size 4 bytes
            =========     at 0x60 in sum_canonical_f32_blocks
            =========     by thread (1,0,0) in block (0,0,0)
            =========
            ========= Another thing
            ========= ERROR SUMMARY: 2 errors
            progress ========= ERROR SUMMARY: 1 error
            """));
  }

  @Test
  void aHazardIsAnErrorEvenIfItIsAWarning() {
    SanitizerLog log =
        parse(
            """
            ========= Warning: Race reported between Write access at f and Read access at g
            ========= RACECHECK SUMMARY: 1 hazard displayed (0 errors, 1 warning)
            """);
    assertEquals(1, log.errors());
    assertEquals(
        "Warning: Race reported between Write access at f and Read access at g", log.finding());
  }

  @Test
  void aRefusalIsNoCleanLog() {
    SanitizerLog log =
        parse(
            """
            ========= COMPUTE-SANITIZER
            ========= Warning: The device is not supported by this version
            ========= ERROR SUMMARY: 0 errors
            """);
    assertEquals("Warning: The device is not supported by this version", log.refusal());
    assertEquals(0, log.errors());
    assertEquals(
        "Error: No attachable process found. compute-sanitizer timed-out.",
        parse("========= Error: No attachable process found. compute-sanitizer timed-out.")
            .refusal());
    assertEquals(new SanitizerLog(0, 0, "", ""), parse("nothing of its own\n"));
  }
}
