package dev.samebits.report;

import dev.samebits.analysis.Summary;
import dev.samebits.kernel.Axis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The axes that table and pictures show; apart from the pictures, which need AWT. */
final class ShownAxes {
  private static final List<String> ALWAYS = List.of("repeat", "process", "threads", "load");

  private ShownAxes() {}

  /** Those that every suite measures, and the others that were measured here. */
  static List<String> of(Collection<Summary.Row> rows) {
    List<String> axes = new ArrayList<>(ALWAYS);
    for (Axis a : Axis.values()) {
      if (!axes.contains(a.id()) && rows.stream().anyMatch(r -> r.verdicts().containsKey(a.id()))) {
        axes.add(a.id());
      }
    }
    return axes;
  }
}
