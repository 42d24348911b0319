package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForkSettingsTest {
  @Test
  void variablesToBeUnsetComeFirst() {
    ForkSettings s = new ForkSettings(Map.of("B", "2", "A", ""), List.of("-ea"), Set.of("D", "C"));
    assertEquals(List.of("C", "D", "A=", "B=2"), s.environment());
    assertEquals(List.of(), ForkSettings.NONE.environment());
  }

  /** Or they would share a fork. */
  @Test
  void aVariableToBeUnsetMakesADifference() {
    assertNotEquals(
        ForkSettings.NONE,
        new ForkSettings(Map.of(), List.of(), Set.of("CUBLAS_WORKSPACE_CONFIG")));
  }

  @Test
  void settingAndUnsettingAreRefusedTogether() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ForkSettings(Map.of("A", "1"), List.of(), Set.of("A")));
    assertEquals("environment variable A is to be '1' and to be unset", e.getMessage());
  }
}
