package dev.samebits.training;

import dev.samebits.kernel.Philox;
import java.util.Arrays;

/**
 * Which training images make the batch of a step. In each epoch the images are shuffled anew from
 * file order (Fisher-Yates, Philox stream {@value #STREAM} + epoch of the seed) and cut into
 * batches; the images left over at the end of an epoch sit it out.
 */
final class Batches {
  private static final int STREAM = 1000;
  private static final int PER_EPOCH = Digits.TRAIN / Classifier.BATCH;

  private final long seed;
  private final int[] order = new int[Digits.TRAIN];
  private int epoch = -1;

  Batches(long seed) {
    this.seed = seed;
  }

  /** The images of a step, counted from 0. */
  int[] of(int step) {
    if (step / PER_EPOCH != epoch) {
      epoch = step / PER_EPOCH;
      Arrays.setAll(order, i -> i);
      new Philox(seed, STREAM + epoch).shuffle(order);
    }
    int from = step % PER_EPOCH * Classifier.BATCH;
    return Arrays.copyOfRange(order, from, from + Classifier.BATCH);
  }
}
