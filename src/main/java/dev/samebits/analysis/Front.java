package dev.samebits.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The variants of one problem by speed and by error against the exact result. A variant is on the
 * Pareto front if none other is both as fast and as accurate, and better in one of the two.
 *
 * @param heading the problem
 * @param threads threads offered to all of them
 * @param points one per variant, fastest first
 * @param prices the fastest variant of each level
 */
public record Front(String heading, int threads, List<Point> points, List<LevelPrice> prices) {
  /** Fewer variants make no picture. */
  public static final int FEWEST = 3;

  /**
   * One variant.
   *
   * @param who backend and variant
   * @param rate throughput
   * @param unit its unit
   * @param error largest error in ULPs of the sample
   * @param sampled outputs the error was computed of
   * @param level how far its bits were seen to hold
   * @param front whether it is on the Pareto front
   */
  public record Point(
      String who,
      double rate,
      String unit,
      double error,
      int sampled,
      Level level,
      boolean front) {}

  /**
   * What a level costs on this problem.
   *
   * @param level the level, or a higher one
   * @param who the fastest variant that reaches it
   * @param price its time over that of the fastest variant of all
   */
  public record LevelPrice(Level level, String who, double price) {}

  /** The problems with at least {@value #FEWEST} variants that were timed and have an error. */
  static List<Front> of(List<Summary.Row> rows) {
    Map<String, List<Summary.Row>> problems = new LinkedHashMap<>();
    for (Summary.Row r : rows) {
      if (!r.rates().isEmpty()
          && r.accuracy() != null
          && r.accuracy().maxUlp() >= 0
          && r.accuracy().maxUlp() < Double.POSITIVE_INFINITY) {
        String key = r.heading() + " " + r.rates().get(0).condition();
        problems.computeIfAbsent(key, k -> new ArrayList<>()).add(r);
      }
    }
    return problems.values().stream().filter(p -> p.size() >= FEWEST).map(Front::front).toList();
  }

  private static Front front(List<Summary.Row> rows) {
    List<Point> points =
        rows.stream()
            .map(r -> point(r, rows))
            .sorted(Comparator.comparingDouble(p -> -p.rate()))
            .toList();
    Summary.Row first = rows.get(0);
    return new Front(first.heading(), first.rates().get(0).threads(), points, prices(points));
  }

  private static Point point(Summary.Row r, List<Summary.Row> all) {
    Rate rate = r.rates().get(0);
    boolean front = all.stream().noneMatch(o -> dominates(o, r));
    return new Point(
        r.who(),
        rate.value(),
        rate.unit(),
        r.accuracy().maxUlp(),
        r.accuracy().sampled(),
        Level.of(r.verdicts()),
        front);
  }

  private static boolean dominates(Summary.Row a, Summary.Row b) {
    double fast = a.rates().get(0).value() - b.rates().get(0).value();
    double exact = b.accuracy().maxUlp() - a.accuracy().maxUlp();
    return fast >= 0 && exact >= 0 && (fast > 0 || exact > 0);
  }

  /** Higher levels count for the lower ones: who keeps more costs no more. */
  private static List<LevelPrice> prices(List<Point> points) {
    List<LevelPrice> all = new ArrayList<>();
    for (Level level : List.of(Level.VARIES, Level.RUN_TO_RUN, Level.ALL_TRIED)) {
      points.stream()
          .filter(p -> p.level() != Level.UNKNOWN && p.level().compareTo(level) >= 0)
          .findFirst()
          .ifPresent(p -> all.add(new LevelPrice(level, p.who(), points.get(0).rate() / p.rate())));
    }
    return all;
  }
}
