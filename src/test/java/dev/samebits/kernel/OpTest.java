package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpTest {
  private static final Conditions ONE = Conditions.of("threads", "1");
  private static final Conditions TWO = Conditions.of("threads", "2");

  /** Offers dot, pinned and free, and reads back what it is told to, whatever was asked for. */
  private static final class Reporting implements Backend, BoundKernel {
    private final Map<String, String> effective;
    private int closed;

    Reporting(String threads) {
      this.effective = threads.isEmpty() ? Map.of() : Map.of("threads", threads);
    }

    @Override
    public String name() {
      return "reporting";
    }

    @Override
    public List<Variant> variants() {
      return List.of(variant("pinned", false), variant("free", true));
    }

    private static Variant variant(String name, boolean parallel) {
      return new Variant(
          Kernel.DOT,
          name,
          Set.of(DType.F32),
          Mode.NONDETERMINISTIC,
          Guarantee.NOT_GUARANTEED,
          parallel,
          name);
    }

    @Override
    public Availability availability() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ForkSettings forkSettings(Variant variant, Conditions conditions) {
      return ForkSettings.NONE;
    }

    @Override
    public Memory allocate(DType dtype, long elements) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BoundKernel bind(Op op, Conditions c, List<Memory> inputs, List<Memory> outputs) {
      return this;
    }

    @Override
    public void invoke() {}

    @Override
    public Map<String, String> effective() {
      return effective;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private record Nothing(DType dtype, long elements) implements Memory {
    @Override
    public void write(ByteBuffer source) {}

    @Override
    public void read(ByteBuffer target) {}

    @Override
    public void close() {}
  }

  private static void bind(Reporting backend, String variant, Conditions conditions) {
    Op op = Op.of(Kernel.DOT, DType.F32, Shape.parse(Kernel.DOT, "n3"), variant);
    Memory three = new Nothing(DType.F32, 3);
    op.bind(backend, conditions, List.of(three, three), List.of(new Nothing(DType.F32, 1)));
  }

  private static String refusal(String readBack, String variant, Conditions conditions) {
    Reporting backend = new Reporting(readBack);
    String message =
        assertThrows(Op.NotHonouredException.class, () -> bind(backend, variant, conditions))
            .getMessage();
    assertEquals(1, backend.closed);
    return message;
  }

  @Test
  void aPinToOneThreadIsCheckedWithoutACondition() {
    String expected = "reporting/pinned: threads=1 was asked for, but threads=2 was read back";
    for (Conditions c : List.of(Conditions.NONE, ONE, TWO)) {
      assertEquals(expected, refusal("2", "pinned", c));
      bind(new Reporting("1"), "pinned", c);
    }
  }

  @Test
  void threadsThatCannotBeReadBackAreRefusedOnlyWhenANumberIsAskedFor() {
    bind(new Reporting(""), "pinned", Conditions.NONE);
    bind(new Reporting(""), "free", Conditions.NONE);
    assertEquals(
        "reporting/pinned: threads=1 was asked for, but nothing was read back",
        refusal("", "pinned", TWO));
    assertEquals(
        "reporting/free: threads=2 was asked for, but nothing was read back",
        refusal("", "free", TWO));
  }

  @Test
  void aParallelVariantMustHaveTheThreadsOfItsCondition() {
    bind(new Reporting("7"), "free", Conditions.NONE);
    bind(new Reporting("2"), "free", TWO);
    assertEquals(
        "reporting/free: threads=2 was asked for, but threads=1 was read back",
        refusal("1", "free", TWO));
  }

  /** For every kernel: no list, too few, a null, one element more, another type. */
  @Test
  void wrongOperandsAreRejectedForEveryKernel() {
    Backend jvm = new dev.samebits.backend.jvm.JvmBackend();
    for (Kernel kernel : Kernel.values()) {
      long[] sizes = new long[kernel.dims().size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = kernel.dims().get(i).optional() ? kernel.dims().get(i).defaultValue() : 1;
      }
      Op op = Op.of(kernel, DType.F32, Shape.of(kernel, sizes), "canonical");
      List<Memory> in = memories(op.inputs());
      List<Memory> out = memories(op.outputs());
      op.bind(jvm, ONE, allocated(jvm, op.inputs()), allocated(jvm, op.outputs())).close();
      refuses(jvm, op, null, out, "takes " + in.size() + " inputs, not null");
      refuses(jvm, op, in, null, "takes " + out.size() + " outputs, not null");
      refuses(jvm, op, List.of(), out, "takes " + in.size() + " inputs, not 0");
      refuses(jvm, op, in, List.of(), "takes " + out.size() + " outputs, not 0");
      for (int i = 0; i < in.size(); i++) {
        String name = kernel.id() + " input " + op.inputs().get(i).name();
        wrong(op.inputs().get(i), in, i, name, list -> bindRefused(jvm, op, list, out));
      }
      for (int i = 0; i < out.size(); i++) {
        String name = kernel.id() + " output " + op.outputs().get(i).name();
        wrong(op.outputs().get(i), out, i, name, list -> bindRefused(jvm, op, in, list));
      }
    }
  }

  private static void wrong(
      Operand operand,
      List<Memory> right,
      int i,
      String name,
      java.util.function.Function<List<Memory>, String> bind) {
    List<Memory> list = new java.util.ArrayList<>(right);
    list.set(i, null);
    assertEquals(name + " is null", bind.apply(list));
    DType other = operand.dtype() == DType.F64 ? DType.F32 : DType.F64;
    for (Memory bad :
        List.of(
            new Nothing(operand.dtype(), operand.elements() + 1),
            new Nothing(operand.dtype(), operand.elements() - 1),
            new Nothing(other, operand.elements()))) {
      list.set(i, bad);
      String message = bind.apply(list);
      String needs = " needs " + operand.elements() + " " + operand.dtype().id();
      String got = ", got " + bad.elements() + " " + bad.dtype().id();
      assertTrue(message.startsWith(name + needs) && message.endsWith(got), message);
    }
  }

  private static void refuses(
      Backend jvm, Op op, List<Memory> in, List<Memory> out, String message) {
    assertEquals(op.kernel().id() + " " + message, bindRefused(jvm, op, in, out));
  }

  private static String bindRefused(Backend jvm, Op op, List<Memory> in, List<Memory> out) {
    return assertThrows(IllegalArgumentException.class, () -> op.bind(jvm, ONE, in, out))
        .getMessage();
  }

  private static List<Memory> memories(List<Operand> operands) {
    return operands.stream().map(o -> (Memory) new Nothing(o.dtype(), o.elements())).toList();
  }

  private static List<Memory> allocated(Backend backend, List<Operand> operands) {
    return operands.stream().map(o -> backend.allocate(o.dtype(), o.elements())).toList();
  }
}
