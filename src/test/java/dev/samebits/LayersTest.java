package dev.samebits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imports point strictly downwards: the compiled classes against the table in {@link Layers}. */
class LayersTest {
  @Test
  void compiledClassesKeepToTheTable() {
    List<String> lines = jdeps();
    assertTrue(lines.stream().anyMatch(l -> l.contains("dev.samebits.cli.")), "jdeps saw classes");
    assertEquals(List.of(), Layers.breaches(lines));
  }

  private static List<String> jdeps() {
    ToolProvider tool = ToolProvider.findFirst("jdeps").orElseThrow();
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    int code = tool.run(writer, writer, "-verbose:class", "-filter:none", "target/classes");
    assertEquals(0, code, out.toString());
    return out.toString().lines().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kernel.Op            | dev.samebits.plan.Plan         | not below kernel
          kernel.Op            | dev.samebits.metric.Ulp        | not below kernel
          plan.Plan            | dev.samebits.result.Record     | not below plan
          training.Sgd         | dev.samebits.backend.Backends  | not below training
          backend.jvm.Sum      | dev.samebits.backend.Backends  | not below backend.jvm
          backend.jvm.Sum      | dev.samebits.backend.blas.Blas | not below backend.jvm
          analysis.Judge       | dev.samebits.plan.Plan         | not below analysis
          analysis.Judge       | dev.samebits.library.Natives   | not below analysis
          report.HtmlReport    | dev.samebits.jmh.Session       | not below report
          jmh.Session          | dev.samebits.cli.Main          | not below jmh
          cli.Main             | org.openjdk.jmh.Main           | foreign library
          backend.cuda.Gpu     | dev.samebits.backend.cuda.blas.Cublas | not below backend.cuda
          backend.cuda.dnn.Dnn | dev.samebits.backend.cuda.blas.Cublas | not below backend.cuda.dnn
          backend.nd4j.Nd4j    | com.sun.jna.Native             | foreign library
          analysis.Judge       | org.jfree.chart.JFreeChart     | foreign library
          cli.RunVerb          | java.lang.ProcessBuilder       | only jmh starts processes
          result.GitProbe      | java.lang.Process              | only jmh starts processes
          novelty.Thing        | java.lang.Object               | in no package of the table
          """)
  void findsAPlantedImport(String from, String to, String why) {
    List<String> found = Layers.breaches(List.of(line("dev.samebits." + from, to)));
    assertTrue(
        found.stream().anyMatch(b -> b.startsWith("dev.samebits." + from) && b.contains(why)),
        found.toString());
  }

  @Test
  void findsAPathOverSeveralSteps() {
    List<String> found =
        Layers.breaches(
            List.of(
                line("dev.samebits.report.Page", "dev.samebits.analysis.Judge"),
                line("dev.samebits.analysis.Judge", "dev.samebits.result.Record"),
                line("dev.samebits.result.Record", "dev.samebits.backend.Backends")));
    assertTrue(found.contains("analysis has a path to backend"), found.toString());
    assertTrue(found.contains("report has a path to backend"), found.toString());
  }

  @Test
  void letsDownwardImportsPass() {
    assertEquals(
        List.of(),
        Layers.breaches(
            List.of(
                "target/classes -> java.base",
                line("dev.samebits.cli.RunVerb", "dev.samebits.jmh.Session"),
                line(
                    "dev.samebits.jmh.bench.jmh_generated.Sum_x",
                    "org.openjdk.jmh.infra.Blackhole"),
                line("dev.samebits.jmh.ChildJvm", "java.lang.ProcessBuilder"),
                line("dev.samebits.backend.Backends", "dev.samebits.backend.jvm.JvmBackend"),
                line("dev.samebits.backend.jvm.vector.Lanes", "jdk.incubator.vector.FloatVector"),
                line("dev.samebits.plan.Suite", "dev.samebits.kernel.CaseId"))));
  }

  private static String line(String from, String to) {
    return String.format("   %-50s -> %-50s %s", from, to, "not found");
  }
}
