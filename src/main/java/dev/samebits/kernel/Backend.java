package dev.samebits.kernel;

import java.util.List;

/**
 * Where kernels run. A backend does arithmetic only: names, shapes, operand sizes and conditions
 * are checked above it, in {@link Op} and {@link BoundCase}, so that all backends reject the same
 * input with the same words.
 *
 * <p>{@link #name}, {@link #variants} and {@link #forkSettings} load no native library.
 */
public interface Backend {
  /** The name used in case ids. */
  String name();

  /** Every kernel and variant offered, in the order to show them. */
  List<Variant> variants();

  /**
   * Whether kernels run on a device with a driver of its own. Such a backend takes part only where
   * a suite names it, and a process of its own finds out first whether it is available: a driver
   * may hang or crash. The number of threads offered means nothing to it.
   */
  default boolean accelerator() {
    return false;
  }

  /** Loads what is needed, once, and says what was loaded or why it could not be. */
  Availability availability();

  /** What the JVM of a fork needs before this variant can honour these conditions. */
  ForkSettings forkSettings(Variant variant, Conditions conditions);

  /** Memory that this backend's kernels can use, zeroed. */
  Memory allocate(DType dtype, long elements);

  /**
   * Binds a call to its operands. Arrays are read at every invocation, so their content may change
   * between invocations; indices have been checked once, and nothing may be written through one
   * that is out of range later. Nothing is substituted or downgraded.
   *
   * @param op the call, already checked
   * @param conditions the settings to honour
   * @param inputs memory of this backend in the order of {@link Kernel#inputs}
   * @param outputs memory of this backend in the order of {@link Kernel#outputs}; an output may be
   *     the input of the same name
   * @throws IllegalArgumentException if the variant or a condition cannot be honoured
   */
  BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs);

  /**
   * The variant of a kernel.
   *
   * @throws UnknownNameException if this backend does not offer it
   */
  default Variant variant(Kernel kernel, String variant) {
    List<Variant> offered = variants().stream().filter(v -> v.kernel() == kernel).toList();
    return offered.stream()
        .filter(v -> v.name().equals(variant))
        .findFirst()
        .orElseThrow(
            () ->
                new UnknownNameException(
                    "variant of " + kernel.id() + " on " + name(),
                    variant,
                    offered.stream().map(Variant::name).toList()));
  }
}
