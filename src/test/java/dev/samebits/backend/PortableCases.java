package dev.samebits.backend;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import dev.samebits.metric.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The cases of {@link SameBitsIT}: every variant of the jvm backend that promises the same bits on
 * every instruction set and in every compiler tier, on a few shapes. As a main class it prints
 * their fingerprints in the process it was started in.
 */
final class PortableCases {
  private PortableCases() {}

  /** How much a process can do. */
  enum Level {
    /**
     * Nothing is compiled, or every fma takes a microsecond. Next to nothing is large enough to be
     * shared between threads.
     */
    SMALL(2e4, List.of("3")),
    /** C1 knows nothing of vectors: an operation on one calls and allocates. */
    MEDIUM(6e5, List.of("1", "2", "3", "8")),
    /** Everything. */
    ANY(Double.POSITIVE_INFINITY, List.of("1", "2", "3", "8"));

    private final double most;
    private final List<String> threads;

    Level(double most, List<String> threads) {
      this.most = most;
      this.threads = threads;
    }

    /** Whether the work of a case, in flops or bytes of f32, is not too much. */
    private boolean admits(Kernel kernel, Shape shape) {
      double work = kernel.work(shape, DType.F32);
      boolean simple =
          switch (kernel) {
            case SUM, DOT, MEAN, NRM2, ROW_SUM, COPY, RELU, RELU_BACKWARD -> true;
            case BIAS_ADD, CROSS_ENTROPY_GRADIENT, SGD_UPDATE -> true;
            default -> false;
          };
      return work <= (this == MEDIUM && simple ? 10 * most : most);
    }
  }

  /** The most work of a case in an order that has no fast code. */
  private static final double PLAIN = 3e3;

  /** A NaN, an infinity and a subnormal number are among the first elements of every operand. */
  private static final long EARLY = 2469;

  /**
   * For one result of 33 elements: with -inf, inf, NaN, subnormal numbers, and the largest finite
   * one of either sign.
   */
  static final List<Long> OF_33 = List.of(11L, 21L, 27L, 38L, 47L, 81L);

  /**
   * All cases for a process. Variants in other than the canonical order and inputs with special
   * values come with small shapes only.
   */
  static List<CaseId> of(Level level) {
    List<CaseId> cases = new ArrayList<>();
    for (Variant v : new JvmBackend().variants()) {
      if (v.guarantee().covers(Axis.ISA) && v.guarantee().covers(Axis.JIT)) {
        for (DType dtype : List.of(DType.F32, DType.F64, DType.F16, DType.BF16)) {
          for (Shape shape : ContractShapes.portable(v.kernel())) {
            boolean plain = v.kernel().work(shape, dtype) <= PLAIN;
            if (v.dtypes().contains(dtype)
                && level.admits(v.kernel(), shape)
                && (plain || v.mode() == Mode.REPRODUCIBLE)) {
              add(cases, v, dtype, shape);
            }
          }
        }
      }
    }
    return cases;
  }

  private static void add(List<CaseId> cases, Variant v, DType dtype, Shape shape) {
    List<InputKind> kinds = new ArrayList<>(List.of(InputKind.WIDE));
    if (v.mode() == Mode.REPRODUCIBLE && v.kernel().work(shape, DType.F32) <= Level.MEDIUM.most) {
      kinds.add(InputKind.SPECIAL);
    }
    if (v.guarantee().covers(Axis.PERMUTATION)) {
      kinds.add(InputKind.CANCELLING);
    }
    for (InputKind kind : kinds) {
      for (long seed : seeds(v.kernel(), shape, kind)) {
        cases.add(new CaseId(v.kernel(), dtype, shape, "jvm", v.name(), kind, seed));
      }
    }
  }

  private static List<Long> seeds(Kernel kernel, Shape shape, InputKind kind) {
    if (kind != InputKind.SPECIAL) {
      return List.of(1L);
    }
    boolean single = kernel.outputs(shape, DType.F64).get(0).elements() == 1;
    return single && kernel.work(shape, DType.F32) < 500 ? OF_33 : List.of(EARLY);
  }

  /**
   * Arguments: the level, milliseconds of invocations of each case, the conditions the process was
   * started with. Prints a line for each case: its id and the fingerprint, the same at each of the
   * level's numbers of threads and each time, or {@code VARIES} and all of them.
   */
  public static void main(String[] args) {
    Level level = Level.valueOf(args[0]);
    Conditions conditions = Conditions.parse(args[2]);
    for (CaseId id : of(level)) {
      long nanos = Integer.parseInt(args[1]) * 1_000_000L;
      if (id.input() != InputKind.WIDE) {
        nanos /= 4; // the code has been compiled for the ordinary numbers
      }
      System.out.println(id + " " + fingerprint(new JvmBackend(), id, conditions, level, nanos));
    }
  }

  /** The fingerprint by the plain kernels in this process. */
  static String plainFingerprint(CaseId id) {
    return fingerprint(JvmBackend.plain(), id, Conditions.NONE, Level.ANY, 0);
  }

  /**
   * At the first number of threads invocations go on for {@code nanos}, so that the compilers get
   * to it.
   */
  private static String fingerprint(
      JvmBackend jvm, CaseId id, Conditions conditions, Level level, long nanos) {
    Op op = Op.of(id.kernel(), id.dtype(), id.shape(), id.variant());
    List<Memory> inputs = new ArrayList<>();
    for (ByteBuffer data : Inputs.of(id)) {
      Operand operand = op.inputs().get(inputs.size());
      inputs.add(jvm.allocate(operand.dtype(), operand.elements()));
      inputs.get(inputs.size() - 1).write(data);
    }
    List<Memory> outputs = new ArrayList<>();
    op.outputs().forEach(o -> outputs.add(jvm.allocate(o.dtype(), o.elements())));
    Set<String> prints = new LinkedHashSet<>();
    boolean any = jvm.variant(id.kernel(), id.variant()).guarantee().covers(Axis.THREADS);
    List<String> counts = any ? level.threads : Level.ANY.threads;
    if (id.input() != InputKind.WIDE) {
      counts = List.of("3"); // who adds what does not depend on the values
    }
    for (String threads : counts) {
      Conditions all = conditions.with(Conditions.THREADS, threads);
      outputs.forEach(PortableCases::spoil);
      try (BoundKernel bound = op.bind(jvm, all, inputs, outputs)) {
        long end = System.nanoTime() + (threads.equals(counts.get(0)) ? nanos : 0);
        do {
          bound.invoke();
          prints.add(digest(outputs));
        } while (System.nanoTime() < end);
      }
    }
    return prints.size() == 1 ? prints.iterator().next() : "VARIES " + prints;
  }

  /** So that what is not written cannot be what the run before left. */
  private static void spoil(Memory memory) {
    byte[] bytes = new byte[(int) memory.bytes()];
    Arrays.fill(bytes, (byte) 0x5a);
    memory.write(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  private static String digest(List<Memory> outputs) {
    long bytes = outputs.stream().mapToLong(Memory::bytes).sum();
    ByteBuffer all = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    outputs.forEach(m -> m.read(all));
    return Fingerprint.digest(all.flip());
  }
}
