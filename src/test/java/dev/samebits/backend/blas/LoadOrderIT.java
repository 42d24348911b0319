package dev.samebits.backend.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import dev.samebits.library.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two releases of OpenBLAS and ND4J, which brings a third, in one process: whatever is loaded
 * first, each computes, on one and on two threads, the bits that it computes alone, and names its
 * own version and core.
 */
class LoadOrderIT {
  private static final Path OLD = Path.of("target", "test-natives", "openblas-0.3.21");
  private static final Map<String, String> ALONE = new TreeMap<>();

  @BeforeAll
  static void alone() throws Exception {
    Requires.that(
        Platform.current().hasBundledNatives(), "openblas", "no natives for " + Platform.current());
    for (String name : List.of("new", "old", "nd4j")) {
      ALONE.putAll(run(name));
    }
  }

  @Test
  void theThreeAreDifferentLibraries() {
    assertTrue(ALONE.get("new").contains("OpenBLAS " + BlasBackend.BUNDLED_VERSION));
    assertTrue(ALONE.get("old").contains("OpenBLAS 0.3.21"), ALONE.get("old"));
    assertTrue(ALONE.get("nd4j").contains("OpenBLAS 0.3.19"), ALONE.get("nd4j"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "new old nd4j",
        "new nd4j old",
        "old new nd4j",
        "old nd4j new",
        "nd4j new old",
        "nd4j old new"
      })
  void everyOrderGivesWhatEachGivesAlone(String order) throws Exception {
    assertEquals(ALONE, run(order.split(" ")));
  }

  private static Map<String, String> run(String... names) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-Dtest.natives=" + OLD.toAbsolutePath(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                LoadOrderChild.class.getName()));
    command.addAll(List.of(names));
    Path log = Files.createTempFile("load-order", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("OMP_NUM_THREADS", "2");
      int exit = builder.start().waitFor();
      String text = Files.readString(log, StandardCharsets.UTF_8);
      assertEquals(0, exit, text);
      Map<String, String> results = new TreeMap<>();
      for (String line : text.split("\n")) {
        if (line.startsWith("RESULT ")) {
          results.put(line.split(" ")[1], line);
        }
      }
      assertEquals(names.length, results.size(), text);
      return results;
    } finally {
      Files.delete(log);
    }
  }
}
