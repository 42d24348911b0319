package dev.samebits.training;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Variant;
import java.util.List;

/** The jvm backend under another name, so that its memory counts as another backend's. */
class RenamedBackend implements Backend {
  private final String name;
  private final Backend jvm = Backends.of("jvm");

  RenamedBackend(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Variant> variants() {
    return jvm.variants();
  }

  @Override
  public Availability availability() {
    return jvm.availability();
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    return jvm.forkSettings(variant, conditions);
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    return jvm.allocate(dtype, elements);
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    return jvm.bind(op, conditions, inputs, outputs);
  }
}
