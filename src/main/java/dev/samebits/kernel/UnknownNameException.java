package dev.samebits.kernel;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * A name that nothing answers to. The message names the nearest right spelling and what is known.
 */
public final class UnknownNameException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param kind what was named, e.g. {@code "kernel"}
   * @param given the unknown name
   * @param known every right name, in the order to print them
   */
  public UnknownNameException(String kind, String given, Collection<String> known) {
    super(
        "unknown "
            + kind
            + " '"
            + given
            + "'"
            + nearest(given, known).map(n -> "; did you mean '" + n + "'?").orElse("")
            + " (known: "
            + String.join(", ", known)
            + ")");
  }

  /**
   * The known name with the smallest edit distance, if that is at most half of its length, rounded
   * up: two letters exchanged in a name of three count two.
   */
  public static Optional<String> nearest(String given, Collection<String> known) {
    return known.stream()
        .filter(k -> distance(given, k) <= (k.length() + 1) / 2)
        .min(Comparator.comparingInt(k -> distance(given, k)));
  }

  /** Levenshtein distance, case ignored. */
  public static int distance(String a, String b) {
    return LevenshteinDistance.getDefaultInstance()
        .apply(a.toLowerCase(java.util.Locale.ROOT), b.toLowerCase(java.util.Locale.ROOT));
  }

  /** Returns {@code name} if known, else throws. */
  public static String require(String kind, String name, List<String> known) {
    if (!known.contains(name)) {
      throw new UnknownNameException(kind, name, known);
    }
    return name;
  }
}
