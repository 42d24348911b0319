package dev.samebits.analysis;

/** What was found for one case on one axis. */
public enum Outcome {
  /** Every comparison gave the same bits. */
  IDENTICAL,
  /** At least one comparison gave other bits. */
  VARIES,
  /** Measured, but not on what was asked for, so nothing follows from it. */
  MISTRUSTED,
  /** Not run on purpose. */
  SKIPPED,
  /** The backend cannot run here. */
  UNAVAILABLE,
  /** A process ended without a result. */
  FAILED,
  /** A process was ended at its deadline. */
  TIMEOUT,
  /** Planned and begun, but nothing was recorded. */
  MISSING;

  /** The outcome of this name; {@code otherwise} for a name that records should not hold. */
  static Outcome of(String name, Outcome otherwise) {
    for (Outcome o : values()) {
      if (o.name().equals(name)) {
        return o;
      }
    }
    return otherwise;
  }

  /** Whether bits were compared at all. */
  public boolean measured() {
    return this == IDENTICAL || this == VARIES;
  }
}
