package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.kernel.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a foreign backend to the canonical variant of {@code jvm}: equal values where every order
 * is exact, and a derived bound elsewhere. Outputs are filled with NaN first, so a result that was
 * not written, or that was made from the old content, shows.
 */
public final class AgainstReference {
  private AgainstReference() {}

  /** Runs both comparisons on a shape, e.g. {@code matmul/f32/m3n4k5}. */
  public static void check(Backend backend, String problem, String variant, Conditions conditions) {
    exact(backend, problem, variant, conditions);
    bounded(backend, problem, variant, conditions);
  }

  private static void exact(
      Backend backend, String problem, String variant, Conditions conditions) {
    CaseId id = CaseId.parse(problem + "/" + backend.name() + "/" + variant + "/integer@7");
    List<ByteBuffer> data = Inputs.of(id);
    DType type = id.dtype().result();
    double[] expected = values(type, run(Backends.of("jvm"), id, "canonical", data));
    double[] got = values(type, run(backend, id, conditions, data));
    assertEquals(expected.length, got.length, id.toString());
    for (int i = 0; i < got.length; i++) {
      assertTrue(got[i] == expected[i], id + " [" + i + "]: " + got[i] + " not " + expected[i]);
    }
  }

  /**
   * Each of the two results is within γ_n Σ|a||b| of the exact one, γ_n = n u / (1 − n u), whatever
   * its order (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, section
   * 3.1), so they are within twice that of each other. Σ|a||b| is itself computed, hence 1 + γ_n.
   */
  private static void bounded(
      Backend backend, String problem, String variant, Conditions conditions) {
    CaseId id = CaseId.parse(problem + "/" + backend.name() + "/" + variant + "/normal@7");
    List<ByteBuffer> data = Inputs.of(id);
    Backend jvm = Backends.of("jvm");
    DType type = id.dtype().result();
    double[] expected = values(type, run(jvm, id, "canonical", data));
    double[] magnitude = values(type, run(jvm, id, "canonical", absolute(id.dtype(), data)));
    double[] got = values(type, run(backend, id, conditions, data));
    double nu = (terms(id.shape()) + 1) * (type == DType.F32 ? 0x1p-24 : 0x1p-53);
    double gamma = nu / (1 - nu);
    for (int i = 0; i < got.length; i++) {
      double bound = 2 * gamma * (1 + gamma) * magnitude[i];
      double error = Math.abs(got[i] - expected[i]);
      assertTrue(
          error <= bound, id + " [" + i + "]: " + got[i] + " and " + expected[i] + ", " + bound);
    }
  }

  /** Terms in one output. */
  private static long terms(Shape z) {
    return switch (z.kernel()) {
      case MATMUL -> z.get("k");
      case GEMV, DOT, SUM -> z.get("n");
      case CONV2D_FORWARD -> z.get("c") / z.get("group") * z.get("r") * z.get("s");
      case CONV2D_BACKWARD_DATA -> z.get("k") / z.get("group") * z.get("r") * z.get("s");
      case CONV2D_BACKWARD_FILTER -> (long) z.i("n") * ConvShape.of(z).p() * ConvShape.of(z).q();
      default -> throw new IllegalArgumentException("no bound for " + z.kernel().id());
    };
  }

  private static ByteBuffer run(Backend backend, CaseId id, String variant, List<ByteBuffer> data) {
    Op op = Op.of(id.kernel(), id.dtype(), id.shape(), variant);
    return run(backend, op, Conditions.NONE, data);
  }

  private static ByteBuffer run(
      Backend backend, CaseId id, Conditions conditions, List<ByteBuffer> data) {
    Op op = Op.of(id.kernel(), id.dtype(), id.shape(), id.variant());
    return run(backend, op, conditions, data);
  }

  /** The raw output of one invocation over an output full of NaN. */
  public static ByteBuffer run(
      Backend backend, Op op, Conditions conditions, List<ByteBuffer> data) {
    List<Memory> inputs = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      Operand o = op.inputs().get(i);
      Memory m = backend.allocate(o.dtype(), o.elements());
      m.write(data.get(i).duplicate().order(ByteOrder.LITTLE_ENDIAN));
      inputs.add(m);
    }
    Operand o = op.outputs().get(0);
    Memory output = backend.allocate(o.dtype(), o.elements());
    ByteBuffer nan = buffer(o.bytes());
    while (nan.hasRemaining()) {
      nan.put((byte) 0xFF);
    }
    output.write(nan.flip());
    ByteBuffer result = buffer(o.bytes());
    try (BoundKernel kernel = op.bind(backend, conditions, inputs, List.of(output))) {
      kernel.invoke();
      output.read(result);
    } finally {
      inputs.forEach(Memory::close);
      output.close();
    }
    return result.flip();
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<ByteBuffer> absolute(DType dtype, List<ByteBuffer> data) {
    List<ByteBuffer> all = new ArrayList<>();
    for (ByteBuffer b : data) {
      ByteBuffer copy = buffer(b.remaining());
      for (double v : values(dtype, b)) {
        dtype.put(copy, Math.abs(v));
      }
      all.add(copy.flip());
    }
    return all;
  }

  private static double[] values(DType dtype, ByteBuffer raw) {
    ByteBuffer b = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[b.remaining() / dtype.bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] = dtype.get(b, i);
    }
    return values;
  }
}
