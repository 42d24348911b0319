package dev.samebits.analysis;

import dev.samebits.kernel.Mode;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether implementations of one definition have the same bits. Reproducible variants of a kernel
 * that promise the same follow the same definition, the canonical order or the exact result,
 * wherever they run, so each problem must have one fingerprint over all backends and conditions.
 *
 * @param problems problems that two backends or more computed
 * @param same how many of these have one fingerprint
 * @param different one line for each problem with several fingerprints, whoever computed it
 */
public record SameBits(int problems, int same, List<String> different) {

  /** Fingerprints of a problem, and who computed each. */
  private record Seen(String problem, Map<String, Set<String>> byPrint, Set<String> backends) {}

  /** Compares everything that was recorded. */
  public static SameBits of(List<Record> records, Manifest manifest) {
    Map<String, Seen> all = new TreeMap<>();
    for (CaseRecords c : CaseRecords.index(records)) {
      Judge.variant(manifest, c.id())
          .filter(v -> Mode.REPRODUCIBLE.id().equals(v.mode()))
          .ifPresent(
              v ->
                  add(
                      all.computeIfAbsent(
                          c.id().problem() + " " + v.guarantee(),
                          k -> new Seen(c.id().problem(), new TreeMap<>(), new TreeSet<>())),
                      c));
    }
    List<Seen> compared = all.values().stream().filter(s -> s.backends().size() > 1).toList();
    List<String> different = new ArrayList<>();
    all.values().stream()
        .filter(s -> s.byPrint().size() > 1)
        .forEach(
            s ->
                different.add(
                    s.problem()
                        + ": "
                        + String.join(
                            " | ",
                            s.byPrint().values().stream()
                                .map(who -> String.join(", ", who))
                                .toList())));
    int same = (int) compared.stream().filter(s -> s.byPrint().size() == 1).count();
    return new SameBits(compared.size(), same, different);
  }

  private static void add(Seen seen, CaseRecords c) {
    for (String condition : c.conditions()) {
      for (ProcessRecords p : c.processes(condition)) {
        for (String print : p.fingerprints()) {
          seen.byPrint()
              .computeIfAbsent(print, k -> new TreeSet<>())
              .add(c.id().backend() + "/" + c.id().variant());
          seen.backends().add(c.id().backend());
        }
      }
    }
  }
}
