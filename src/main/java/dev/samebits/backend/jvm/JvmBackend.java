package dev.samebits.backend.jvm;

import dev.samebits.backend.jvm.JvmVariants.Entry;
import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Receipt;
import dev.samebits.kernel.Variant;
import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Kernels in plain Java; arrays on the heap, threads of its own. Knows the condition threads. */
public final class JvmBackend implements Backend {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private final List<Entry> entries = JvmVariants.all();
  private final List<Variant> variants = entries.stream().map(Entry::variant).toList();

  @Override
  public String name() {
    return "jvm";
  }

  @Override
  public List<Variant> variants() {
    return variants;
  }

  @Override
  public Availability availability() {
    boolean vector = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    return new Availability.Available(
        new Receipt(
            "java",
            Runtime.version().toString(),
            "",
            "",
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Map.of(
                "vm", System.getProperty("java.vm.name"),
                "vendor", System.getProperty("java.vendor"),
                "vector_api", vector ? "loaded" : "not loaded")));
  }

  /** The same for every variant, so that one process can hold all cases. */
  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    boolean present = ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent();
    return present
        ? new ForkSettings(Map.of(), List.of("--add-modules=" + VECTOR_MODULE))
        : ForkSettings.NONE;
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    int length = Math.toIntExact(elements);
    return dtype == DType.I32 ? new IntArray(length) : RealArray.of(dtype, length);
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    conditions.requireOnly(name(), Set.of(Conditions.THREADS));
    Stream.concat(inputs.stream(), outputs.stream()).forEach(JvmBackend::requireOwn);
    Variant variant = variant(op.kernel(), op.variant());
    int offered = conditions.threads().orElse(Runtime.getRuntime().availableProcessors());
    int threads = variant.parallel() ? offered : 1;
    return entries
        .get(variants.indexOf(variant))
        .algorithm()
        .bind(new Call(op, threads, inputs, outputs));
  }

  private static void requireOwn(Memory memory) {
    if (!(memory instanceof RealArray) && !(memory instanceof IntArray)) {
      throw new IllegalArgumentException(
          "backend jvm takes memory that it allocated, not " + memory.getClass().getName());
    }
  }
}
