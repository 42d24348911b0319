package dev.samebits.backend.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every file of {@code kernels/} has to say and to be. */
class KernelFilesTest {
  private static final Path KERNELS = Path.of("kernels");
  private static final List<String> FOLDERS =
      List.of("matmul", "convolution", "reduction", "elementwise");
  private static final List<String> FIELDS =
      List.of("Computes", "Order", "Guarantee", "Contraction", "Launch", "Twin", "Source");
  private static final Set<String> GUARANTEES =
      Set.of("NOT_GUARANTEED", "RUN_TO_RUN", "CONFIGURATION", "EVERYWHERE");
  private static final Pattern FIELD = Pattern.compile("// ([A-Z][a-z]+): +(\\S.*)");
  private static final Pattern MORE = Pattern.compile("// {10,}(\\S.*)");
  private static final Pattern HEX = Pattern.compile("-?0x[0-9a-f]+\\.?[0-9a-f]*p-?\\d+");

  /** Files by name without ending, each with the fields of its header in their order. */
  private static Map<String, Map<String, String>> headers() throws IOException {
    Map<String, Map<String, String>> all = new TreeMap<>();
    for (Path file : files()) {
      Map<String, String> fields = new LinkedHashMap<>();
      String last = "";
      for (String line : Files.readAllLines(file)) {
        Matcher field = FIELD.matcher(line);
        Matcher more = MORE.matcher(line);
        if (!line.startsWith("//")) {
          break;
        } else if (field.matches()) {
          last = field.group(1);
          fields.put(last, field.group(2));
        } else if (more.matches()) {
          fields.merge(last, " " + more.group(1), String::concat);
        } else {
          throw new AssertionError(file + ": neither a field nor the rest of one: " + line);
        }
      }
      all.put(name(file), fields);
    }
    return all;
  }

