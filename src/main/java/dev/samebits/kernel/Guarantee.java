package dev.samebits.kernel;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The axes over which a variant promises the same bits. Compared with the verdict measured per
 * axis.
 *
 * @param axes the promised axes
 */
public record Guarantee(Set<Axis> axes) {
  /** No promise at all. */
  public static final Guarantee NOT_GUARANTEED = new Guarantee(EnumSet.noneOf(Axis.class));

  /** The same bits when run again on the same machine and configuration. */
  public static final Guarantee RUN_TO_RUN =
      new Guarantee(EnumSet.of(Axis.REPEAT, Axis.PROCESS, Axis.LOAD));

  /** The same bits on one machine whatever the configuration. */
  public static final Guarantee CONFIGURATION =
      new Guarantee(
          EnumSet.of(
              Axis.REPEAT,
              Axis.PROCESS,
              Axis.LOAD,
              Axis.THREADS,
              Axis.ALIGNMENT,
              Axis.GEOMETRY,
              Axis.SLICE,
              Axis.JIT));

  /**
   * The same bits on any machine and version. Permutation is left out: the canonical order keeps
   * the order of its inputs.
   */
  public static final Guarantee EVERYWHERE =
      new Guarantee(EnumSet.complementOf(EnumSet.of(Axis.PERMUTATION)));

  /** {@link #EVERYWHERE}, and whatever the order of the inputs. */
  public static final Guarantee ANY_ORDER = new Guarantee(EnumSet.allOf(Axis.class));

  /** Copies the set. */
  public Guarantee {
    axes =
        axes.isEmpty() ? Collections.emptySet() : Collections.unmodifiableSet(EnumSet.copyOf(axes));
  }

  /** Whether the same bits are promised over this axis. */
  public boolean covers(Axis axis) {
    return axes.contains(axis);
  }

  /** The shorthand where one fits, else the list of axes. */
  public String label() {
    if (equals(NOT_GUARANTEED)) {
      return "NOT_GUARANTEED";
    } else if (equals(RUN_TO_RUN)) {
      return "RUN_TO_RUN";
    } else if (equals(CONFIGURATION)) {
      return "CONFIGURATION";
    } else if (equals(EVERYWHERE)) {
      return "EVERYWHERE";
    } else if (equals(ANY_ORDER)) {
      return "EVERYWHERE+permutation";
    }
    return String.join("+", axes.stream().map(Axis::id).toList());
  }
}
