package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.Requires;
import dev.samebits.backend.KernelRunner;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.kernel.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Softmax and the elementwise kernels of training: vectors against the plain kernels. */
class FastLayersTest {
  private static final JvmBackend JVM = new JvmBackend();
  private static final JvmBackend PLAIN = JvmBackend.plain();
  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.longBitsToDouble(-1),
    1e-40
  };

  @BeforeAll
  static void needsTheVectorApi() {
    Requires.that(JvmSettings.fast().isPresent(), "vector", "no kernels of the Vector API here");
  }

  /** Lengths around a vector, a piece of a thread and a block of the sum; rows of all lengths. */
  @ParameterizedTest
  @CsvSource({
    "relu, n1 n15 n16 n17 n70 n131071 n131073 n300001",
    "relu_backward, n1 n15 n16 n17 n70 n131071 n131073 n300001",
    "sgd_update, n1 n15 n16 n17 n70 n131071 n131073 n300001",
    "bias_add, m5n1 m40n7 m9n15 m9n16 m9n17 m300n255 m3n256 m200n1001 m1n131073 m70000n3",
    "cross_entropy_gradient, m5n1 m40n7 m9n16 m9n17 m200n1001 m70000n3",
    "softmax, m5n1 m40n7 m9n15 m9n16 m9n17 m3n127 m3n129 m900n10 m3n8191 m3n8193 m2n16385 m1n40000",
  })
  void bitsAreThoseOfThePlainKernels(String kernel, String shapes) {
    for (String shape : shapes.split(" ")) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        Op op = op(kernel, dtype, shape);
        List<double[]> inputs = KernelRunner.inputs(op, InputKind.NORMAL, 5);
        for (String threads : List.of("1", "2", "3", "8")) {
          compare(op, threads, inputs);
        }
        compare(op, "2", KernelRunner.inputs(op, InputKind.WIDE, 6));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "relu, n37",
    "relu_backward, n37",
    "sgd_update, n37",
    "bias_add, m3n37",
    "bias_add, m37n3",
    "cross_entropy_gradient, m3n37",
    "softmax, m3n37",
    "softmax, m37n3",
  })
  void specialValuesAtEveryPlace(String kernel, String shape) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Op op = op(kernel, dtype, shape);
      List<double[]> inputs = KernelRunner.inputs(op, InputKind.NORMAL, 7);
      for (int operand = 0; operand < inputs.size(); operand++) {
        if (op.inputs().get(operand).dtype().floating()) {
          plant(op, inputs, operand);
        }
      }
    }
  }

  private static void plant(Op op, List<double[]> inputs, int operand) {
    for (int i = 0; i < inputs.get(operand).length; i++) {
      for (double special : SPECIAL) {
        List<double[]> planted = new ArrayList<>(inputs);
        planted.set(operand, inputs.get(operand).clone());
        planted.get(operand)[i] = special;
        compare(op, "1", planted);
      }
    }
  }

  @Test
  void rowsOfOneValueOnly() {
    for (double value : SPECIAL) {
      for (String shape : List.of("m3n5", "m3n37")) {
        Op op = op("softmax", DType.F32, shape);
        double[] x = new double[(int) op.inputs().get(0).elements()];
        Arrays.fill(x, value);
        compare(op, "1", List.of(x));
      }
    }
  }

  /** With weight decay, and an update in place as a training step makes it. */
  @Test
  void updateInPlace() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Op op =
          new Op(
              Kernel.SGD_UPDATE,
              dtype,
              Shape.parse(Kernel.SGD_UPDATE, "n1021"),
              "canonical",
              Map.of("lr", 0.1, "mu", 0.9, "wd", 0.01));
      compare(op, "1", KernelRunner.inputs(op, InputKind.NORMAL, 9));
      assertEquals(inPlace(PLAIN, op), inPlace(JVM, op));
    }
  }

  private static List<Double> inPlace(JvmBackend backend, Op op) {
    List<RealArray> memory = new ArrayList<>();
    for (double[] values : KernelRunner.inputs(op, InputKind.NORMAL, 9)) {
      RealArray array = (RealArray) backend.allocate(op.dtype(), values.length);
      for (int i = 0; i < values.length; i++) {
        array.set(i, values[i]);
      }
      memory.add(array);
    }
    List<Memory> outputs = List.copyOf(memory.subList(0, 2));
    try (BoundKernel bound =
        op.bind(backend, Conditions.of("threads", "3"), List.copyOf(memory), outputs)) {
      bound.invoke();
      bound.invoke();
    }
    List<Double> results = new ArrayList<>();
    for (int i = 0; i < memory.get(0).length(); i++) {
      results.add(memory.get(0).get(i));
      results.add(memory.get(1).get(i));
    }
    return results;
  }

  private static Op op(String kernel, DType dtype, String shape) {
    return Op.of(Kernel.of(kernel), dtype, Shape.parse(Kernel.of(kernel), shape), "canonical");
  }

  private static void compare(Op op, String threads, List<double[]> inputs) {
    Conditions conditions = Conditions.of("threads", threads);
    List<double[]> wanted = KernelRunner.run(PLAIN, op, conditions, inputs);
    List<double[]> got = KernelRunner.run(JVM, op, conditions, inputs);
    for (int i = 0; i < got.size(); i++) {
      Operand operand = op.outputs().get(i);
      int at =
          Arrays.mismatch(
              KernelRunner.bits(op.dtype(), wanted.get(i)),
              KernelRunner.bits(op.dtype(), got.get(i)));
      assertEquals(-1, at, op + " threads=" + threads + ": first difference in " + operand.name());
    }
  }
}
