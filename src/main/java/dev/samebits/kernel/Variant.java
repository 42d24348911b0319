package dev.samebits.kernel;

import java.util.Optional;
import java.util.Set;

/**
 * An algorithm or vendor setting that a backend offers for one kernel.
 *
 * @param kernel the operation
 * @param name the name used in case ids
 * @param dtypes the element types it takes
 * @param mode what it serves
 * @param guarantee the axes over which it promises the same bits
 * @param parallel whether it uses the threads it is offered; if not, it always uses one
 * @param twin the variant that differs from this one in a single step, if there is one
 * @param control what the harness may conclude from it
 * @param about one line for people: the order of its additions or the setting
 */
public record Variant(
    Kernel kernel,
    String name,
    Set<DType> dtypes,
    Mode mode,
    Guarantee guarantee,
    boolean parallel,
    Optional<String> twin,
    Control control,
    String about) {

  /** Role of a variant in checking the measurement itself. */
  public enum Control {
    /** None. */
    NONE,
    /** Order of arrival: with two threads and enough partials its bits must be seen to vary. */
    POSITIVE,
    /** Twin of a positive control: its bits must not vary. */
    NEGATIVE
  }

  /** A variant without twin and control role. */
  public Variant(
      Kernel kernel,
      String name,
      Set<DType> dtypes,
      Mode mode,
      Guarantee guarantee,
      boolean parallel,
      String about) {
    this(kernel, name, dtypes, mode, guarantee, parallel, Optional.empty(), Control.NONE, about);
  }

  /** This variant as one half of a controlled pair. */
  public Variant pairedWith(String other, Control role) {
    return new Variant(
        kernel, name, dtypes, mode, guarantee, parallel, Optional.of(other), role, about);
  }
}
