package dev.samebits.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/**
 * What a child process is told to do, one JSON line on its standard input.
 *
 * @param pass {@code probe}, {@code capture}, {@code timing}, {@code training}, {@code load} or
 *     {@code classes}
 * @param fork its name in records
 * @param store the run's folder; null for probe and load
 * @param process which of the repeated processes
 * @param backend the backend; null for training and load
 * @param condition conditions in text form
 * @param env environment variables it was given, for the record
 * @param deadlineSeconds time after which it is ended if it shows no progress
 * @param cases what to capture
 * @param training the training run; null in other passes
 * @param contest what to time in turns; null in other passes
 */
record ForkJob(
    String pass,
    String fork,
    String store,
    int process,
    String backend,
    String condition,
    Map<String, String> env,
    long deadlineSeconds,
    List<Case> cases,
    Training training,
    Contest contest) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A process without a contest. */
  ForkJob(
      String pass,
      String fork,
      String store,
      int process,
      String backend,
      String condition,
      Map<String, String> env,
      long deadlineSeconds,
      List<Case> cases,
      Training training) {
    this(
        pass,
        fork,
        store,
        process,
        backend,
        condition,
        env,
        deadlineSeconds,
        cases,
        training,
        null);
  }

  /**
   * Cases that are timed in turns.
   *
   * @param keys {@code case?conditions}, in the order of the even rounds
   * @param from the first round
   * @param to the one behind the last
   * @param effort iterations
   */
  record Contest(List<String> keys, int from, int to, Effort effort) {}

  /** Iterations of one case in one round. */
  record Effort(int warmups, double warmupSeconds, int iterations, double seconds) {}

  /** One case to capture. */
  record Case(String id, int repeats, double seconds) {}

  /** One mode of a training run, named by its id. */
  record Training(
      String id,
      String model,
      String data,
      String mode,
      Map<String, String> ops,
      long seed,
      int steps,
      int replicates) {}

  String toJson() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ForkJob fromJson(String line) {
    try {
      return MAPPER.readValue(line, ForkJob.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a job: " + e.getOriginalMessage(), e);
    }
  }
}
