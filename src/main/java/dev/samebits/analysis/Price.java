package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Mode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The price of determinism: the time of a case over the time of the fastest nondeterministic
 * variant that solves the same problem (kernel, dtype, shape, input, seed) under the same
 * conditions. 1.00 is free; 1.30 takes 30 % longer.
 *
 * @param against the case compared with
 * @param ratio time over its time, with a 95 % interval
 */
public record Price(String against, Ratio ratio) {

  /**
   * A case that was timed.
   *
   * @param id the case
   * @param mode what its variant serves
   * @param times nanoseconds by condition, forks x iterations
   */
  record Timed(CaseId id, Mode mode, Map<String, double[][]> times) {}

  /** Against the same backend; nothing if that has no nondeterministic variant here. */
  static Optional<Price> own(Timed c, String condition, List<Timed> all) {
    return of(c, condition, all, other -> other.id().backend().equals(c.id().backend()));
  }

  /** Against every backend. */
  static Optional<Price> any(Timed c, String condition, List<Timed> all) {
    return of(c, condition, all, other -> true);
  }

  private static Optional<Price> of(
      Timed c, String condition, List<Timed> all, Predicate<Timed> among) {
    double[][] mine = c.times().get(condition);
    if (mine == null || c.mode() == Mode.NONDETERMINISTIC) {
      return Optional.empty();
    }
    return all.stream()
        .filter(o -> o.mode() == Mode.NONDETERMINISTIC && o.times().containsKey(condition))
        .filter(o -> o.id().problem().equals(c.id().problem()))
        .filter(among)
        .map(o -> new Price(o.id().toString(), Ratio.of(o.times().get(condition), mine)))
        .max(Comparator.comparingDouble(p -> p.ratio().value()));
  }
}
