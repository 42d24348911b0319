package dev.samebits.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * What a run was: {@code manifest.json}. Written at the start with status {@code RUNNING} and again
 * at the end.
 *
 * @param schema format version
 * @param suite name of the suite
 * @param planDigest digest of the planned units; {@code --resume} refuses another
 * @param host the machine's alias
 * @param commit commit the jar was built from
 * @param command the command line that made the run
 * @param started ISO 8601 instant
 * @param finished ISO 8601 instant; null while running
 * @param status {@code RUNNING}, {@code COMPLETE} or {@code INCOMPLETE}
 * @param seeds every seed used
 * @param wallSeconds wall time of the run, over all resumed parts
 * @param measuredSeconds time inside JMH iterations, capture invocations and training steps
 * @param measuredShare measuredSeconds / wallSeconds
 * @param otherCores cores that others kept busy meanwhile, on average over the last part of the
 *     run; null if unknown
 * @param firstCaseSeconds from the start to the first record of a measured case
 * @param plannedUnits units of work planned
 * @param endedUnits units of work that ended with a result
 * @param backends availability by backend: {@code available} or {@code unavailable: why}
 * @param variants what each variant of the plan promises and serves
 * @param bars what timed cases have to reach against each other; null in runs of older versions
 * @param environment where it was run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Manifest(
    int schema,
    String suite,
    String planDigest,
    String host,
    String commit,
    List<String> command,
    String started,
    String finished,
    String status,
    List<Long> seeds,
    double wallSeconds,
    double measuredSeconds,
    double measuredShare,
    Double otherCores,
    double firstCaseSeconds,
    long plannedUnits,
    long endedUnits,
    Map<String, String> backends,
    List<VariantInfo> variants,
    List<BarInfo> bars,
    Environment environment) {

  /**
   * A bar against one opponent.
   *
   * @param name name of the row in the suite file
   * @param about what the row is about
   * @param subject {@code backend/variant?conditions} of who has to reach it
   * @param opponent the same of whom it is compared with
   * @param measure {@code speed}: the bar is a least one; {@code time}: a largest one
   * @param bar what the geometric mean over the pairs must reach
   * @param each what every pair must reach; null for no such demand
   * @param subtract whether it holds for times less those of the empty call
   * @param pairs the cases
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BarInfo(
      String name,
      String about,
      String subject,
      String opponent,
      String measure,
      double bar,
      Double each,
      boolean subtract,
      List<PairInfo> pairs) {}

  /**
   * Two cases to compare, as {@code case?condition}.
   *
   * @param subject who has to reach the bar
   * @param opponent whom it is compared with
   * @param emptySubject a call of the subject without work; null if none is timed
   * @param emptyOpponent a call of the opponent without work; null likewise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PairInfo(
      String subject, String opponent, String emptySubject, String emptyOpponent) {}

  /**
   * A variant as the plan used it.
   *
   * @param kernel kernel id
   * @param backend backend name
   * @param variant variant name
   * @param mode mode id
   * @param guarantee the guarantee's label
   * @param promisedAxes ids of the promised axes
   * @param twin name of its twin; null if none
   * @param control {@code NONE}, {@code POSITIVE} or {@code NEGATIVE}
   * @param about one line about its order or setting
   * @param accelerator true on a device that has its threads whatever the host is asked for; null
   *     otherwise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record VariantInfo(
      String kernel,
      String backend,
      String variant,
      String mode,
      String guarantee,
      List<String> promisedAxes,
      String twin,
      String control,
      String about,
      Boolean accelerator) {}
}
