package dev.samebits.kernel;

import java.util.Arrays;
import java.util.Locale;

/**
 * A set of conditions that should not matter to the bits. A verdict is given per axis.
 *
 * <p>A sampled axis can only be tried again and again, so its evidence is a bound on a probability;
 * an enumerated axis has settings that can be counted off.
 */
public enum Axis {
  /** The same bound case invoked again in one process. */
  REPEAT(true),
  /** The same case in another process. */
  PROCESS(true),
  /** The number of threads offered; on a GPU, of streams at work. */
  THREADS(false),
  /** Where the operands lie: byte alignment, leading dimension, copy of the inputs or cache. */
  ALIGNMENT(false),
  /** How a kernel is spread over a GPU: threads of a block, order of the blocks. */
  GEOMETRY(false),
  /** A row computed alone or inside a batch. */
  SLICE(false),
  /** The order of the inputs of a reduction. */
  PERMUTATION(true),
  /** Instruction set and vector width. */
  ISA(false),
  /** Interpreter and JIT tiers. */
  JIT(false),
  /** An idle machine or one busy with other work. */
  LOAD(true),
  /** Version of the library. */
  VERSION(false),
  /** The machine or accelerator. */
  DEVICE(false);

  private final boolean sampled;

  Axis(boolean sampled) {
    this.sampled = sampled;
  }

  /** Whether clean settings bound a probability rather than exhaust a list. */
  public boolean sampled() {
    return sampled;
  }

  /** The name used in records and tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The axis with the given id.
   *
   * @throws UnknownNameException if there is none
   */
  public static Axis of(String id) {
    return Arrays.stream(values())
        .filter(a -> a.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UnknownNameException(
                    "axis", id, Arrays.stream(values()).map(Axis::id).toList()));
  }
}
