package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import dev.samebits.backend.jvm.JvmBackend;
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
import java.util.concurrent.ExecutionException;
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
 * The same bits on JDK 17 and 25, interpreted and compiled, at every vector width and without
 * vectors, with and without FMA hardware, on 1, 2, 3 and 8 threads: every process must print the
 * fingerprints of the golden file, which {@code -Dgolden.rewrite=true} writes from the plain
 * kernels.
 */
class SameBitsIT {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/same-bits.txt");

  /** Where nothing is compiled, or every fma takes a microsecond. */
  private static final double SMALL = PortableCases.SMALL;

  /** C1 knows nothing of vectors: each operation on one is a call that allocates. */
  private static final double MEDIUM = 5e5;

  private static final double ANY = 1e12;

  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  @AfterAll
  static void stop() {
    POOL.shutdownNow();
  }

  @Test
  void plainKernelsGiveTheGoldenFingerprints() throws IOException {
    StringBuilder text = new StringBuilder();
    for (CaseId id : PortableCases.upTo(ANY)) {
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
                Double.toString(SMALL),
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
    int widest = widest();
    List<DynamicTest> tests = new ArrayList<>();
    for (String jdk : List.of("17", "25")) {
      for (Setting s : settings(widest)) {
        Optional<Path> java = java(jdk);
        Future<List<String>> lines = java.map(j -> POOL.submit(() -> run(j, s))).orElse(null);
        tests.add(
            DynamicTest.dynamicTest(
                "JDK " + jdk + " " + s.conditions,
                () -> {
                  Requires.that(lines != null, "jdk" + jdk, "no JDK " + jdk + " beside this one");
                  compare(golden, s, lines.get());
                }));
      }
    }
    return tests.stream();
  }

  /** Every width in every tier, AVX2 with its 16 registers, and once without FMA hardware. */
  private static List<Setting> settings(int widest) {
    List<Setting> all = new ArrayList<>();
    for (String vector : List.of("64", "128", "256", "512", "scalar")) {
      if (vector.equals("scalar") || Integer.parseInt(vector) <= widest) {
        all.add(new Setting("jit=full;vector=" + vector, ANY, 10));
        all.add(new Setting("jit=c1;vector=" + vector, MEDIUM, 0));
        all.add(new Setting("jit=int;vector=" + vector, SMALL, 0));
      }
    }
    // Half the registers of AVX-512, so other tiles, blocks and lanes a pass.
    all.add(new Setting("isa=avx2", ANY, 10));
    all.add(new Setting("isa=avx0", SMALL, 0));
    return all;
  }

  /**
   * How one process is started.
   *
   * @param work the most work of a case
   * @param millis how long each case is invoked again and again
   */
  private record Setting(String conditions, double work, int millis) {}

  /** The width that vectors have here if none is asked for, by the backend's own account. */
  private static int widest() {
    String bits = new JvmBackend().availability().toString().replaceAll(".*vector=(\\w+).*", "$1");
    return bits.equals("scalar") ? 0 : Integer.parseInt(bits);
  }

  /** The launcher of a JDK: this one, or one beside it. */
  private static Optional<Path> java(String feature) {
    Path own = Path.of(System.getProperty("java.home")).toAbsolutePath();
    try (Stream<Path> beside = Files.list(own.toRealPath().getParent())) {
      return Stream.concat(Stream.of(own), beside.sorted(Comparator.naturalOrder()))
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

  private static List<String> run(Path java, Setting s) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx512m"));
    command.addAll(
        new JvmBackend()
            .forkSettings(
                new JvmBackend().variant(Kernel.SUM, "canonical"), Conditions.parse(s.conditions))
            .jvmArgs());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PortableCases.class.getName(), Double.toString(s.work)));
    command.addAll(List.of(Integer.toString(s.millis), s.conditions));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      List<String> lines = new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertTrue(
          process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0, () -> "" + lines);
      return lines.stream().filter(l -> !l.startsWith("WARNING")).toList();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void compare(Map<String, String> golden, Setting s, List<String> lines)
      throws InterruptedException, ExecutionException {
    assertEquals(PortableCases.upTo(s.work).size(), lines.size(), "number of cases");
    for (String line : lines) {
      String id = line.substring(0, line.indexOf(' '));
      assertNotNull(golden.get(id), line);
      assertEquals(golden.get(id), line.substring(line.indexOf(' ') + 1), id);
    }
  }
}
