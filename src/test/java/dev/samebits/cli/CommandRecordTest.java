package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.library.Paths;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recorded command measures the same again and says nothing about the user. */
class CommandRecordTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --preset quick | run --preset quick
          run --preset smoke --out /home/me/x --json | run --preset smoke
          run --out=/home/me/x --host me --kernel sum | run --kernel sum
          run --host=me --case /f32/ | run --case /f32/
          """)
  void whatOnlyShowsResultsIsLeftOut(String given, String recorded) {
    assertEquals(
        "java -jar benchmarks.jar " + recorded,
        String.join(" ", CommandRecord.of(Arrays.asList(given.split(" "))).words()));
  }

  @Test
  void pathsAreRecordedWithoutTheUsersFolders() {
    String home = System.getProperty("user.home");
    List<String> words =
        CommandRecord.of(
                List.of("run", "--suite", home + "/mine.yaml", "--cblas=x=" + home + "/libx.so"))
            .words();
    assertEquals(
        List.of("run", "--suite", "~/mine.yaml", "--cblas=x=~/libx.so"), words.subList(3, 7));
    assertEquals(
        "run --cuda-home ~/cuda --library cuda@12.6",
        String.join(
            " ",
            CommandRecord.of(
                    List.of("run", "--cuda-home", home + "/cuda", "--library", "cuda@12.6"))
                .words()
                .subList(3, 8)));
  }

  @Test
  void recordedPathsAreFoundAgain() {
    for (Path path :
        List.of(
            Path.of(System.getProperty("user.home"), "a", "b.yaml"),
            Path.of(System.getProperty("java.io.tmpdir"), "b.yaml").toAbsolutePath(),
            Path.of("src", "b.yaml").toAbsolutePath(),
            Path.of("/elsewhere/b.yaml"))) {
      assertEquals(path.toString(), Paths.expand(Paths.abbreviate(path)));
      assertEquals("--x=y=" + path, Paths.expand("--x=y=" + Paths.abbreviate(path)));
    }
    assertEquals("matmul/f32", Paths.expand("matmul/f32"));
  }

  @Test
  void theRecordSelectsTheSame() {
    Selection selection =
        CommandRecord.of(List.of("run", "--preset", "smoke", "--backend", "jvm,openblas"))
            .selection();
    assertTrue(selection.given());
    assertEquals(List.of("jvm", "openblas"), selection.namedBackends());
  }
}
