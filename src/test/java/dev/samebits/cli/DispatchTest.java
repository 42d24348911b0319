package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose command line it is. */
class DispatchTest {
  private static final Dispatch DISPATCH =
      new Dispatch(
          List.of("run", "plan", "doctor", "report", "help"),
          List.of("--preset", "--out", "--json", "--kernel"),
          List.of(
              "dev.samebits.jmh.bench.Matmul.invoke",
              "dev.samebits.jmh.bench.Sum.invoke",
              "dev.samebits.jmh.bench.Reportage.invoke",
              "dev.samebits.jmh.bench.Dot.invoke"));

  @Test
  void nothingIsTheQuickRun() {
    assertEquals(
        new Dispatch.ToVerb(List.of("run", "--preset", "quick")), DISPATCH.route(List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "run --preset smoke",
        "plan --json",
        "doctor",
        "report dir",
        "help",
        "help run",
        "--help",
        "--version",
        "run Matmul",
        "run -x"
      })
  void oursStayAsTheyAre(String line) {
    assertEquals(new Dispatch.ToVerb(split(line)), DISPATCH.route(split(line)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--preset smoke", "--out=x --json", "--json"})
  void anOptionOfOursIsOneOfRun(String line) {
    assertEquals(new Dispatch.ToVerb(split("run " + line)), DISPATCH.route(split(line)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-l",
        "-h",
        "-f 1",
        "-f1 Matmul",
        "-rf json",
        "-l nothing.like.it",
        "-f",
        "Matmul",
        "Matmul -f 1 -wi 1 -i 3 -rf json -rff x.json -prof gc",
        "Matmul Dot",
        "atmu",
        "Matmul.invoke",
        "Mat.*invoke -p id=run",
        "Matmul -f abc",
        // two letters from `run`, but a benchmark's full name is no slip
        "Sum",
        "Sum.invoke"
      })
  void jmhGetsItsLineUnchanged(String line) {
    assertEquals(new Dispatch.ToJmh(split(line)), DISPATCH.route(split(line)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rnu         | 'rnu' is neither a verb nor a benchmark; the nearest verb is 'run', the nearest benchmark 'Sum' (help lists the verbs, -l the benchmarks)
          Doctor      | 'Doctor' is neither a verb nor a benchmark; the nearest verb is 'doctor', the nearest benchmark 'Dot' (help lists the verbs, -l the benchmarks)
          Report      | 'Report' is neither a verb nor a benchmark; the nearest verb is 'report', the nearest benchmark 'Reportage' (help lists the verbs, -l the benchmarks)
          Matmull -f 1| 'Matmull' is neither a verb nor a benchmark; the nearest verb is 'run', the nearest benchmark 'Matmul' (help lists the verbs, -l the benchmarks)
          Matmul Dott | 'Dott' is neither a verb nor a benchmark; the nearest verb is 'doctor', the nearest benchmark 'Dot' (help lists the verbs, -l the benchmarks)
          Matmul( -l  | 'Matmul(' is neither a verb nor a benchmark; the nearest verb is 'run', the nearest benchmark 'Matmul' (help lists the verbs, -l the benchmarks)
          --prest x   | unknown option '--prest'; did you mean '--preset'? (--help lists our options, -h those of JMH)
          --xyzzyplugh| unknown option '--xyzzyplugh' (--help lists our options, -h those of JMH)
          -zz         | unknown option '-zz' (--help lists our options, -h those of JMH)
          """)
  void whatIsNeitherIsNamedWithItsNearest(String line, String message) {
    Dispatch.Route route = DISPATCH.route(split(line));
    assertEquals(message, assertInstanceOf(Dispatch.Wrong.class, route).message());
  }

  @Test
  void aPresetIsNoVerb() {
    assertEquals(
        new Dispatch.Wrong("'smoke' is a preset, not a verb: run --preset smoke"),
        DISPATCH.route(List.of("smoke")));
  }

  @Test
  void aJarWithoutBenchmarksHasNoNearestOne() {
    Dispatch bare = new Dispatch(List.of("run", "help"), List.of("--out"), List.of());
    assertEquals(
        new Dispatch.Wrong(
            "'Matmul' is neither a verb nor a benchmark; the nearest verb is 'run' (help lists the"
                + " verbs, -l the benchmarks)"),
        bare.route(List.of("Matmul")));
  }

  private static List<String> split(String line) {
    return Arrays.asList(line.trim().split(" +"));
  }
}
