package dev.samebits.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.samebits.kernel.DeviceSample;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.LoadedLibrary;
import dev.samebits.metric.Divergence;
import java.util.List;
import java.util.Map;

/**
 * One line of {@code records.jsonl}. {@code formats.md} documents every field; fields are only ever
 * added. Cases and conditions are in their text form ({@code CaseId}, {@code Conditions}).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Record.Start.class, name = "start"),
  @JsonSubTypes.Type(value = Record.Bound.class, name = "bound"),
  @JsonSubTypes.Type(value = Record.Output.class, name = "output"),
  @JsonSubTypes.Type(value = Record.Capture.class, name = "capture"),
  @JsonSubTypes.Type(value = Record.Timing.class, name = "timing"),
  @JsonSubTypes.Type(value = Record.Device.class, name = "device"),
  @JsonSubTypes.Type(value = Record.Accuracy.class, name = "accuracy"),
  @JsonSubTypes.Type(value = Record.Training.class, name = "training"),
  @JsonSubTypes.Type(value = Record.Skip.class, name = "skip"),
  @JsonSubTypes.Type(value = Record.Failure.class, name = "failure"),
  @JsonSubTypes.Type(value = Record.Verdict.class, name = "verdict"),
  @JsonSubTypes.Type(value = Record.Bar.class, name = "bar"),
  @JsonSubTypes.Type(value = Record.End.class, name = "end")
})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public sealed interface Record {
  /** Version of the format written by this code. */
  int SCHEMA = 1;

  /** The process that wrote it, e.g. {@code capture-003}; {@code session} for the parent. */
  String fork();

  /** A record about a case under conditions. */
  sealed interface OfCase extends Record {
    /** The case id. */
    String caseId();

    /** The conditions, empty for none. */
    String condition();
  }

  /**
   * A process begins. Written before it does anything else.
   *
   * @param pass {@code probe}, {@code capture}, {@code timing} or {@code training}
   * @param process which of the repeated processes this is, from 0
   * @param pid its process id
   * @param started ISO 8601 instant
   * @param deadline ISO 8601 instant after which the watchdog ends it
   * @param jvm vendor and version
   * @param jvmArgs its flags
   * @param env the environment variables that were set for it
   * @param keys the {@code case?condition} keys it is to measure
   */
  record Start(
      String fork,
      String pass,
      int process,
      long pid,
      String started,
      String deadline,
      String jvm,
      List<String> jvmArgs,
      Map<String, String> env,
      List<String> keys)
      implements Record {}

  /**
   * A case is bound: what it really runs on.
   *
   * @param effective settings read back
   * @param receipt the library called
   * @param libraries every native library mapped into the process; left out while it is the same as
   *     in the bound record before it of the same process
   */
  record Bound(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      Map<String, String> effective,
      Receipt receipt,
      List<LoadedLibrary> libraries)
      implements OfCase {}

  /**
   * One distinct output seen in one process.
   *
   * @param pass {@code capture} or {@code timing}
   * @param process which of the repeated processes
   * @param invocation the first invocation that gave it, from 0
   * @param count how many invocations gave it
   * @param fingerprint digest of the whole output, algorithm named in the string
   * @param blocks digests of the row blocks; only on the first output of a process
   * @param blob name of the raw output under {@code blobs/}; empty if not kept
   * @param difference from the first output of this process; null on that first output
   */
  record Output(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      String pass,
      int process,
      @JsonInclude(JsonInclude.Include.ALWAYS) long invocation,
      long count,
      String fingerprint,
      List<String> blocks,
      String blob,
      Divergence difference)
      implements OfCase {}

  /**
   * Summary of the repeats of one case in one process.
   *
   * @param repeats invocations
   * @param distinct distinct outputs among them
   * @param everChangedShare share of elements that ever differed from the first output
   * @param maxUlp largest ULP distance from the first output
   * @param seconds time spent in invocations
   */
  record Capture(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      int process,
      long repeats,
      long distinct,
      double everChangedShare,
      long maxUlp,
      double seconds)
      implements OfCase {}

  /**
   * What JMH measured in one fork, or a process that times cases in turns in one round.
   *
   * @param process fork number from 0
   * @param unit {@code ns/op}
   * @param warmup score of each warm-up iteration
   * @param samples score of each measured iteration
   * @param seconds time spent in iterations, warm-up included
   * @param fingerprints digest of the last output of each iteration, warm-up included
   */
  record Timing(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      int process,
      String unit,
      List<Double> warmup,
      List<Double> samples,
      double seconds,
      List<String> fingerprints)
      implements OfCase {}

  /**
   * What a device told after one iteration of a timed fork.
   *
   * @param process fork number from 0
   * @param iteration number of the iteration, from 0, warm-up included
   */
  record Device(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      int process,
      int iteration,
      DeviceSample sample)
      implements OfCase {}

  /**
   * Error of the first output against the exact result, in ULPs of the dtype.
   *
   * @param sampled outputs compared, drawn with the case's seed
   * @param outputs outputs there are
   * @param maxUlp largest error
   * @param meanUlp mean error
   * @param correctlyRounded share of sampled outputs with error at most half a unit
   */
  record Accuracy(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      int sampled,
      long outputs,
      double maxUlp,
      double meanUlp,
      double correctlyRounded)
      implements OfCase {}

  /**
   * The replicates of one mode of a training run.
   *
   * @param model name of the model
   * @param data name of the data
   * @param mode the mode's id
   * @param ops backend and variant by operation
   * @param seed the one seed of all replicates
   * @param steps SGD iterations of each
   * @param replicates number of replicates
   * @param onset first step (from 1) at which the fingerprints of two replicates differ; 0 if never
   * @param distinctFinal distinct fingerprints among the final weights
   * @param accuracy test accuracy of each replicate
   * @param churn share of test predictions that differ, mean over pairs of replicates
   * @param curve distance of the replicates over the steps
   * @param growthRate slope of log distance per step from onset to saturation; null if undefined
   * @param fingerprints weight fingerprint after every step, one list per replicate
   * @param secondsPerStep mean wall time of one step
   * @param invocationSeconds time spent in training steps, all replicates
   */
  record Training(
      String fork,
      String model,
      String data,
      String mode,
      Map<String, String> ops,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      @JsonInclude(JsonInclude.Include.ALWAYS) long seed,
      int steps,
      int replicates,
      @JsonInclude(JsonInclude.Include.ALWAYS) int onset,
      int distinctFinal,
      List<Double> accuracy,
      @JsonInclude(JsonInclude.Include.ALWAYS) double churn,
      List<CurvePoint> curve,
      Double growthRate,
      List<List<String>> fingerprints,
      double secondsPerStep,
      double invocationSeconds)
      implements Record {}

  /**
   * Distance between replicates after a step, the mean over pairs.
   *
   * @param step SGD iteration, from 1
   * @param l2 L2 norm of the weight difference
   * @param cosine one minus the cosine similarity of the weights
   * @param changed share of weights whose bits differ
   * @param loss mean training loss of the replicates at this step
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record CurvePoint(int step, double l2, double cosine, double changed, double loss) {}

  /**
   * A case that is not run.
   *
   * @param verdict {@code SKIPPED} or {@code UNAVAILABLE}
   * @param why the reason
   * @param remedy what to do about it; may be empty
   */
  record Skip(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      String verdict,
      String why,
      String remedy)
      implements OfCase {}

  /**
   * A case that was begun or planned but gave no result.
   *
   * @param pass the pass it was lost in
   * @param process which of the repeated processes
   * @param verdict {@code FAILED}, {@code TIMEOUT} or {@code MISTRUSTED}
   * @param why the reason in one line, with the exit code where there is one
   * @param detail last lines of the process's output
   */
  record Failure(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      String pass,
      int process,
      String verdict,
      String why,
      String detail)
      implements OfCase {}

  /**
   * What was found for one case on one axis, over everything recorded.
   *
   * @param axis the axis
   * @param outcome {@code IDENTICAL}, {@code VARIES}, {@code MISTRUSTED}, {@code SKIPPED}, {@code
   *     UNAVAILABLE}, {@code FAILED}, {@code TIMEOUT} or {@code MISSING}
   * @param n comparisons on this axis: repeats, processes or settings
   * @param distinct distinct fingerprints among them
   * @param maxUlp largest ULP distance seen; -1 if not known
   * @param share share of elements that differ at most; -1 if not known
   * @param evidence the evidence in words, e.g. {@code 0 of 200 repeats differ: p < 1.5 % at 95 %}
   * @param settings the settings compared, e.g. {@code threads=1}, {@code threads=2}
   * @param promised whether the variant guarantees this axis
   * @param why the reason, where there is no clean outcome
   */
  record Verdict(
      String fork,
      @JsonProperty("case") String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      String axis,
      String outcome,
      long n,
      long distinct,
      long maxUlp,
      double share,
      String evidence,
      List<String> settings,
      boolean promised,
      String why)
      implements OfCase {}

  /**
   * Whether the subject of a bar reached it against one opponent, over everything recorded.
   *
   * @param name the bar's name
   * @param subject {@code backend/variant?conditions}
   * @param opponent the same of the opponent
   * @param measure {@code speed} (of the subject over the opponent's), {@code time}, or {@code
   *     rate} (work per second)
   * @param bar what the geometric mean must reach: at least for speed and rate, at most for time
   * @param each what every case must reach; null for no such demand
   * @param subtract whether {@code net} decides, not {@code whole}
   * @param outcome {@code MET}, {@code MISSED} or {@code NOT_MEASURED}
   * @param clear whether the 95 % intervals leave no doubt about the outcome
   * @param why what stands against it, where it is not met
   * @param whole geometric mean over the cases of the median ratios; null if nothing was measured
   * @param net the same of times less those of the empty call; null if not measured
   * @param cases one per problem and number of threads
   */
  record Bar(
      String fork,
      String name,
      String about,
      String subject,
      String opponent,
      String measure,
      double bar,
      Double each,
      boolean subtract,
      String outcome,
      boolean clear,
      String why,
      Interval whole,
      Interval net,
      List<BarCase> cases)
      implements Record {
    /** What decides: with or without the cost of a call. */
    public Interval deciding() {
      return subtract ? net : whole;
    }

    /** Measured iterations of all cases in which a device held its clocks back. */
    public int throttled() {
      return cases.stream().mapToInt(BarCase::throttled).sum();
    }
  }

  /** A ratio and the ends of its 95 % interval. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Interval(double value, double low, double high) {}

  /**
   * One pair of a bar.
   *
   * @param subject {@code case?condition} of the subject
   * @param opponent the same of the opponent
   * @param pairs forks of both sides that could be paired
   * @param whole median of the ratios; null if not measured
   * @param net the same of times less those of the empty call; null likewise
   * @param holds whether it reaches what is asked of each case; true where nothing is
   * @param why why it was not measured; empty if it was
   * @param clock {@code device} if its own clock gave the times; empty for the host's
   * @param throttled measured iterations of both in which a device held its clocks back
   */
  record BarCase(
      String subject,
      String opponent,
      int pairs,
      Interval whole,
      Interval net,
      boolean holds,
      String why,
      String clock,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int throttled) {}

  /**
   * A unit of work is complete: everything about it stands before this line. A whole process ends
   * with an empty case.
   *
   * @param pass the pass
   * @param process which of the repeated processes
   */
  record End(
      String fork,
      @JsonProperty("case") @JsonInclude(JsonInclude.Include.ALWAYS) String caseId,
      @JsonInclude(JsonInclude.Include.ALWAYS) String condition,
      String pass,
      int process)
      implements OfCase {}
}
