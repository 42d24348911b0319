package dev.samebits.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the user asks of the arithmetic. Every variant serves one mode. */
public enum Mode {
  /** Fastest; the same bits are not promised, not even from run to run. */
  NONDETERMINISTIC,
  /** The same bits from run to run on one machine in one configuration. */
  DETERMINISTIC,
  /** The same bits everywhere: the canonical order. */
  REPRODUCIBLE;

  /** The name used on the command line and in records. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All ids, in order. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Mode::id).toList();
  }

  /**
   * The mode with the given id.
   *
   * @throws UnknownNameException if there is none
   */
  public static Mode of(String id) {
    return Arrays.stream(values())
        .filter(m -> m.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new UnknownNameException("mode", id, ids()));
  }
}
