package dev.samebits.training;

import java.util.List;
import java.util.Map;

/**
 * What happened to the replicates of one training run.
 *
 * @param ops {@code backend/variant} of every operation
 * @param onset first step (from 1) after which the weight fingerprints of two replicates differ; 0
 *     if they never do
 * @param distinctFinal distinct fingerprints among the final weights
 * @param accuracy test accuracy of each replicate
 * @param churn share of test predictions that differ, mean over pairs of replicates
 * @param curve distances at about 100 steps, evenly spaced in their logarithm
 * @param growthRate slope of log L2 distance per step from onset to saturation; null if undefined
 * @param fingerprints weight fingerprint after every step, one list per replicate
 * @param secondsPerStep mean wall time of one step of one replicate
 * @param seconds wall time of all steps of all replicates
 */
public record TrainingResult(
    Map<String, String> ops,
    int onset,
    int distinctFinal,
    List<Double> accuracy,
    double churn,
    List<Point> curve,
    Double growthRate,
    List<List<String>> fingerprints,
    double secondsPerStep,
    double seconds) {

  /**
   * Distance between replicates after a step, the mean over pairs; 0 with one replicate.
   *
   * @param step SGD iteration, from 1
   * @param l2 L2 norm of the difference of all weights
   * @param cosine one minus the cosine similarity of the weights
   * @param changed share of weights whose bits differ
   * @param loss training loss of the step's batch, mean over replicates
   */
  public record Point(int step, double l2, double cosine, double changed, double loss) {}
}
