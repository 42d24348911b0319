package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import dev.samebits.backend.PortableCases.Level;
import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Availability;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The same bits on JDK 17 and 25, interpreted, compiled by C1, by C2 and by both, at every vector
 * width and without vectors, with and without FMA hardware, on 1, 2, 3 and 8 threads (where nothing
 * is compiled on 3 alone), for ordinary and special values: every process must print the
 * fingerprints of the golden file, which {@code -Dgolden.rewrite=true} writes from the plain
 * kernels.
 */
class SameBitsIT {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/same-bits.txt");

  /** What the backend reads back here if nothing is asked for. */
  private static final Map<String, String> MACHINE = machine();

  /** Classes with an innermost loop, in f32 as in f64. */
  private static final List<String> LOOPS =
      Stream.of("RegisterTile", "InPlace", "OneRow", "Direct", "Tiles", "Scatter", "Functions")
          .flatMap(name -> Stream.of("F32" + name, "F64" + name))
          .toList();

  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  @AfterAll
  static void stop() {
    POOL.shutdownNow();
  }

  @Test
  void plainKernelsGiveTheGoldenFingerprints() throws IOException {
    StringBuilder text = new StringBuilder();
    for (CaseId id : PortableCases.of(Level.ANY)) {
      text.append(id).append(' ').append(PortableCases.plainFingerprint(id)).append('\n');
    }
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(GOLDEN, text);
    }
    assertEquals(Files.readString(GOLDEN), text.toString());
    for (Kernel kernel : Kernel.values()) {
      assertTrue(text.indexOf(kernel.id() + "/f64/") >= 0, "no case of " + kernel.id());
    }
  }

  /** A width that this machine lacks: said once for each case, and nothing runs in its place. */
  @Test
  void aWidthThatIsNotToBeHadIsRefused() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Dsamebits.vector=1024",
                "-cp",
                System.getProperty("java.class.path"),
                PortableCases.class.getName(),
                Level.SMALL.name(),
                "0",
                "")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor() != 0 && said.contains("samebits.vector=1024: 64, 128"), said);
  }

  @TestFactory
  Stream<DynamicTest> everySettingGivesTheGoldenFingerprints() throws IOException {
    Map<String, String> golden = new LinkedHashMap<>();
    Files.readString(GOLDEN)
        .lines()
        .forEach(l -> golden.put(l.substring(0, l.indexOf(' ')), l.substring(l.indexOf(' ') + 1)));
    List<DynamicTest> tests = new ArrayList<>();
    for (String jdk : List.of("17", "25")) {
      Optional<Path> java = java(jdk);
      for (Setting s : settings(jdk)) {
        boolean here = s.lacking().isEmpty();
        Future<Output> output =
            java.filter(j -> here).map(j -> POOL.submit(() -> run(j, s))).orElse(null);
        tests.add(
            DynamicTest.dynamicTest(
                "JDK " + jdk + " " + s.conditions,
                () -> {
                  Requires.that(java.isPresent(), "jdk" + jdk, "no JDK " + jdk + ", see JDK25");
                  Requires.that(here, s.conditions, s.lacking());
                  compare(golden, s, output.get());
                }));
      }
    }
    return tests.stream();
  }

  /**
   * Every width with all tiers, C2 alone, AVX2 with its 16 registers, and no FMA hardware; C1 and
   * the interpreter, which are slow at narrow vectors, at all widths or the extreme ones.
   */
  private static List<Setting> settings(String jdk) {
    List<Setting> all = new ArrayList<>();
    for (String vector : List.of("64", "128", "256", "512", "scalar")) {
      all.add(new Setting("jit=full;vector=" + vector, Level.ANY, 10));
      boolean first = jdk.equals("17");
      if (first || vector.matches("512|scalar")) {
        all.add(new Setting("jit=c1;vector=" + vector, Level.MEDIUM, 0));
      }
      if (vector.matches(first ? "64|512|scalar" : "512|scalar")) {
        all.add(new Setting("jit=int;vector=" + vector, Level.SMALL, 0));
      }
    }
    all.add(new Setting("jit=c2", Level.MEDIUM, 0));
    // Half the registers of AVX-512, so other tiles, blocks and lanes a pass.
    all.add(new Setting("isa=avx2", Level.ANY, 10));
    all.add(new Setting("isa=avx0", Level.SMALL, 0));
    return all;
  }

  /**
   * How one process is started.
   *
   * @param level which cases
   * @param millis how long each case is invoked again and again
   */
  private record Setting(String conditions, Level level, int millis) {
    /** What this machine lacks for it; empty if nothing. */
    String lacking() {
      Conditions asked = Conditions.parse(conditions);
      String lacking = "";
      for (String key : List.of("vector", "isa")) {
        String own = MACHINE.get(key);
        String wanted = asked.values().getOrDefault(key, own);
        if (!wanted.equals("scalar") && number(wanted) > number(own)) {
          lacking += key + "=" + own + " is the most that there is here; ";
        }
      }
      return lacking;
    }

    private static int number(String value) {
      String digits = value.replaceAll("\\D", "");
      return digits.isEmpty() ? -1 : Integer.parseInt(digits);
    }

    /** C2 alone compiles what has run a few times, and nothing goes on meanwhile. */
    List<String> flags(Path log) {
      return conditions.equals("jit=c2")
          ? List.of(
              "-Xbatch", "-XX:CompileThreshold=1000", "-Xlog:jit+compilation=debug:file=" + log)
          : List.of();
    }
  }

  /**
   * What a process said.
   *
   * @param lines a line for each case
   * @param compiled what the log of compilations says, if there is one
   */
  private record Output(List<String> lines, String compiled) {}

  private static Map<String, String> machine() {
    return ((Availability.Available) new JvmBackend().availability()).receipt().more();
  }

  /** The launcher of a JDK: this one, the one that JDK25 names, or one beside this. */
  private static Optional<Path> java(String feature) {
    Path own = Path.of(System.getProperty("java.home")).toAbsolutePath();
    Path named = Path.of(System.getenv().getOrDefault("JDK25", own.toString()));
    try (Stream<Path> beside = Files.list(own.toRealPath().getParent())) {
      return Stream.concat(Stream.of(own, named), beside.sorted(Comparator.naturalOrder()))
          .filter(home -> feature.equals(feature(home)))
          .map(home -> home.resolve("bin/java"))
          .filter(Files::isExecutable)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String feature(Path home) {
    try {
      return Files.readString(home.resolve("release"))
          .replaceAll("(?s).*JAVA_VERSION=\"(\\d+).*", "$1");
    } catch (IOException e) {
      return "";
    }
  }

  private static Output run(Path java, Setting s) throws IOException, InterruptedException {
    Path log = Files.createTempFile("compiled", ".log");
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx512m"));
    command.addAll(
        new JvmBackend()
            .forkSettings(
                new JvmBackend().variant(Kernel.SUM, "canonical"), Conditions.parse(s.conditions))
            .jvmArgs());
    command.addAll(s.flags(log));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PortableCases.class.getName(), s.level.name()));
    command.addAll(List.of(Integer.toString(s.millis), s.conditions));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      List<String> lines = new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertTrue(
          process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0, () -> "" + lines);
      return new Output(
          lines.stream().filter(l -> !l.startsWith("WARNING")).toList(), Files.readString(log));
    } finally {
      process.destroyForcibly();
      Files.delete(log);
    }
  }

  private static void compare(Map<String, String> golden, Setting s, Output output) {
    List<String> expected = new ArrayList<>();
    for (CaseId id : PortableCases.of(s.level)) {
      expected.add(id + " " + golden.get(id.toString()));
    }
    assertEquals(String.join("\n", expected), String.join("\n", output.lines));
    if (s.conditions.equals("jit=c2")) {
      for (String loop : LOOPS) {
        assertTrue(output.compiled.contains(".vector." + loop + "::"), "not compiled: " + loop);
      }
    }
  }
}
