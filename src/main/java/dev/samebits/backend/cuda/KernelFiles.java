package dev.samebits.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sources of {@code kernels/} and the PTX made of them, as the jar carries them. */
final class KernelFiles {
  private static final String SOURCES = "/kernels/";
  private static final String PTX = "/ptx/";

  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([^\"]+)\"");

  private KernelFiles() {}

  /** Text of a kernel's file. */
  static String source(String file) {
    return text(SOURCES + file + ".cu")
        .orElseThrow(() -> new IllegalStateException("the jar lacks " + SOURCES + file + ".cu"));
  }

  /** Options of the compiler, the same as nvcc has: a line each, with its reason behind a hash. */
  static List<String> options() {
    return text(SOURCES + "nvcc.args")
        .orElseThrow(() -> new IllegalStateException("the jar lacks " + SOURCES + "nvcc.args"))
        .lines()
        .map(l -> l.replaceAll("#.*", "").strip())
        .filter(l -> !l.isEmpty())
        .toList();
  }

  /** Text of every header that a file includes, itself or by another one, by its name there. */
  static Map<String, String> headers(String file) {
    Map<String, String> all = new LinkedHashMap<>();
    include(source(file), all);
    return all;
  }

  private static void include(String text, Map<String, String> all) {
    Matcher m = INCLUDE.matcher(text);
    while (m.find()) {
      String name = m.group(1);
      if (!all.containsKey(name)) {
        String header =
            text(SOURCES + name)
                .orElseThrow(() -> new IllegalStateException("the jar lacks " + SOURCES + name));
        all.put(name, header);
        include(header, all);
      }
    }
  }

  /** PTX of a kernel's file; empty if the jar was built without nvcc. */
  static Optional<String> ptx(String file) {
    return text(PTX + file + ".ptx");
  }

  /** Why the jar holds no PTX; empty if it does. */
  static String whyNoPtx() {
    return text(PTX + "ptx.properties")
        .flatMap(p -> p.lines().filter(l -> l.startsWith("none=")).findFirst())
        .map(l -> l.substring(5))
        .orElse("");
  }

  private static Optional<String> text(String resource) {
    try (InputStream in = KernelFiles.class.getResourceAsStream(resource)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + ": " + e.getMessage(), e);
    }
  }
}
