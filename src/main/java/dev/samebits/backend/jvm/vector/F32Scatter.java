package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.F32Array;

/** {@link ScatterLoops} of F32. The text of F64's is made from this one. */
final class F32Scatter implements ScatterLoops {
  /** The first neighbours, looked at before adding, and how many must be equal to expect runs. */
  private static final int SAMPLES = 16;

  private static final int ENOUGH = 8;

  private final int[] index;
  private final float[] src;
  private final float[] out;
  private final int[] sortedTargets;
  private final float[] sortedValues;
  private final int[][] otherTargets;
  private final float[][] otherValues;

  /** Room to sort {@code room} sources, and a block of {@code block} of them per worker. */
  F32Scatter(Call call, int room, int block) {
    src = ((F32Array) call.in(0)).values();
    index = call.indices(1).values();
    out = ((F32Array) call.out(0)).values();
    sortedTargets = new int[room];
    sortedValues = new float[room];
    int workers = room == 0 ? 0 : call.threads();
    otherTargets = new int[workers][block];
    otherValues = new float[workers][block];
  }

  @Override
  public void add(int from, int to) {
    add(out, index, src, from, to);
  }

  @Override
  public void addSorted(int from, int to, boolean descending) {
    if (descending) {
      addDescending(out, sortedTargets, sortedValues, from, to);
    } else {
      add(out, sortedTargets, sortedValues, from, to);
    }
  }

  @Override
  public int splitSources(int from, int n, int pivot, boolean last, int worker, int to) {
    return last
        ? split(index, src, from, n, pivot, sortedTargets, sortedValues, to)
        : split(index, src, from, n, pivot, otherTargets[worker], otherValues[worker], 0);
  }

  @Override
  public int split(int at, int base, int n, int pivot, boolean toSorted, int worker) {
    int[] targets = otherTargets[worker];
    float[] values = otherValues[worker];
    return toSorted
        ? split(targets, values, at, n, pivot, sortedTargets, sortedValues, base + at) - base
        : split(sortedTargets, sortedValues, base + at, n, pivot, targets, values, at);
  }

  private static void add(float[] out, int[] targets, float[] values, int from, int to) {
    if (runs(targets, from, to)) {
      addRuns(out, targets, values, from, to);
    } else {
      addEach(out, targets, values, from, to);
    }
  }

  private static void addEach(float[] out, int[] targets, float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      out[targets[i]] += values[i];
    }
  }

  private static void addDescending(float[] out, int[] targets, float[] values, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      out[targets[i]] += values[i];
    }
  }

  /** Whether equal targets often follow each other, so that waiting for each store is too slow. */
  private static boolean runs(int[] targets, int from, int to) {
    int equal = 0;
    for (int i = from + 1; i < to && i <= from + SAMPLES; i++) {
      equal += targets[i] == targets[i - 1] ? 1 : 0;
    }
    return equal >= ENOUGH;
  }

  /** The same additions with the sum of a run kept in a register. */
  private static void addRuns(float[] out, int[] targets, float[] values, int from, int to) {
    int target = targets[from];
    float sum = out[target];
    for (int i = from; i < to; i++) {
      if (targets[i] != target) {
        out[target] = sum;
        target = targets[i];
        sum = out[target];
      }
      sum += values[i];
    }
    out[target] = sum;
  }

  /** No branch depends on the targets: half of its guesses would be wrong. */
  private static int split(
      int[] targets,
      float[] values,
      int from,
      int n,
      int pivot,
      int[] toTargets,
      float[] toValues,
      int to) {
    int low = to;
    for (int i = 0; i < n; i++) {
      int target = targets[from + i];
      int isLow = (target - pivot) >> 31;
      int place = low + (n - 1 - i & ~isLow);
      toTargets[place] = target;
      toValues[place] = values[from + i];
      low -= isLow;
    }
    return low;
  }
}
