package dev.samebits;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The package table of the architecture, and the rules that a list of class dependencies is held
 * to. A package belongs to the longest entry of the table that is a prefix of it.
 */
final class Layers {
  /**
   * One row of the table.
   *
   * @param layer its layer, 0 is lowest
   * @param uses rows of the table it may import, besides layer 0 and itself
   * @param libraries foreign packages it may import
   */
  private record Row(int layer, Set<String> uses, Set<String> libraries) {}

  private static final String ROOT = "dev.samebits.";
  private static final String BACKENDS = "backend";

  /** Rows that must work on a machine on which no native library can be opened. */
  private static final Set<String> NATIVE_FREE = Set.of("analysis", "report", "plan", "training");

  /** Packages of the JDK that are free to all. */
  private static final Set<String> PLATFORM = Set.of("java", "javax", "com.sun.management");

  private static final Set<String> STARTING =
      Set.of("java.lang.ProcessBuilder", "java.lang.Process");
  private static final Pattern CLASS_LINE = Pattern.compile("^ {3}(\\S+) +-> (\\S+)( .*)?$");
  private static final Map<String, Row> TABLE = table();

  private Layers() {}

  private static Map<String, Row> table() {
    String jackson = "com.fasterxml.jackson";
    String jna = "com.sun.jna";
    String math = "org.apache.commons.math3";
    String statistics = "org.apache.commons.statistics";
    Map<String, Row> t = new LinkedHashMap<>();
    t.put("kernel", row(0, "", "org.apache.commons.text"));
    t.put("metric", row(0, "kernel", ""));
    t.put("library", row(0, "kernel", jna + " org.apache.maven org.eclipse.aether"));
    t.put("result", row(1, "", jackson + " oshi " + jna));
    t.put("plan", row(1, "", jackson + " org.yaml.snakeyaml"));
    t.put("training", row(1, "", math + " " + statistics));
    t.put("order", row(1, "", ""));
    t.put("backend.jvm", row(1, "", "jdk.incubator.vector"));
    t.put("backend.nd4j", row(1, "", "org.nd4j org.bytedeco"));
    t.put("backend.blas", row(1, "", jna));
    t.put("backend.cuda", row(1, "", "jcuda " + jna));
    t.put("backend.cuda.blas", row(1, "backend.cuda", "jcuda " + jna));
    t.put("backend.cuda.dnn", row(1, "backend.cuda", "jcuda " + jna));
    String each =
        "backend.jvm backend.nd4j backend.blas backend.cuda backend.cuda.blas backend.cuda.dnn";
    t.put(BACKENDS, row(1, each, ""));
    String backends = "backend " + each;
    t.put("jmh", row(2, backends + " plan training order result", "org.openjdk.jmh " + jackson));
    t.put("analysis", row(2, "result", math + " " + statistics));
    t.put(
        "report",
        row(
            3,
            "analysis result",
            "org.jfree org.apache.batik org.w3c.dom freemarker com.github.freva " + jackson));
    t.put(
        "cli",
        row(
            4,
            backends + " jmh analysis report plan training order result",
            "picocli me.tongfei org.jline " + jackson));
    return t;
  }

  private static Row row(int layer, String uses, String libraries) {
    return new Row(layer, words(uses), words(libraries));
  }

  private static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
  }

  /**
   * Every breach of the table in the output of {@code jdeps -verbose:class}, sorted, one line each.
   */
  static List<String> breaches(Collection<String> jdeps) {
    Set<String> found = new TreeSet<>();
    Map<String, Set<String>> graph = new TreeMap<>();
    for (String line : jdeps) {
      Matcher m = CLASS_LINE.matcher(line);
      if (m.matches() && m.group(1).startsWith(ROOT)) {
        check(m.group(1), m.group(2), graph).ifPresent(found::add);
      }
    }
    // What was recorded on one machine is analysed on another, without anything that computes.
    for (String start : List.of("analysis", "report")) {
      for (String seen : reachable(start, graph)) {
        if (seen.startsWith(BACKENDS) || seen.equals("jmh")) {
          found.add(start + " has a path to " + seen);
        }
      }
    }
    return List.copyOf(found);
  }

  private static Optional<String> check(String from, String to, Map<String, Set<String>> graph) {
    Optional<String> row = rowOf(from);
    if (row.isEmpty()) {
      return Optional.of(from + " is in no package of the table");
    }
    if (STARTING.contains(to) && !row.get().equals("jmh")) {
      return Optional.of(from + " -> " + to + ": only jmh starts processes");
    }
    if (PLATFORM.stream().anyMatch(p -> within(to, p))) {
      return Optional.empty();
    }
    Row rules = TABLE.get(row.get());
    if (!to.startsWith(ROOT)) {
      boolean allowed = rules.libraries().stream().anyMatch(l -> within(to, l));
      return allowed ? Optional.empty() : Optional.of(from + " -> " + to + ": foreign library");
    }
    Optional<String> target = rowOf(to);
    if (target.isEmpty()) {
      return Optional.of(to + " is in no package of the table");
    }
    graph.computeIfAbsent(row.get(), k -> new TreeSet<>()).add(target.get());
    return mayUse(row.get(), target.get())
        ? Optional.empty()
        : Optional.of(from + " -> " + to + ": not below " + row.get());
  }

  private static boolean mayUse(String from, String to) {
    Row rules = TABLE.get(from);
    boolean opensNatives = to.equals("library");
    return from.equals(to)
        || rules.uses().contains(to)
        || rules.layer() > 0
            && TABLE.get(to).layer() == 0
            && !(opensNatives && NATIVE_FREE.contains(from));
  }

  /** The row of a class: the longest entry that is a prefix of its package. */
  private static Optional<String> rowOf(String className) {
    String name = className.substring(ROOT.length());
    return TABLE.keySet().stream()
        .filter(row -> within(name, row))
        .max(Comparator.comparingInt(String::length));
  }

  private static boolean within(String name, String prefix) {
    return name.startsWith(prefix + ".");
  }

  private static Set<String> reachable(String start, Map<String, Set<String>> graph) {
    Set<String> seen = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      for (String next : new ArrayList<>(graph.getOrDefault(open.pop(), Set.of()))) {
        if (seen.add(next)) {
          open.push(next);
        }
      }
    }
    return seen;
  }
}
