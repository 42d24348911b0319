package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Mode;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether implementations that have to give the same bits do: one fingerprint for each problem,
 * whoever computes it.
 *
 * @param definitions implementations of one definition, over all backends and conditions:
 *     reproducible variants of a kernel that promise the same (the canonical order, or the exact
 *     result), and the ordered twins that are defined to have the JVM's parts
 * @param bindings two ways to call one library: a variant that promises the same bits from run to
 *     run, called through JNA and through JCublas2, under each set of conditions
 * @param training training runs with one definition for each operation, step by step
 */
public record SameBits(Group definitions, Group bindings, Group training) {
  /** Variants of several backends with one definition and no mode of their own: determinism.md. */
  static final Set<String> TWINS =
      Set.of("matmul/split_k_ordered", "conv2d_backward_filter/ordered");

  /** A second binding of the library that a backend binds. */
  private static final Map<String, String> BINDINGS = Map.of("jcublas", "cublas");

  private static final List<String> FROM_RUN_TO_RUN = List.of("repeat", "process");

  /**
   * What came of one kind of comparison.
   *
   * @param problems problems that two backends or more computed
   * @param same how many of these have one fingerprint
   * @param different one line for each problem with several fingerprints, whoever computed it
   * @param broken those of them with several implementations; one that differs from itself breaks a
   *     promise of its own, which the verdicts of its axes tell
   */
  public record Group(int problems, int same, List<String> different, List<String> broken) {}

  /** Who computed what of one problem: implementations by fingerprint. */
  private static final class Seen {
    final String problem;
    final Map<String, Set<String>> byPrint = new TreeMap<>();
    final Set<String> backends = new TreeSet<>();
    final Set<String> implementations = new TreeSet<>();

    Seen(String problem) {
      this.problem = problem;
    }

    void add(CaseId id, Set<String> prints) {
      for (String print : prints) {
        String who = id.backend() + "/" + id.variant();
        byPrint.computeIfAbsent(print, k -> new TreeSet<>()).add(who);
        backends.add(id.backend());
        implementations.add(who);
      }
    }

    boolean compared() {
      return backends.size() > 1;
    }

    boolean differs() {
      return byPrint.size() > 1;
    }

    String line() {
      return problem
          + ": "
          + String.join(
              " | ", byPrint.values().stream().map(who -> String.join(", ", who)).toList());
    }
  }

  /** Compares everything that was recorded. */
  public static SameBits of(List<Record> records, Manifest manifest) {
    Map<String, String> files = files(records);
    Map<String, Seen> definitions = new TreeMap<>();
    Map<String, Seen> bindings = new TreeMap<>();
    for (CaseRecords c : CaseRecords.index(records)) {
      Optional<Manifest.VariantInfo> info = Judge.variant(manifest, c.id());
      for (String condition : c.conditions()) {
        Set<String> prints = new TreeSet<>();
        c.processes(condition).forEach(p -> prints.addAll(p.fingerprints()));
        String problem = c.id().problem();
        info.flatMap(v -> definition(c.id(), v))
            .ifPresent(d -> seen(definitions, problem, " " + d).add(c.id(), prints));
        if (info.filter(v -> bound(c.id(), v)).isPresent()) {
          String file = files.getOrDefault(key(c.id().toString(), condition), "");
          String at = condition.isEmpty() ? problem : problem + "?" + condition;
          seen(bindings, at, " " + c.id().variant() + " " + file).add(c.id(), prints);
        }
      }
    }
    List<Record.Training> training =
        records.stream()
            .filter(Record.Training.class::isInstance)
            .map(Record.Training.class::cast)
            .toList();
    return new SameBits(group(definitions), group(bindings), SameWeights.of(training));
  }

  private static Seen seen(Map<String, Seen> all, String problem, String more) {
    return all.computeIfAbsent(problem + more, k -> new Seen(problem));
  }

  /** What a variant computes, if others may have to compute the same. */
  private static Optional<String> definition(CaseId id, Manifest.VariantInfo v) {
    String name = id.kernel().id() + "/" + id.variant();
    return Mode.REPRODUCIBLE.id().equals(v.mode())
        ? Optional.of(String.valueOf(v.guarantee()))
        : TWINS.contains(name) ? Optional.of(name) : Optional.empty();
  }

  /** Whether a case is of a library with two bindings, and promised from run to run. */
  private static boolean bound(CaseId id, Manifest.VariantInfo v) {
    return (BINDINGS.containsKey(id.backend()) || BINDINGS.containsValue(id.backend()))
        && v.promisedAxes() != null
        && v.promisedAxes().containsAll(FROM_RUN_TO_RUN);
  }

  /** The library behind each case by its hash: another version may have other bits. */
  private static Map<String, String> files(List<Record> records) {
    Map<String, String> all = new HashMap<>();
    for (Record r : records) {
      if (r instanceof Record.Bound b && b.receipt() != null && b.receipt().sha256() != null) {
        all.put(key(b.caseId(), b.condition()), b.receipt().sha256());
      }
    }
    return all;
  }

  private static String key(String id, String condition) {
    return id + "?" + condition;
  }

  private static Group group(Map<String, Seen> all) {
    List<String> different = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    int problems = 0;
    int same = 0;
    for (Seen s : all.values()) {
      problems += s.compared() ? 1 : 0;
      same += s.compared() && !s.differs() ? 1 : 0;
      if (s.differs()) {
        different.add(s.line());
        if (s.implementations.size() > 1) {
          broken.add(s.line());
        }
      }
    }
    return new Group(problems, same, different, broken);
  }

  /** Promises that are not held, one line each. */
  public List<String> broken() {
    return Stream.of(
            definitions.broken().stream()
                .map(l -> "one definition, but other bits where another computes it, " + l),
            bindings.broken().stream()
                .map(l -> "one library, but other bits through its other binding, " + l),
            training.broken().stream().map(l -> "one definition of training, but " + l))
        .flatMap(lines -> lines)
        .toList();
  }

  /** What was compared, in sentences; none where nothing was. */
  List<String> sentences() {
    return Stream.of(
            sentence(definitions, "problem", "computed on several backends by one definition"),
            sentence(bindings, "problem", "of one library called through two bindings"),
            sentence(training, "training run", "repeated on another backend by one definition"))
        .flatMap(s -> s)
        .toList();
  }

  private static Stream<String> sentence(Group g, String noun, String what) {
    return g.problems() == 0
        ? Stream.empty()
        : Stream.of(
            "Of "
                + Conclusion.count(g.problems(), noun, noun + "s")
                + " "
                + what
                + ", "
                + (g.same() == g.problems()
                    ? (g.problems() == 1 ? "it" : "each") + " has the same bits from all of them."
                    : (g.problems() - g.same()) + " with OTHER bits from one to another."));
  }
}