  private static List<Path> files() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.list(KERNELS.resolve(folder))) {
        files.filter(f -> f.toString().endsWith(".cu")).sorted().forEach(all::add);
      }
    }
    return all;
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".cu", "");
  }

  private static String firstWord(String text) {
    return text.split("[^A-Za-z0-9_]", 2)[0];
  }

  @Test
  void everyHeaderHasEveryFieldInOrder() throws IOException {
    for (var file : headers().entrySet()) {
      assertEquals(FIELDS, List.copyOf(file.getValue().keySet()), file.getKey());
      String guarantee = firstWord(file.getValue().get("Guarantee"));
      assertTrue(GUARANTEES.contains(guarantee), file.getKey() + ": " + guarantee);
    }
  }

  @Test
  void everyTwinExistsAndWhatPromisesNothingHasOne() throws IOException {
    Map<String, Map<String, String>> all = headers();
    for (var file : all.entrySet()) {
      String twin = firstWord(file.getValue().get("Twin"));
      boolean promises = !firstWord(file.getValue().get("Guarantee")).equals("NOT_GUARANTEED");
      if (twin.equals("none")) {
        assertTrue(promises, file.getKey() + " promises nothing and names no twin");
      } else {
        assertTrue(all.containsKey(twin), file.getKey() + ": no file " + twin);
        assertTrue(
            promises || !all.get(twin).get("Guarantee").startsWith("NOT_GUARANTEED"),
            file.getKey() + " and its twin both promise nothing");
      }
    }
  }

  /** Atomic additions of floating-point numbers arrive in any order. */
  @Test
  void onlyFilesWithAtomicsOfFloatsPromiseNothing() throws IOException {
    for (var file : headers().entrySet()) {
      boolean promises = !file.getValue().get("Guarantee").startsWith("NOT_GUARANTEED");
      assertEquals(!file.getKey().endsWith("atomic"), promises, file.getKey());
    }
  }

  @Test
  void everySymbolBeginsWithTheNameOfItsFile() throws IOException {
    Set<String> kernels = new TreeSet<>(Kernel.ids());
    for (Path file : files()) {
      Pattern symbol = Pattern.compile("\\b(\\w+?)_##dtype");
      Set<String> stems =
          symbol
              .matcher(Files.readString(file))
              .results()
              .map(m -> m.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(Set.of(name(file)), stems, file.toString());
      assertTrue(
          kernels.stream().anyMatch(k -> name(file).startsWith(k + "_")), name(file) + ": kernel");
    }
  }

  @Test
  void arithmeticThatCarriesBitsIsSpelled() throws IOException {
    try (Stream<Path> all = Files.walk(KERNELS)) {
      for (Path file : all.filter(f -> f.toString().matches(".*\\.cuh?")).toList()) {
        String text = Files.readString(file).replaceAll("//.*", "");
        for (String libm :
            List.of("expf?", "logf?", "tanhf?", "sqrtf?", "fmaf?", "powf?", "__expf", "fdividef")) {
          assertFalse(
              Pattern.compile("(?<![A-Za-z_0-9.])" + libm + "\\(").matcher(text).find(),
              file + " calls " + libm);
        }
      }
    }
  }

  @Test
  void fastMathIsNowhere() throws IOException {
    for (String place : List.of("kernels", "scripts", ".ci", "src/main/java")) {
      try (Stream<Path> all = Files.walk(Path.of(place))) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          for (String line : Files.readAllLines(file)) {
            boolean said = line.contains("use_fast_math");
            boolean banned = line.matches(".*(never|banned|but --use_fast_math).*");
            assertTrue(!said || banned, file + ": " + line);
          }
        }
      }
    }
  }

  @Test
  void everyFlagHasItsReason() throws IOException {
    List<String> flags =
        Files.readAllLines(KERNELS.resolve("nvcc.args")).stream()
            .filter(l -> !l.startsWith("#"))
            .toList();
    assertTrue(flags.stream().anyMatch(f -> f.startsWith("--fmad=false")), "no --fmad=false");
    for (String flag : flags) {
      assertTrue(flag.matches("--\\S+ +# \\S.*"), "not a flag and its reason: " + flag);
      assertFalse(flag.contains("fast"), flag);
    }
  }

  /** exp, log, tanh and sigmoid are defined by the constants of the Java sources. */
  @Test
  void constantsAreThoseOfTheJavaSources() throws IOException {
    String text = Files.readString(KERNELS.resolve("common/math.cuh"));
    int f64 = text.indexOf("struct Constants<double>");
    int end = text.indexOf("template <typename T>", f64);
    Path java = Path.of("src/main/java/dev/samebits/backend/jvm");
    String ours32 = text.substring(text.indexOf("struct Constants<float>"), f64);
    compare(Files.readString(java.resolve("ConstantsF32.java")), ours32, Float::parseFloat);
    compare(
        Files.readString(java.resolve("ConstantsF64.java")),
        text.substring(f64, end),
        Double::parseDouble);
  }

  private static void compare(String java, String ours, Function<String, Number> value) {
    for (String name :
        List.of("ROUNDER", "LOG2_E", "LN2_HI", "LN2_LO", "SQRT_2", "EXP_HIGHEST", "EXP_LOWEST")) {
      assertEquals(named(java, name, value), named(ours, name, value), name);
    }
    for (String name : List.of("TANH_LOWEST", "SUBNORMAL_SCALE", "SUBNORMAL_SHIFT", "BIAS")) {
      assertEquals(named(java, name, value), named(ours, name, value), name);
    }
    assertEquals(named(java, "FRACTION", value), named(ours, "FRACTION", value));
    // The coefficients, in Horner's order: those of exp, then those of log.
    List<Number> theirs = literals(java.substring(java.indexOf("[] EXP")), value);
    List<Number> series = literals(ours.substring(ours.indexOf("exp_series")), value);
    assertTrue(theirs.size() > 10, "coefficients were found");
    assertEquals(theirs, series);
  }

  private static Number named(String text, String name, Function<String, Number> value) {
    Matcher m =
        Pattern.compile("\\b" + name + " = (-?[0-9a-fA-Fx.p]+(?:p-?\\d+)?)f?;").matcher(text);
    assertTrue(m.find(), "no constant " + name);
    return value.apply(m.group(1).contains("x") ? m.group(1) : m.group(1) + ".0");
  }

  private static List<Number> literals(String text, Function<String, Number> value) {
    return HEX.matcher(text).results().map(MatchResult::group).map(value).toList();
  }

  /** The table of kernels/README.md is made of the headers. */
  @Test
  void theIndexIsThatOfTheHeaders() throws IOException {
    List<String> expected = new ArrayList<>();
    Map<String, Map<String, String>> all = headers();
    for (Path file : files()) {
      String name = name(file);
      Map<String, String> fields = all.get(name);
      Set<String> passes = new java.util.LinkedHashSet<>();
      Pattern.compile(name + "_##dtype##_(\\w+)")
          .matcher(Files.readString(file))
          .results()
          .forEach(m -> passes.add(m.group(1)));
      String twin = firstWord(fields.get("Twin"));
      String path = KERNELS.relativize(file).toString();
      expected.add(
          "| [`%s`](%s) | %s | %s | %s |"
              .formatted(
                  path,
                  path,
                  passes.isEmpty() ? "one" : String.join(", ", passes),
                  firstWord(fields.get("Guarantee")),
                  twin.equals("none") ? "" : "`" + twin + "`"));
    }
    List<String> table =
        Files.readAllLines(KERNELS.resolve("README.md")).stream()
            .filter(l -> l.startsWith("| [`"))
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", table));
  }
}
