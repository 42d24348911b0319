package dev.samebits.plan;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.UnknownNameException;
import dev.samebits.kernel.Variant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which part of a suite to run. Empty lists and an empty expression let everything through.
 *
 * @param kernels kernel ids
 * @param backends backend names
 * @param modes mode ids
 * @param dtypes element types
 * @param regex found somewhere in the case id, or in a training run's id
 */
public record Filters(
    List<String> kernels,
    List<String> backends,
    List<String> modes,
    List<String> dtypes,
    String regex) {
  /** Everything. */
  public static final Filters NONE = new Filters(List.of(), List.of(), List.of(), List.of(), "");

  /**
   * Copies the lists and checks the names that do not depend on the machine.
   *
   * @throws UnknownNameException if a name is unknown
   * @throws IllegalArgumentException if the expression cannot be read
   */
  public Filters {
    kernels = List.copyOf(kernels);
    backends = List.copyOf(backends);
    modes = List.copyOf(modes);
    dtypes = List.copyOf(dtypes);
    kernels.forEach(k -> UnknownNameException.require("kernel", k, Kernel.ids()));
    modes.forEach(m -> UnknownNameException.require("mode", m, Mode.ids()));
    dtypes.forEach(d -> UnknownNameException.require("dtype", d, DType.caseIds()));
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "filter '" + regex + "' is no regular expression: " + e.getDescription(), e);
    }
  }

  /** As on a command line: {@code kernel relu and backend openblas}. */
  String text() {
    return Stream.of(
            words("kernel", kernels),
            words("backend", backends),
            words("mode", modes),
            words("dtype", dtypes),
            regex.isEmpty() ? "" : "an id matching " + regex)
        .filter(t -> !t.isEmpty())
        .collect(Collectors.joining(" and "));
  }

  private static String words(String what, List<String> names) {
    return names.isEmpty() ? "" : what + " " + String.join(" or ", names);
  }

  /** Whether nothing is filtered. */
  public boolean none() {
    return equals(NONE);
  }

  void requireBackends(List<String> known) {
    backends.forEach(b -> UnknownNameException.require("backend", b, known));
  }

  /** A backend asked for by name must have something to do: silence would read as a result. */
  void requireUsed(Plan plan) {
    Set<String> used = plan.backends();
    for (String backend : backends) {
      if (!used.contains(backend)) {
        throw new IllegalArgumentException(
            "suite "
                + plan.suite()
                + " has nothing for backend "
                + backend
                + " with "
                + text()
                + "; what is left is for "
                + String.join(", ", used));
      }
    }
  }

  boolean accepts(CaseId id, Variant variant) {
    return in(kernels, id.kernel().id())
        && in(backends, id.backend())
        && in(modes, variant.mode().id())
        && in(dtypes, id.dtype().id())
        && Pattern.compile(regex).matcher(id.toString()).find();
  }

  /**
   * Half a pair is of no use: both backends must be asked for, the mode is the subject's, and the
   * expression may be found in either id or in {@code bar NAME}.
   */
  boolean accepts(String bar, CaseKey subject, Variant variant, CaseKey opponent) {
    Pattern pattern = Pattern.compile(regex);
    return in(kernels, subject.id().kernel().id())
        && in(dtypes, subject.id().dtype().id())
        && in(modes, variant.mode().id())
        && in(backends, subject.id().backend())
        && in(backends, opponent.id().backend())
        && (pattern.matcher("bar " + bar).find()
            || pattern.matcher(subject.id().toString()).find()
            || pattern.matcher(opponent.id().toString()).find());
  }

  /** A training run is no case of one kernel or dtype, so those filters leave it out. */
  boolean accepts(Plan.TrainingRun run) {
    return kernels.isEmpty()
        && dtypes.isEmpty()
        && in(modes, run.mode())
        && run.backends().stream().allMatch(b -> in(backends, b))
        && Pattern.compile(regex).matcher(run.id()).find();
  }

  private static boolean in(List<String> names, String name) {
    return names.isEmpty() || names.contains(name);
  }
}
