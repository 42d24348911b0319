package dev.samebits.analysis;

import dev.samebits.result.Record;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What to call the training runs of a suite. */
public final class Trainings {
  private Trainings() {}

  /** The mode; with model and backends where not all runs have the same. */
  public static String name(Record.Training t, List<Record.Training> all) {
    boolean plain =
        all.stream().allMatch(o -> model(o).equals(model(t)) && where(o).equals(where(t)));
    return plain ? t.mode() : t.model() + " " + t.mode() + " on " + where(t);
  }

  private static String model(Record.Training t) {
    return t.model() + "/" + t.data();
  }

  /** The backends of its operations: {@code cuda}, {@code cuda and jvm}. */
  static String where(Record.Training t) {
    Set<String> backends = new TreeSet<>();
    if (t.ops() != null) {
      t.ops().values().forEach(on -> backends.add(on.split("/")[0]));
    }
    return backends.isEmpty() ? "jvm" : String.join(" and ", backends);
  }
}
