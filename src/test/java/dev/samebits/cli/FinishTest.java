package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A backend asked for by name must be there; one not asked for need not. */
class FinishTest {
  @Test
  void onlyNamedBackendsAreMissed() {
    Map<String, String> backends =
        Map.of("jvm", "available", "nd4j", "unavailable: no library", "mkl", "unavailable: x");
    assertEquals(List.of(), Finish.unavailable(backends, List.of()));
    assertEquals(List.of("nd4j"), Finish.unavailable(backends, List.of("jvm", "nd4j")));
    assertEquals(List.of(), Finish.unavailable(Map.of(), List.of("jvm")));
  }
}
