package dev.samebits.backend.jvm.vector;

/** The loops of {@code scatter_add} over one element type. */
interface ScatterLoops {
  /** Adds sources {@code from} to {@code to - 1} to their targets in ascending order. */
  void add(int from, int to);

  /**
   * Adds the sorted sources in places {@code from} to {@code to - 1}, the last one first or last.
   */
  void addSorted(int from, int to, boolean descending);

  /**
   * Splits {@code n} sources from {@code from} on: those of targets below {@code pivot} ascend from
   * the first place on, the others descend from the last. Writes into the sorted places from {@code
   * to} on if {@code last}, else into the worker's own from 0 on.
   *
   * @return the place after the last one of a target below the pivot
   */
  int splitSources(int from, int n, int pivot, boolean last, int worker, int to);

  /**
   * Splits again {@code n} sources from place {@code at} of a block on, in the same way, between
   * the block that begins at sorted place {@code base} and the worker's own.
   *
   * @return the place in the block after the last one of a target below the pivot
   */
  int split(int at, int base, int n, int pivot, boolean toSorted, int worker);
}
