package dev.samebits.analysis;

import dev.samebits.kernel.InputKind;
import dev.samebits.result.Environment;
import dev.samebits.result.Record;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Everything a report shows, as plain data. {@link Summaries} makes it from records.
 *
 * @param suite name of the suite
 * @param host the machine's alias
 * @param commit commit the jar was built from
 * @param command the command line that made the run
 * @param started ISO 8601 instant
 * @param finished ISO 8601 instant; empty while running
 * @param status {@code RUNNING}, {@code COMPLETE} or {@code INCOMPLETE}
 * @param plannedUnits units of work planned
 * @param endedUnits units of work that ended with a result
 * @param wallSeconds wall time of the run
 * @param measuredShare share of it inside measured code
 * @param rows one per case, ordered by problem, backend and variant
 * @param training one per training mode
 * @param bars one per bar of the suite and opponent
 * @param peaks the most that was seen of the machine
 * @param fronts speed against accuracy, one per problem with enough variants
 * @param controls what the controls showed
 * @param sameBits whether implementations that must give the same bits do
 * @param broken guarantees that were not held, one line each
 * @param failures cases that gave no result somewhere
 * @param skips cases not run
 * @param libraries libraries that were called
 * @param backends availability by backend
 * @param environment the machine; null if the manifest has none
 * @param conclusion the result in sentences
 */
public record Summary(
    String suite,
    String host,
    String commit,
    String command,
    String started,
    String finished,
    String status,
    long plannedUnits,
    long endedUnits,
    double wallSeconds,
    double measuredShare,
    List<Row> rows,
    List<Record.Training> training,
    List<Record.Bar> bars,
    List<Peak> peaks,
    List<Front> fronts,
    Controls.Result controls,
    SameBits sameBits,
    List<String> broken,
    List<Trouble> failures,
    List<Trouble> skips,
    List<Library> libraries,
    Map<String, String> backends,
    Environment environment,
    List<String> conclusion) {

  /**
   * One case.
   *
   * @param caseId the case id
   * @param kernel kernel id
   * @param dtype element type
   * @param shape shape text
   * @param input input kind and seed
   * @param backend backend name
   * @param variant variant name
   * @param mode mode id; empty if the manifest does not know the variant
   * @param guarantee label of the promised axes
   * @param about one line about the variant
   * @param control {@code NONE}, {@code POSITIVE} or {@code NEGATIVE}
   * @param rates throughput by condition, most threads first; empty if not timed
   * @param verdicts verdict by axis id
   * @param worstUlp largest ULP distance on any axis; -1 if unknown, 0 if nothing varies
   * @param worstShare largest share of differing elements on any axis; -1 likewise
   * @param price against the same backend; null if there is none
   * @param priceAny against every backend; null if there is none
   * @param accuracy error against the exact result; null if not measured
   * @param difference the largest difference whose ULP histogram is known; null if none
   */
  public record Row(
      String caseId,
      String kernel,
      String dtype,
      String shape,
      String input,
      String backend,
      String variant,
      String mode,
      String guarantee,
      String about,
      String control,
      List<Rate> rates,
      Map<String, Record.Verdict> verdicts,
      long worstUlp,
      double worstShare,
      Price price,
      Price priceAny,
      Record.Accuracy accuracy,
      Difference difference) {

    /** What stands over the rows of one group: {@code matmul f32 m64n64k64 normal@1}. */
    public String heading() {
      return kernel + " " + dtype + " " + shape + " " + input;
    }

    /** Backend and variant. */
    public String who() {
      return backend + " " + variant;
    }

    /** Whether this is a case on exact integer inputs that is identical on every axis. */
    public boolean exactControl() {
      return input.startsWith(InputKind.INTEGER.id() + "@")
          && verdicts.values().stream().allMatch(v -> v.outcome().equals(Outcome.IDENTICAL.name()));
    }

    /** Whether any axis varies. */
    public boolean varies() {
      return verdicts.values().stream().anyMatch(v -> v.outcome().equals(Outcome.VARIES.name()));
    }
  }

  /**
   * The elements of one output against another, by ULP class.
   *
   * @param between what was compared, in words
   * @param histogram count by class
   */
  public record Difference(String between, SortedMap<String, Long> histogram) {}

  /**
   * A case without a result.
   *
   * @param outcome what happened
   * @param subject case or training run
   * @param condition conditions
   * @param why the reason
   * @param remedy what to do; may be empty
   * @param count how many records say so
   */
  public record Trouble(
      String outcome, String subject, String condition, String why, String remedy, int count) {}

  /**
   * A library that was called, as read back from it.
   *
   * @param backend the backend that called it
   * @param name library name
   * @param version version string
   * @param core instruction-set kernel it chose
   * @param threads numbers of threads read back, ascending; 0 where it cannot be read
   * @param path file
   * @param sha256 hash of the file
   * @param more further facts, e.g. the BLAS that the library calls in its turn
   */
  public record Library(
      String backend,
      String name,
      String version,
      String core,
      List<Integer> threads,
      String path,
      String sha256,
      Map<String, String> more) {
    Library withThreads(List<Integer> seen) {
      return new Library(backend, name, version, core, seen, path, sha256, more);
    }
  }

  /** Whether the controls misbehaved, so that nothing in the run can be trusted. */
  public boolean mistrusted() {
    return !controls.problems().isEmpty();
  }

  /** The bars that were measured and not reached. */
  public List<Record.Bar> missedBars() {
    return bars.stream().filter(b -> b.outcome().equals(Bars.Outcome.MISSED.name())).toList();
  }

  /**
   * Exit code of the run by what was found: 5 a failed control, 1 a broken guarantee, 4 a failure
   * or a run that is not COMPLETE, 0 none of these.
   */
  public int exitCode() {
    if (mistrusted()) {
      return 5;
    } else if (!broken.isEmpty()) {
      return 1;
    }
    return failures.isEmpty() && status.equals("COMPLETE") ? 0 : 4;
  }
}
