package dev.samebits.cli;

import dev.samebits.jmh.JmhCommandLine;
import dev.samebits.kernel.UnknownNameException;
import dev.samebits.plan.Suite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Decides whose command line it is, ours or JMH's.
 *
 * <p>No argument is {@code run --preset quick}. A verb, {@code help}, {@code --help}, {@code
 * --version} or one of our options first is ours; any other option first is JMH's. A bare word goes
 * to JMH if it and every further bare word match a benchmark's name and it is not within edit
 * distance 2 of a verb. The last condition is for slips of the finger, so it is waived for a
 * benchmark class named in full: {@code Sum} is two letters from {@code run}.
 */
final class Dispatch {
  /** Words within this edit distance of a verb are taken for a mistyped verb. */
  private static final int SLIP = 2;

  private static final String DEFAULT_VERB = "run";

  /** Where a command line goes. */
  sealed interface Route {}

  /** To our verbs. */
  record ToVerb(List<String> args) implements Route {}

  /** To JMH, unchanged. */
  record ToJmh(List<String> args) implements Route {}

  /** Nowhere, with the reason in one line. */
  record Wrong(String message) implements Route {}

  private final Collection<String> verbs;
  private final Collection<String> options;
  private final List<String> benchmarks;

  /**
   * @param verbs our verbs, {@code help} included
   * @param options the long options of the default verb
   * @param benchmarks qualified names of the benchmark methods
   */
  Dispatch(Collection<String> verbs, Collection<String> options, List<String> benchmarks) {
    this.verbs = verbs;
    this.options = options;
    this.benchmarks = benchmarks;
  }

  Route route(List<String> args) {
    if (args.isEmpty()) {
      return new ToVerb(List.of(DEFAULT_VERB, "--preset", "quick"));
    }
    String first = args.get(0);
    if (verbs.contains(first) || first.equals("--help") || first.equals("--version")) {
      return new ToVerb(args);
    }
    if (first.startsWith("--")) {
      return ownOption(first, args);
    }
    if (first.startsWith("-")) {
      return JmhCommandLine.knows(first) ? new ToJmh(args) : wrongOption(first);
    }
    return bareWord(first, args);
  }

  private Route bareWord(String first, List<String> args) {
    List<String> words;
    try {
      words = JmhCommandLine.words(args);
    } catch (IllegalArgumentException e) {
      words = List.of(first); // an option of JMH with a bad value: JMH says so best
    }
    for (String word : words) {
      if (!matches(word)) {
        return wrongWord(word);
      }
    }
    return namesClass(first) || !slipOfVerb(first) ? new ToJmh(args) : wrongWord(first);
  }

  private Route ownOption(String first, List<String> args) {
    if (!options.contains(first.replaceFirst("=.*", ""))) {
      return wrongOption(first);
    }
    List<String> line = new ArrayList<>(List.of(DEFAULT_VERB));
    line.addAll(args);
    return new ToVerb(line);
  }

  private Wrong wrongOption(String given) {
    String name = given.replaceFirst("=.*", "");
    return new Wrong(
        "unknown option '"
            + name
            + "'"
            + UnknownNameException.nearest(name, options)
                .map(n -> "; did you mean '" + n + "'?")
                .orElse("")
            + " (--help lists our options, -h those of JMH)");
  }

  private Wrong wrongWord(String given) {
    if (Suite.PRESETS.contains(given)) {
      return new Wrong("'" + given + "' is a preset, not a verb: run --preset " + given);
    }
    Optional<String> verb = closest(given, verbs);
    Optional<String> benchmark = closest(given, classes());
    return new Wrong(
        "'"
            + given
            + "' is neither a verb nor a benchmark; the nearest verb is '"
            + verb.orElse(DEFAULT_VERB)
            + "'"
            + benchmark.map(b -> ", the nearest benchmark '" + b + "'").orElse("")
            + " (help lists the verbs, -l the benchmarks)");
  }

  private boolean matches(String word) {
    try {
      Pattern pattern = Pattern.compile(word);
      return benchmarks.stream().anyMatch(b -> pattern.matcher(b).find());
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private boolean namesClass(String word) {
    return classes().contains(word) || benchmarks.stream().anyMatch(b -> b.endsWith("." + word));
  }

  private boolean slipOfVerb(String word) {
    return verbs.stream().anyMatch(v -> UnknownNameException.distance(word, v) <= SLIP);
  }

  /** Simple names of the benchmark classes. */
  private List<String> classes() {
    return benchmarks.stream()
        .map(b -> b.substring(0, Math.max(0, b.lastIndexOf('.'))))
        .map(c -> c.substring(c.lastIndexOf('.') + 1))
        .distinct()
        .toList();
  }

  private static Optional<String> closest(String given, Collection<String> known) {
    String word = given.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(java.util.Comparator.comparingInt(k -> UnknownNameException.distance(word, k)));
  }
}
