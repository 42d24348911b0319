package dev.samebits.training;

import dev.samebits.kernel.Backend;
import dev.samebits.metric.Fingerprint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Trains replicates with the same seed, data and batches in lockstep and traces where they part.
 *
 * <p>Each replicate is a model of its own, with its kernels, weights and velocities where they run,
 * for the whole run; in every step they take their turns. Of a step only the batch goes there, and
 * the weights come back to be fingerprinted, where one backend does all operations. So nothing
 * differs between replicates but what the kernels do, and where the operands lie.
 */
public final class TrainingExperiment {
  /** Steps in the curve at most, about. */
  private static final int CURVE_POINTS = 100;

  private final TrainingSpec spec;
  private final Digits data;
  private final List<Classifier> models;
  private final List<ByteBuffer> weights = new ArrayList<>();
  private final List<List<String>> fingerprints = new ArrayList<>();
  private final List<TrainingResult.Point> curve = new ArrayList<>();
  private final double[] l2;
  private long nanos;
  private int onset;

  private TrainingExperiment(TrainingSpec spec, Digits data, List<Classifier> models) {
    this.spec = spec;
    this.data = data;
    this.models = models;
    this.l2 = new double[spec.steps()];
    for (Classifier model : models) {
      ByteBuffer initial = Classifier.initial(spec.model(), spec.seed());
      model.begin(initial);
      weights.add(initial);
      fingerprints.add(new ArrayList<>(spec.steps()));
    }
  }

  /**
   * Runs all replicates.
   *
   * @param spec what to run
   * @param backends the backend of a name
   * @param progress told the number of steps done, after each
   * @throws IllegalStateException if a backend is not available
   * @throws IllegalArgumentException if a variant or condition cannot be honoured
   */
  public static TrainingResult run(
      TrainingSpec spec, Function<String, Backend> backends, IntConsumer progress) {
    try (Network network = new Network(spec, backends)) {
      List<Classifier> models = new ArrayList<>();
      for (int r = 0; r < spec.replicates(); r++) {
        models.add(Classifier.of(spec.model(), network));
      }
      TrainingExperiment e = new TrainingExperiment(spec, Digits.load(), models);
      e.train(progress);
      return e.result();
    }
  }

  private void train(IntConsumer progress) {
    Batches batches = new Batches(spec.seed());
    Set<Integer> shown = curveSteps(spec.steps());
    for (int step = 1; step <= spec.steps(); step++) {
      int[] images = batches.of(step - 1);
      boolean point = shown.contains(step);
      double loss = 0;
      for (int r = 0; r < models.size(); r++) {
        step(r, images);
        loss += point ? models.get(r).loss(data, images) / models.size() : 0;
      }
      compare(step);
      if (point) {
        curve.add(point(step, loss));
      }
      progress.accept(step);
    }
  }

  private void step(int replicate, int[] images) {
    Classifier model = models.get(replicate);
    model.batch(data, images);
    long start = System.nanoTime();
    model.step();
    nanos += System.nanoTime() - start;
    model.readWeights(weights.get(replicate));
    fingerprints.get(replicate).add(Fingerprint.digest(weights.get(replicate)));
  }

  private void compare(int step) {
    if (onset == 0 && distinct(step) > 1) {
      onset = step;
    }
    if (onset > 0) {
      l2[step - 1] = Distances.meanOverPairs(weights, Distances::l2);
    }
  }

  private int distinct(int step) {
    Set<String> distinct = new HashSet<>();
    fingerprints.forEach(f -> distinct.add(f.get(step - 1)));
    return distinct.size();
  }

  private TrainingResult.Point point(int step, double loss) {
    return new TrainingResult.Point(
        step,
        l2[step - 1],
        onset == 0 ? 0 : Distances.meanOverPairs(weights, Distances::cosine),
        onset == 0 ? 0 : Distances.meanOverPairs(weights, Distances::changed),
        loss);
  }

  /** Steps from 1 to the last, at most about 100 of them, evenly spaced in their logarithm. */
  static Set<Integer> curveSteps(int steps) {
    Set<Integer> chosen = new TreeSet<>();
    for (int i = 0; i < CURVE_POINTS; i++) {
      chosen.add((int) Math.round(StrictMath.pow(steps, i / (CURVE_POINTS - 1.0))));
    }
    return chosen;
  }

  private TrainingResult result() {
    List<int[]> predictions = new ArrayList<>();
    List<Double> accuracy = new ArrayList<>();
    for (Classifier model : models) {
      int[] classes = model.predict(data);
      predictions.add(classes);
      accuracy.add(accuracy(classes));
    }
    return new TrainingResult(
        spec.ops(),
        onset,
        distinct(spec.steps()),
        accuracy,
        Distances.meanOverPairs(predictions, Distances::disagreement),
        curve,
        Distances.growthRate(l2, onset),
        fingerprints,
        nanos * 1e-9 / spec.steps() / spec.replicates(),
        nanos * 1e-9);
  }

  private double accuracy(int[] classes) {
    int right = 0;
    for (int i = 0; i < classes.length; i++) {
      right += classes[i] == data.label(Digits.TRAIN + i) ? 1 : 0;
    }
    return (double) right / classes.length;
  }
}
