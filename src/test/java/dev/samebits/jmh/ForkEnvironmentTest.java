package dev.samebits.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.ForkSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a fork inherits of its parent's environment, and what not. */
class ForkEnvironmentTest {
  private static final String MINE = "SAMEBITS_FORK_ENVIRONMENT_TEST";

  @Test
  void capturesAreStartedWithoutTheVariablesToBeUnset() {
    Map<String, String> parents = System.getenv();
    String there = parents.keySet().iterator().next();
    Map<String, String> env =
        ChildJvm.builder(
                new ForkSettings(Map.of(MINE, "1"), List.of(), Set.of(there)), ForkMain.class)
            .environment();
    assertTrue(!env.containsKey(there), there);
    assertEquals("1", env.get(MINE));
    assertEquals(parents.size(), env.size(), "the others are inherited");
  }

  @Test
  void timingForksAreStartedBehindEnv() {
    assertEquals(List.of("env", "-u", "C", "-u", "D", "A=1", "B="), command("C;D;A=1;B="));
    assertEquals(List.of(), command(""));
  }

  private static List<String> command(String line) {
    return List.copyOf(new EnvironmentProfiler(line).addJVMInvokeOptions(null));
  }
}
