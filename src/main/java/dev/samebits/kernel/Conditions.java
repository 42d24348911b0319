package dev.samebits.kernel;

import java.util.Collections;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings under which a case is run, written {@code load=1;threads=2} with sorted keys.
 *
 * @param values setting by key
 */
public record Conditions(SortedMap<String, String> values) {
  /** No setting. */
  public static final Conditions NONE = new Conditions(new TreeMap<>());

  /** Threads offered to the case. */
  public static final String THREADS = "threads";

  /** Streams of a GPU on which the same call runs at the same time. */
  public static final String STREAMS = "streams";

  /** Threads of a block of a GPU. */
  public static final String GEOMETRY = "geometry";

  /** Step by which blocks of a GPU take each other's work; 1 leaves them in place. */
  public static final String ORDER = "order";

  /**
   * What a GPU's L2 cache holds of the inputs: {@code keep} leaves it alone, {@code flush}
   * overwrites it before each call, {@code rotate} gives each call another copy of its inputs.
   */
  public static final String L2 = "l2";

  /** Bytes from a boundary of 256 to the first element of every operand. */
  public static final String ALIGN = "align";

  /** Elements of padding behind each row of a matrix product's operands. */
  public static final String LD = "ld";

  /**
   * {@code 1} when a child process keeps all cores and the memory busy, which the harness does;
   * {@code gemm} when a GPU computes products beside the case.
   */
  public static final String LOAD = "load";

  /**
   * Rows, images, products or elements of a batch that one call computes. Applied by {@link Op}.
   */
  public static final String SLICE = "slice";

  /** Copies and checks: keys are lower-case words, values hold none of {@code ; = ?} or space. */
  public Conditions {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    values.forEach(
        (k, v) -> {
          if (!k.matches("[a-z][a-z0-9_]*") || !v.matches("[A-Za-z0-9_.:@+-]+")) {
            throw new IllegalArgumentException("condition '" + k + "=" + v + "': not key=value");
          }
        });
  }

  /** One setting. */
  public static Conditions of(String key, String value) {
    return NONE.with(key, value);
  }

  /** Parses {@code k=v;k=v}; the empty string is {@link #NONE}. */
  public static Conditions parse(String text) {
    TreeMap<String, String> values = new TreeMap<>();
    for (String part : text.isEmpty() ? new String[0] : text.split(";", -1)) {
      int eq = part.indexOf('=');
      if (eq < 1 || values.put(part.substring(0, eq), part.substring(eq + 1)) != null) {
        throw new IllegalArgumentException(
            "conditions '" + text + "': expected k=v;k=v with each key once, got '" + part + "'");
      }
    }
    return new Conditions(values);
  }

  /** These conditions and one more, replacing a setting of the same key. */
  public Conditions with(String key, String value) {
    TreeMap<String, String> copy = new TreeMap<>(values);
    copy.put(key, value);
    return new Conditions(copy);
  }

  /** These conditions without one key. */
  public Conditions without(String key) {
    TreeMap<String, String> copy = new TreeMap<>(values);
    copy.remove(key);
    return new Conditions(copy);
  }

  /** Those that a backend sees: a busy host and the cutting of a batch stand above it. */
  public Conditions forBackend() {
    Conditions own = without(SLICE);
    return "1".equals(values.get(LOAD)) ? own.without(LOAD) : own;
  }

  /** The number of threads offered, if set. */
  public OptionalInt threads() {
    String text = values.get(THREADS);
    if (text == null) {
      return OptionalInt.empty();
    }
    if (!text.matches("[1-9][0-9]{0,4}")) {
      throw new IllegalArgumentException("condition threads=" + text + ": not a positive number");
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  /**
   * Rejects settings that a backend does not know: nothing is silently ignored.
   *
   * @throws IllegalArgumentException naming the first one
   */
  public void requireOnly(String backend, Set<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "backend "
                + backend
                + " cannot honour the condition "
                + key
                + "="
                + values.get(key)
                + " (it knows "
                + new java.util.TreeSet<>(known)
                + ")");
      }
    }
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(";"));
  }
}
