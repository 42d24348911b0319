package dev.samebits.backend.jvm;

import dev.samebits.backend.jvm.Call.Algorithm;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kernels in Java; arrays on the heap, threads of its own. A variant runs on the Vector API where
 * the process has it and there is such code, else, with the same bits, in plain Java. Knows the
 * conditions threads, vector, jit and isa.
 */
public final class JvmBackend implements Backend {
  private final List<Entry> entries;
  private final List<Variant> variants;
  private final Optional<FastKernels> fast;

  /** The backend of the registry. */
  public JvmBackend() {
    this(JvmVariants.all(), JvmSettings.fast());
  }

  private JvmBackend(List<Entry> entries, Optional<FastKernels> fast) {
    this.entries = entries;
    this.variants = entries.stream().map(Entry::variant).toList();
    this.fast = fast;
  }

  /** The plain kernels only: the reference that the fast ones are held against. */
  public static JvmBackend plain() {
    List<Entry> plain = JvmVariants.all().stream().filter(e -> e.plain().isPresent()).toList();
    return new JvmBackend(plain, Optional.empty());
  }

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
    return new Availability.Available(
        new Receipt(
            "java",
            Runtime.version().toString(),
            "",
            "",
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Map.of(
                "vm",
                System.getProperty("java.vm.name"),
                "vendor",
                System.getProperty("java.vendor"),
                "vector_api",
                JvmSettings.hasVectorApi() ? "loaded" : "not loaded",
                JvmSettings.VECTOR,
                JvmSettings.readBack(JvmSettings.VECTOR),
                JvmSettings.ISA,
                JvmSettings.readBack(JvmSettings.ISA))));
  }

  /** The same for every variant, so that one process can hold all cases of a condition. */
  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    return new ForkSettings(Map.of(), JvmSettings.flags(conditions));
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    int length = Math.toIntExact(elements);
    return switch (dtype) {
      case I32 -> new IntArray(length);
      case F16, BF16 -> new HalfArray(dtype, length);
      case F32, F64 -> RealArray.of(dtype, length);
    };
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    conditions.requireOnly(name(), JvmSettings.CONDITIONS);
    JvmSettings.require(conditions);
    Stream.concat(inputs.stream(), outputs.stream()).forEach(JvmBackend::requireOwn);
    Variant variant = variant(op.kernel(), op.variant());
    int offered = conditions.threads().orElse(Runtime.getRuntime().availableProcessors());
    int threads = variant.parallel() ? offered : 1;
    Algorithm algorithm =
        fast.flatMap(f -> f.algorithm(op.kernel(), op.variant()))
            .map(Call::onTeam)
            .or(entries.get(variants.indexOf(variant))::plain)
            .orElseThrow(() -> new IllegalArgumentException(needsVectorApi(variant)));
    Call call = new Call(op, threads, inputs, outputs);
    boolean widened = op.dtype().result() != op.dtype();
    return widened ? Widened.bind(algorithm, call) : algorithm.bind(call);
  }

  private static String needsVectorApi(Variant variant) {
    return "backend jvm: "
        + variant.name()
        + " needs the Vector API; start the JVM with --add-modules jdk.incubator.vector"
        + " and without the condition vector=scalar";
  }

  private static void requireOwn(Memory memory) {
    if (!(memory instanceof RealArray)
        && !(memory instanceof HalfArray)
        && !(memory instanceof IntArray)) {
      throw new IllegalArgumentException(
          "backend jvm takes memory that it allocated, not " + memory.getClass().getName());
    }
  }
}
