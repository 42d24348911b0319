package dev.samebits.plan;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Variant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A backend that offers a table of variants and must never be loaded: a plan needs no more. */
final class TableBackend implements Backend {
  private final String name;
  private final List<Variant> variants = new ArrayList<>();
  private boolean accelerator;
  private Set<String> unset = Set.of();

  TableBackend(String name) {
    this.name = name;
  }

  /** A {@code jvm} with a controlled pair and an {@code openblas} with two settings. */
  static List<Backend> pair() {
    return List.of(
        new TableBackend("openblas").offer(Kernel.MATMUL, "default single_thread", true),
        new TableBackend("jvm")
            .offer(Kernel.SUM, "canonical", true)
            .offer(Kernel.MATMUL, "canonical", true)
            .offer(Kernel.SOFTMAX, "canonical", false)
            .controls(Kernel.SUM));
  }

  TableBackend offer(Kernel kernel, String names, boolean both) {
    for (String variant : names.split(" ")) {
      variants.add(
          new Variant(
              kernel,
              variant,
              both ? EnumSet.of(DType.F32, DType.F64) : EnumSet.of(DType.F32),
              variant.equals("canonical") ? Mode.REPRODUCIBLE : Mode.NONDETERMINISTIC,
              Guarantee.NOT_GUARANTEED,
              true,
              "test"));
    }
    return this;
  }

  TableBackend asAccelerator() {
    accelerator = true;
    return this;
  }

  /** Its forks must not have this variable. */
  TableBackend without(String variable) {
    unset = Set.of(variable);
    return this;
  }

  @Override
  public boolean accelerator() {
    return accelerator;
  }

  TableBackend controls(Kernel kernel) {
    offer(kernel, "atomic_arrival ordered", false);
    int n = variants.size();
    Variant positive = variants.get(n - 2);
    Variant negative = variants.get(n - 1);
    variants.set(n - 2, positive.pairedWith("ordered", Variant.Control.POSITIVE));
    variants.set(n - 1, negative.pairedWith("atomic_arrival", Variant.Control.NEGATIVE));
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Variant> variants() {
    return List.copyOf(variants);
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    conditions.requireOnly(
        name,
        accelerator ? Set.of(Conditions.THREADS, Conditions.GEOMETRY) : Set.of(Conditions.THREADS));
    return name.equals("jvm") || accelerator
        ? new ForkSettings(Map.of(), List.of(), unset)
        : new ForkSettings(
            Map.of("OMP_NUM_THREADS", conditions.values().get(Conditions.THREADS)), List.of());
  }

  @Override
  public Availability availability() {
    throw new AssertionError("a plan must load nothing");
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    throw new AssertionError("a plan must allocate nothing");
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    throw new AssertionError("a plan must bind nothing");
  }
}
