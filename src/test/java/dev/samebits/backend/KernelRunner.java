package dev.samebits.backend;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Runs one call on a backend from values to values; a double holds every element. */
public final class KernelRunner {
  private KernelRunner() {}

  /** The seeded inputs of a call as values. */
  public static List<double[]> inputs(Op op, InputKind kind, long seed) {
    CaseId id = new CaseId(op.kernel(), op.dtype(), op.shape(), "jvm", op.variant(), kind, seed);
    List<double[]> values = new ArrayList<>();
    List<ByteBuffer> buffers = Inputs.of(id);
    for (int i = 0; i < buffers.size(); i++) {
      values.add(decode(op.inputs().get(i), buffers.get(i)));
    }
    return values;
  }

  /** Binds, invokes {@code times} times, and returns the outputs after each invocation. */
  public static List<List<double[]>> run(
      Backend backend, Op op, Conditions conditions, List<double[]> inputs, int times) {
    List<Memory> in = new ArrayList<>();
    List<Memory> out = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Operand operand = op.inputs().get(i);
      Memory memory = backend.allocate(operand.dtype(), operand.elements());
      memory.write(encode(operand, inputs.get(i)));
      in.add(memory);
    }
    for (Operand operand : op.outputs()) {
      out.add(backend.allocate(operand.dtype(), operand.elements()));
    }
    try (BoundKernel bound = op.bind(backend, conditions, in, out)) {
      List<List<double[]>> results = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        bound.invoke();
        results.add(read(op, out));
      }
      return results;
    } finally {
      in.forEach(Memory::close);
      out.forEach(Memory::close);
    }
  }

  /** One invocation. */
  public static List<double[]> run(
      Backend backend, Op op, Conditions conditions, List<double[]> inputs) {
    return run(backend, op, conditions, inputs, 1).get(0);
  }

  private static List<double[]> read(Op op, List<Memory> out) {
    List<double[]> values = new ArrayList<>();
    for (int i = 0; i < out.size(); i++) {
      ByteBuffer buffer = ByteBuffer.allocate((int) out.get(i).bytes());
      out.get(i).read(buffer.order(ByteOrder.LITTLE_ENDIAN));
      values.add(decode(op.outputs().get(i), buffer.flip()));
    }
    return values;
  }

  private static double[] decode(Operand operand, ByteBuffer buffer) {
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[(int) operand.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = operand.dtype().get(buffer, i);
    }
    return values;
  }

  private static ByteBuffer encode(Operand operand, double[] values) {
    ByteBuffer buffer = ByteBuffer.allocate((int) operand.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      operand.dtype().put(buffer, value);
    }
    return buffer.flip();
  }

  /** The value of an element: {@code x} rounded to its type. */
  public static double rounded(DType dtype, double x) {
    ByteBuffer one = ByteBuffer.allocate(dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    dtype.put(one, x);
    return dtype.get(one, 0);
  }

  /** The raw bits of outputs of a call with inputs of this type. */
  public static long[] bits(DType dtype, double[] values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] =
          dtype.result() == DType.F32
              ? Float.floatToRawIntBits((float) values[i]) & 0xFFFFFFFFL
              : Double.doubleToRawLongBits(values[i]);
    }
    return bits;
  }
}
