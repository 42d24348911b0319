package dev.samebits.plan;

import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import java.util.List;
import java.util.Map;

/**
 * A row of the section {@code bars} of a suite file: a subject that has to keep up with one or more
 * opponents on the product of its lists.
 *
 * @param where file and key, for messages
 * @param name names the row in tables and filters
 * @param about what it is about
 * @param shapes sizes by kernel
 * @param dtypes element types
 * @param inputs kinds of input
 * @param subject who has to reach the bar
 * @param against whom it is compared with, and how good it has to be
 * @param threads thread counts, {@code max} for all cores
 * @param emptyCall shape by kernel of a call without work, timed to tell what a call costs; empty
 *     for none
 * @param subtract whether the bar holds for times less those of the empty call
 */
public record BarSpec(
    String where,
    String name,
    String about,
    Map<Kernel, List<Shape>> shapes,
    List<DType> dtypes,
    List<InputKind> inputs,
    Side subject,
    List<Opponent> against,
    List<String> threads,
    Map<Kernel, Shape> emptyCall,
    boolean subtract) {

  /**
   * One side of a comparison, written {@code backend/variant?k=v;k=v}.
   *
   * @param backend backend name
   * @param variant variant name
   * @param conditions its own conditions; threads come from the row
   */
  public record Side(String backend, String variant, Conditions conditions) {
    @Override
    public String toString() {
      String who = backend + "/" + variant;
      return conditions.values().isEmpty() ? who : who + "?" + conditions;
    }
  }

  /**
   * Whom the subject is compared with, and the bar.
   *
   * @param kernel what the opponent computes; null for the subject's kernel
   * @param side the opponent
   * @param measure what the bar is a ratio of
   * @param bar the geometric mean over the cases must reach this
   * @param each every single case must reach this; null for no such demand
   */
  public record Opponent(Kernel kernel, Side side, Measure measure, double bar, Double each) {
    /** What it is called in tables: {@code backend/variant}, its kernel first if it has its own. */
    public String text() {
      return (kernel == null ? "" : kernel.id() + " ") + side;
    }
  }

  /** What is compared. */
  public enum Measure {
    /** Subject's speed over opponent's: at least the bar. */
    SPEED,
    /** Subject's time over opponent's: at most the bar. */
    TIME,
    /** Subject's work per second over that of an opponent with another kernel: at least the bar. */
    RATE;

    /** Whether the bar is a least one. */
    public boolean atLeast() {
      return this != TIME;
    }

    /** The name used in suite files and records. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
