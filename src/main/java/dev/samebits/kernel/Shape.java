package dev.samebits.kernel;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sizes of one kernel call, written as {@code m512n512k4096} or {@code n1c1h28w28k6r5s5pad2}:
 * each dimension's key and value in the order of {@link Kernel#dims()}, those at their default left
 * out. So equal shapes are equal strings.
 */
public final class Shape {
  private static final Pattern PART = Pattern.compile("([a-z]+)(\\d+)");

  private final Kernel kernel;
  private final long[] values;

  private Shape(Kernel kernel, long[] values) {
    this.kernel = kernel;
    this.values = values;
    kernel.check(this);
  }

  /**
   * Parses the shape grammar of the kernel.
   *
   * @throws IllegalArgumentException naming the kernel, the text and the keys it takes
   */
  public static Shape parse(Kernel kernel, String text) {
    Map<String, Long> given = new LinkedHashMap<>();
    Matcher m = PART.matcher(text);
    int end = 0;
    while (m.lookingAt()) {
      try {
        if (given.put(m.group(1), Long.parseLong(m.group(2))) != null) {
          throw bad(kernel, text, "'" + m.group(1) + "' is given twice");
        }
      } catch (NumberFormatException e) {
        throw bad(kernel, text, m.group(2) + " is too large");
      }
      end = m.end();
      m.region(end, text.length());
    }
    if (end != text.length() || text.isEmpty()) {
      throw bad(kernel, text, "cannot read '" + text.substring(end) + "'");
    }
    return of(kernel, text, given);
  }

  /** The shape with these values in the order of {@link Kernel#dims()}; missing ones at default. */
  public static Shape of(Kernel kernel, long... values) {
    Map<String, Long> given = new LinkedHashMap<>();
    List<Dim> dims = kernel.dims();
    if (values.length > dims.size()) {
      throw bad(kernel, Arrays.toString(values), "more than " + dims.size() + " sizes");
    }
    for (int i = 0; i < values.length; i++) {
      given.put(dims.get(i).key(), values[i]);
    }
    return of(kernel, Arrays.toString(values), given);
  }

  private static Shape of(Kernel kernel, String text, Map<String, Long> given) {
    long[] values = new long[kernel.dims().size()];
    for (int i = 0; i < values.length; i++) {
      Dim dim = kernel.dims().get(i);
      Long value = given.remove(dim.key());
      if (value == null && !dim.optional()) {
        throw bad(kernel, text, "'" + dim.key() + "' is missing");
      }
      values[i] = value == null ? dim.defaultValue() : value;
      if (values[i] < dim.min() || values[i] > dim.max()) {
        throw bad(
            kernel,
            text,
            dim.key() + "=" + values[i] + " is outside " + dim.min() + " to " + dim.max());
      }
    }
    if (!given.isEmpty()) {
      throw bad(kernel, text, "no such key " + given.keySet());
    }
    return new Shape(kernel, values);
  }

  private static IllegalArgumentException bad(Kernel kernel, String text, String why) {
    return new IllegalArgumentException(
        "shape '"
            + text
            + "' of "
            + kernel.id()
            + ": "
            + why
            + " (keys: "
            + String.join(" ", kernel.dims().stream().map(Dim::key).toList())
            + ")");
  }

  /** The kernel whose shape this is. */
  public Kernel kernel() {
    return kernel;
  }

  /** Value of a dimension. */
  public long get(String key) {
    for (int i = 0; i < values.length; i++) {
      if (kernel.dims().get(i).key().equals(key)) {
        return values[i];
      }
    }
    throw new IllegalArgumentException(kernel.id() + " has no dimension " + key);
  }

  /** Value of a dimension as an int, for array sizes and loop bounds. */
  public int i(String key) {
    return Math.toIntExact(get(key));
  }

  /**
   * The same shape but for one size.
   *
   * @throws IllegalArgumentException if there is no such dimension or the size is out of its range
   */
  public Shape with(String key, long value) {
    if (get(key) == value) {
      return this;
    }
    long[] other = values.clone();
    other[kernel.dims().stream().map(Dim::key).toList().indexOf(key)] = value;
    return of(kernel, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && s.kernel == kernel && Arrays.equals(s.values, values);
  }

  @Override
  public int hashCode() {
    return 31 * kernel.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      Dim dim = kernel.dims().get(i);
      if (!dim.optional() || values[i] != dim.defaultValue()) {
        text.append(dim.key()).append(values[i]);
      }
    }
    return text.toString();
  }

  /**
   * One dimension of a shape grammar.
   *
   * @param key its letters in the text form
   * @param defaultValue used when left out, if optional
   * @param optional whether it may be left out
   * @param min smallest value
   * @param max largest value
   */
  public record Dim(String key, long defaultValue, boolean optional, long min, long max) {
    static Dim size(String key) {
      return new Dim(key, 0, false, 0, Integer.MAX_VALUE);
    }

    static Dim optional(String key, long defaultValue, long min, long max) {
      return new Dim(key, defaultValue, true, min, max);
    }
  }
}
