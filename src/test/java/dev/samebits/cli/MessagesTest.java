package dev.samebits.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.jmh.ChildJvm;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.result.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Wrong input gives one line, the nearest right spelling, and its exit code; nothing is run. */
class MessagesTest {
  private record Answer(int code, String out, String err) {}

  private static Answer run(CommandLine root, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    root.setOut(new PrintWriter(out));
    root.setErr(new PrintWriter(err));
    int code = root.execute(args);
    return new Answer(code, out.toString(), err.toString());
  }

  private static Answer run(String line) {
    return run(Samebits.build(false), line.trim().split(" +"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --preset quik | 2 | run: unknown preset 'quik'; did you mean 'quick'? (known: smoke, quick, standard, full, speed, scaling, gpu, gpu_contract, gpu_sanitizer, gpu_speed, gpu_wall, gpu_stress)
          run --mode determinstic | 2 | run: unknown mode 'determinstic'; did you mean 'deterministic'? (known: nondeterministic, deterministic, reproducible)
          plan --dtype f23 | 2 | plan: unknown dtype 'f23'; did you mean 'f32'? (known: f32, f64, f16, bf16)
          run --case ( | 2 | run: filter '(' is no regular expression: Unclosed group
          run --preset smoke --suite x.yaml | 2 | run: --preset and --suite exclude each other; give one
          run --out a --resume . | 2 | run: --resume writes into its own folder; leave --out away
          run --prest quick | 2 | run: unknown option '--prest'; did you mean '--preset'? (known: --backend, --case, --cblas, --cuda-home, --dtype, --help, --host, --json, --kernel, --library, --mode, --out, --preset, --require-bars, --resume, --suite)
          plan --jsno | 2 | plan: unknown option '--jsno'; did you mean '--json'? (known: --backend, --case, --cblas, --cuda-home, --dtype, --help, --json, --kernel, --library, --mode, --preset, --suite, --summary)
          doctor -x | 2 | doctor: unknown option '-x' (known: --cblas, --cuda-home, --help, --json, --library)
          run now | 2 | run: 'now' is one argument too many; 'help run' says what it takes
          report a b | 2 | report: 'b' is one argument too many; 'help report' says what it takes
          report | 2 | report: missing DIR; 'help report' says more
          run --cblas x | 2 | run: option '--cblas': expected NAME=PATH, not 'x'
          plan --library cude@12 | 2 | plan: unknown library 'cude'; did you mean 'cuda'? (known: cuda, cudnn)
          plan --library cuda | 2 | plan: --library cuda: expected NAME@VERSION, e.g. cuda@12.6
          doctor --library cuda@new | 2 | doctor: library cuda: 'new' is no version; give numbers with dots, e.g. cuda@12.6
          run --library cuda@11 --library cuda@12 | 2 | run: --library: two versions of cuda; give one
          plan --cuda-home /nonexistent/samebits | 2 | plan: --cuda-home /nonexistent/samebits: no such folder
          run --preset | 2 | run: missing NAME; 'help run' says more
          report /nonexistent/samebits | 2 | report: results folder /nonexistent/samebits does not exist
          run --resume /nonexistent/samebits | 2 | run: results folder /nonexistent/samebits does not exist
          run --host ../x | 2 | run: --host ../x: expected letters, digits, '.', '_' and '-', not beginning with a dot
          plan --cblas x=/nonexistent/libx.so | 2 | plan: --cblas x=/nonexistent/libx.so: no such file
          plan --preset smoke --dtype bf16 | 2 | plan: suite smoke: the filters leave nothing to run: no case has dtype bf16; presets that have one: standard, gpu, gpu_contract, gpu_sanitizer
          help pln | 2 | help: unknown verb 'pln'; did you mean 'plan'? (known: run, plan, doctor, report, gpu-check, help)
          """)
  void wrongInputIsOneLine(String line, int code, String message) {
    assertEquals(new Answer(code, "", message + System.lineSeparator()), run(line));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plan --kernel matmull | kernel 'matmull'; did you mean 'matmul'?
          plan --backend jmv | backend 'jmv'; did you mean 'jvm'?
          """)
  void longListsAreStillOneLine(String line, String part) {
    Answer answer = run(line);
    assertEquals(ExitCode.USAGE, answer.code());
    assertEquals(1, answer.err().lines().count(), answer.err());
    assertTrue(answer.err().startsWith("plan: unknown " + part + " (known: "), answer.err());
  }

  private static Path suite(Path dir, String variant) throws IOException {
    return Files.writeString(
        dir.resolve("mine.yaml"),
        "suite: mine\ncases:\n  - {kernel: sum, dtypes: f32, shapes: n64, variants: {jvm: "
            + variant
            + "}}\n");
  }

  @Test
  void anUnknownVariantOfASuiteIsNamed(@TempDir Path dir) throws IOException {
    Path suite = suite(dir, "canonicle");
    Answer answer = run(Samebits.build(false), "plan", "--suite", suite.toString());
    assertEquals(ExitCode.USAGE, answer.code(), answer.err());
    assertTrue(answer.err().contains("'canonicle'; did you mean 'canonical'?"), answer.err());
    assertEquals(1, answer.err().lines().count(), answer.err());
  }

  @Test
  void choicesOfLibrariesBecomePropertiesThatChildrenInherit(@TempDir Path dir) {
    List<String> names = List.of("samebits.cuda.home", "samebits.library.cudnn");
    try {
      Answer answer =
          run(
              Samebits.build(false),
              "plan",
              "--preset",
              "smoke",
              "--cuda-home",
              dir.toString(),
              "--library=cudnn@9.5");
      assertEquals(0, answer.code(), answer.err());
      assertEquals(
          List.of(dir.toString(), "9.5"), names.stream().map(System::getProperty).toList());
      List<String> flags = ChildJvm.flags(ForkSettings.NONE);
      assertTrue(flags.contains("-Dsamebits.cuda.home=" + dir), flags.toString());
      assertTrue(flags.contains("-Dsamebits.library.cudnn=9.5"), flags.toString());
    } finally {
      names.forEach(System::clearProperty);
    }
  }

  @Test
  void aFileInTheWayOfOutIsSaidAtOnce(@TempDir Path dir) throws IOException {
    Path suite = suite(dir, "canonical");
    Path out = suite.resolve("deeper");
    Answer answer =
        run(Samebits.build(false), "run", "--suite", suite.toString(), "--out", out.toString());
    assertEquals(ExitCode.ENVIRONMENT, answer.code(), answer.err());
    assertEquals(1, answer.err().lines().count(), answer.err());
    assertTrue(answer.err().startsWith("run: cannot write results to " + out), answer.err());
  }

  @Command(name = "fails")
  private record Failing(Exception e) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      throw e;
    }
  }

  private static Answer fail(boolean debug, Exception e) {
    CommandLine root = Samebits.build(debug).addSubcommand(new Failing(e));
    root.setExecutionExceptionHandler(new Errors(debug));
    return run(root, "fails");
  }

  @Test
  void whatFailsInsideIsOneLineToo() {
    assertEquals(
        new Answer(5, "", "fails: disk full\n"),
        fail(false, new StoreException("disk full", null)));
    assertEquals(
        new Answer(5, "", "fails: IOException: no such device\n"),
        fail(false, new IOException("no such device\nand more")));
    assertEquals(
        new Answer(
            5,
            "",
            "fails: IllegalStateException: oops (a fault of Samebits; --debug prints where)\n"),
        fail(false, new IllegalStateException("oops")));
  }

  @Test
  void debugPrintsWhere() {
    Answer answer = fail(true, new IllegalStateException("oops"));
    assertTrue(answer.err().contains("at " + MessagesTest.class.getName()), answer.err());
  }

  @Test
  void helpNamesEveryVerbAndEveryOptionOfIt() {
    CommandLine root = Samebits.build(false);
    String help = run("--help").out();
    for (String verb : Samebits.verbs(root)) {
      assertTrue(help.lines().anyMatch(l -> l.matches(" +" + verb + " .*")), verb);
      String own = run("help " + verb).out();
      assertEquals(own, run(verb + " --help").out());
      for (String option : Samebits.options(root, verb)) {
        assertTrue(own.contains("  " + option), verb + " " + option);
      }
    }
    assertEquals(
        List.of("run", "plan", "doctor", "report", "gpu-check", "help"),
        List.copyOf(Samebits.verbs(root)));
  }

  @Test
  void versionNamesVersionAndCommit() {
    Answer answer = run("--version");
    assertEquals(0, answer.code());
    assertTrue(
        answer
            .out()
            .strip()
            .matches("Samebits [0-9.]+ \\(commit ([0-9a-f]{40}(-dirty)?|unknown)\\)"),
        answer.out());
  }
}
