package dev.samebits.backend;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Inputs;
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

  /** The most work, in flops or bytes, of a case for an interpreter. */
  static final double SMALL = 3e3;

  /**
   * All cases whose work is at most {@code most}; of variants in other than the canonical order,
   * which have no fast code, only small ones.
   */
  static List<CaseId> upTo(double most) {
    List<CaseId> cases = new ArrayList<>();
    for (Variant v : new JvmBackend().variants()) {
      if (v.guarantee().covers(Axis.ISA) && v.guarantee().covers(Axis.JIT)) {
        double limit = v.mode() == Mode.REPRODUCIBLE ? most : Math.min(most, SMALL);
        for (DType dtype : List.of(DType.F32, DType.F64, DType.F16, DType.BF16)) {
          for (Shape shape : ContractShapes.portable(v.kernel())) {
            if (v.dtypes().contains(dtype) && v.kernel().work(shape, dtype) <= limit) {
              cases.add(new CaseId(v.kernel(), dtype, shape, "jvm", v.name(), InputKind.WIDE, 1));
            }
          }
        }
      }
    }
    return cases;
  }

  /**
   * Arguments: the most work of a case, milliseconds of invocations of each, the conditions the
   * process was started with. Prints a line for each case: its id and the fingerprint, the same at
   * 1, 2, 3 and 8 threads and each time, or {@code VARIES}.
   */
  public static void main(String[] args) {
    for (CaseId id : upTo(Double.parseDouble(args[0]))) {
      long nanos = Integer.parseInt(args[1]) * 1_000_000L;
      System.out.println(
          id + " " + fingerprint(new JvmBackend(), id, Conditions.parse(args[2]), nanos));
    }
  }

  /** The fingerprint by the plain kernels in this process. */
  static String plainFingerprint(CaseId id) {
    return fingerprint(JvmBackend.plain(), id, Conditions.NONE, 0);
  }

  /** At one thread invocations go on for {@code nanos}, so that the compilers get to it. */
  private static String fingerprint(JvmBackend jvm, CaseId id, Conditions conditions, long nanos) {
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
    for (String threads : List.of("1", "2", "3", "8")) {
      Conditions all = conditions.with(Conditions.THREADS, threads);
      try (BoundKernel bound = op.bind(jvm, all, inputs, outputs)) {
        long end = System.nanoTime() + (threads.equals("1") ? nanos : 0);
        do {
          bound.invoke();
          prints.add(digest(outputs));
        } while (System.nanoTime() < end);
      }
    }
    return prints.size() == 1 ? prints.iterator().next() : "VARIES " + prints;
  }

  private static String digest(List<Memory> outputs) {
    long bytes = outputs.stream().mapToLong(Memory::bytes).sum();
    ByteBuffer all = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    outputs.forEach(m -> m.read(all));
    return Fingerprint.digest(all.flip());
  }
}
