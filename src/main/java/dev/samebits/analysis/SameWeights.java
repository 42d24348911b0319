package dev.samebits.analysis;

import dev.samebits.kernel.Mode;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether the same training ends with the same weights wherever it is computed. Runs of one model,
 * data and seed that promise the same bits and have one definition for each operation are compared
 * after every step that both have done.
 */
final class SameWeights {
  /** Whose variants of one name have one definition. */
  private static final Set<String> BACKENDS = Set.of("jvm", "cuda");

  private SameWeights() {}

  /** What came of it; a problem is a training that was computed in several ways. */
  static SameBits.Group of(List<Record.Training> training) {
    Map<String, List<Record.Training>> groups = new TreeMap<>();
    for (Record.Training t : training) {
      if (promised(t) && steps(t) > 0) {
        groups.computeIfAbsent(definition(t), k -> new ArrayList<>()).add(t);
      }
    }
    // Twice on one backend is no comparison of backends.
    groups.values().removeIf(runs -> runs.stream().map(Trainings::where).distinct().count() < 2);
    List<String> different =
        groups.values().stream().map(SameWeights::parted).filter(l -> !l.isEmpty()).toList();
    return new SameBits.Group(
        groups.size(), groups.size() - different.size(), different, different);
  }

  private static boolean promised(Record.Training t) {
    return (Mode.DETERMINISTIC.id().equals(t.mode()) || Mode.REPRODUCIBLE.id().equals(t.mode()))
        && t.ops() != null
        && t.ops().values().stream().allMatch(on -> BACKENDS.contains(on.split("/")[0]));
  }

  private static int steps(Record.Training t) {
    return t.fingerprints() == null || t.fingerprints().isEmpty()
        ? 0
        : t.fingerprints().get(0).size();
  }

  /** Model, data, seed, and the variant of each operation. */
  private static String definition(Record.Training t) {
    Map<String, String> variants = new TreeMap<>();
    t.ops().forEach((op, on) -> variants.put(op, on.substring(on.indexOf('/') + 1)));
    return t.model() + " on " + t.data() + ", seed " + t.seed() + " " + variants;
  }

  /** Where the first of some runs and another one part; empty if they do not. */
  private static String parted(List<Record.Training> runs) {
    Record.Training first = runs.get(0);
    for (Record.Training other : runs.subList(1, runs.size())) {
      List<String> a = first.fingerprints().get(0);
      List<String> b = other.fingerprints().get(0);
      for (int step = 0; step < Math.min(a.size(), b.size()); step++) {
        if (!a.get(step).equals(b.get(step))) {
          return first.model()
              + " on "
              + first.data()
              + ", "
              + first.mode()
              + ": other weights from step "
              + (step + 1)
              + " on: "
              + Trainings.where(first)
              + " | "
              + Trainings.where(other);
        }
      }
    }
    return "";
  }
}
