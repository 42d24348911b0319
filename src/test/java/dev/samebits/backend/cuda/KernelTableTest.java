package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of variants against the files of {@code kernels/}. */
class KernelTableTest {
  private static final Path KERNELS = Path.of("kernels");
  private static final Pattern GUARANTEE = Pattern.compile("(?m)^// Guarantee: +([A-Z_]+)");
  private static final Pattern TWIN = Pattern.compile("(?m)^// Twin: +(\\w+)");

  private static String header(Row row) throws IOException {
    return Files.readString(KERNELS.resolve(row.file() + ".cu"));
  }

  /** A file nobody offers is dead; a row without a file cannot run. */
  @Test
  void everyFileIsOfferedOnce() throws IOException {
    Set<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.walk(KERNELS)) {
      all.filter(p -> p.toString().endsWith(".cu"))
          .forEach(p -> files.add(KERNELS.relativize(p).toString().replaceAll("\\.cu$", "")));
    }
    List<String> offered = KernelTable.rows().stream().map(Row::file).toList();
    assertEquals(new HashSet<>(offered).size(), offered.size());
    assertEquals(files, new TreeSet<>(offered));
  }

  @Test
  void guaranteesAreThoseOfTheFiles() throws IOException {
    for (Row row : KernelTable.rows()) {
      Matcher m = GUARANTEE.matcher(header(row));
      assertTrue(m.find(), row.file());
      assertEquals(
          m.group(1), row.variant().guarantee().label().replaceAll("\\+.*", ""), row.file());
    }
  }

  @Test
  void twinsPointAtEachOther() throws IOException {
    for (Row row : KernelTable.rows()) {
      Variant v = row.variant();
      if (v.twin().isPresent()) {
        Variant other = KernelTable.row(v.kernel(), v.twin().get()).variant();
        assertEquals(v.name(), other.twin().orElse(""), row.file());
        Matcher m = TWIN.matcher(header(row));
        assertTrue(m.find(), row.file());
        assertEquals(v.kernel().id() + "_" + v.twin().get(), m.group(1), row.file());
      }
      assertTrue(
          v.twin().isPresent() || !v.guarantee().label().equals("NOT_GUARANTEED"),
          row.file() + " promises nothing and names no twin");
    }
  }

  @Test
  void everyLaunchHasItsFunction() throws IOException {
    for (Row row : KernelTable.rows()) {
      String text = header(row);
      for (DType dtype : row.variant().dtypes()) {
        for (Launch launch : row.launches()) {
          String symbol = row.symbol(dtype, launch).replace("_" + dtype.id(), "_##dtype");
          symbol = launch.pass().isEmpty() ? symbol : symbol.replace("##dtype", "##dtype##");
          assertTrue(text.contains(symbol), row.file() + " has no " + symbol);
        }
      }
    }
  }
}
