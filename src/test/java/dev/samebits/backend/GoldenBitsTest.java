package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

/**
 * The bits of every canonical kernel for every input kind, and of exp, log, tanh and sigmoid,
 * sealed in a file. Only {@code -Dgolden.rewrite=true} writes it again.
 */
class GoldenBitsTest {
  private static final String NAME = "canonical.txt";
  private static final Backend JVM = new JvmBackend();

  /** With one result, which is finite, infinite or NaN. */
  private static final Set<Kernel> SINGLE =
      Set.of(Kernel.SUM, Kernel.DOT, Kernel.MEAN, Kernel.NRM2);

  @Test
  void bitsAreThoseOfTheGoldenFile() throws IOException {
    String computed = String.join("\n", lines()) + "\n";
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(
          Files.createDirectories(Path.of("src/test/resources/golden")).resolve(NAME), computed);
    }
    try (InputStream in = GoldenBitsTest.class.getResourceAsStream("/golden/" + NAME)) {
      assertNotNull(in, "golden/" + NAME + " is missing; write it with -Dgolden.rewrite=true");
      assertEquals(new String(in.readAllBytes(), StandardCharsets.US_ASCII), computed);
    }
  }

  private static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Kernel kernel : List.of(Kernel.SUM, Kernel.DOT)) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        for (InputKind kind : InputKind.values()) {
          lines.add("exact " + line(op(kernel, dtype, shape(kernel), "exact"), kind, 1));
        }
      }
    }
    for (Kernel kernel : Kernel.values()) {
      bits(lines, kernel, shape(kernel));
    }
    bits(lines, Kernel.MATMUL, "m3n2k5tb1batch3");
    values(lines, MathReference.EXP, -700, -88.5, -3, -0x1p-9, 0x1p-30, 0.4, 1, 2.5, 80, 700);
    values(lines, MathReference.LOG, 1e-310, 1e-40, 0.3, 0.99, 1.01, 1.4142, 2, 10, 1e30, 1e300);
    values(
        lines, MathReference.TANH, 1e-310, 1e-40, -0.0, -0x1p-9, 0.17, -0.4, 1, -2.5, 9, -19, 30);
    values(
        lines, MathReference.SIGMOID, -720, -88.5, -17, -2.5, -0.4, -0x1p-30, 0.17, 1, 9, 19, 40);
    for (DType dtype : List.of(DType.F16, DType.BF16)) {
      bits(lines, Kernel.MATMUL, shape(Kernel.MATMUL), dtype);
      bits(lines, Kernel.MATMUL, "m3n2k5tb1batch3", dtype);
    }
    specials(lines);
    return lines;
  }

  /**
   * Rows in which NaN and infinity are seen arriving beside numbers, as most of those above are too
   * short to hold one or so long that nothing else is left.
   */
  private static void specials(List<String> lines) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (Kernel kernel : Kernel.values()) {
        if (SINGLE.contains(kernel)) {
          for (long seed : PortableCases.OF_33) {
            lines.add(line(op(kernel, dtype, "n33", "canonical"), InputKind.SPECIAL, seed));
          }
        } else {
          lines.add(mixed(op(kernel, dtype, mixedShape(kernel), "canonical")));
        }
      }
      lines.add(mixed(op(Kernel.MATMUL, dtype, "m4n3k5ta1batch3", "canonical")));
      Op product = op(Kernel.MATMUL, dtype, "m8n6k2", "canonical");
      lines.add(line(product, InputKind.CANCELLING, 1));
      for (long seed : PortableCases.OF_33) {
        lines.add("exact " + line(op(Kernel.SUM, dtype, "n33", "exact"), InputKind.SPECIAL, seed));
        lines.add("exact " + line(op(Kernel.DOT, dtype, "n33", "exact"), InputKind.SPECIAL, seed));
        // So few products that not all of their sums are too large.
        lines.add(
            "exact " + line(op(Kernel.DOT, dtype, "n5", "exact"), InputKind.CANCELLING, seed));
      }
    }
  }

  /** Of the first seed that gives NaN and numbers from inputs with what is special in them. */
  private static String mixed(Op op) {
    for (long seed = 1; seed <= 10_000; seed++) {
      List<double[]> inputs = KernelRunner.inputs(op, InputKind.SPECIAL, seed);
      if (any(inputs, Double::isNaN)
          && any(inputs, Double::isInfinite)
          && any(inputs, x -> x != 0 && Math.abs(x) < smallestNormal(op.dtype()))) {
        List<double[]> outputs = KernelRunner.run(JVM, op, Conditions.NONE, inputs);
        if (any(outputs, Double::isNaN) && any(outputs, Double::isFinite)) {
          return line(op, InputKind.SPECIAL, seed);
        }
      }
    }
    throw new AssertionError(op + ": no seed gives both NaN and numbers");
  }

  private static boolean any(List<double[]> values, DoublePredicate condition) {
    return values.stream().flatMapToDouble(Arrays::stream).anyMatch(condition);
  }

  private static double smallestNormal(DType dtype) {
    return dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
  }

  private static void bits(List<String> lines, Kernel kernel, String shape) {
    bits(lines, kernel, shape, DType.F32, DType.F64);
  }

  private static void bits(List<String> lines, Kernel kernel, String shape, DType... dtypes) {
    for (DType dtype : dtypes) {
      for (InputKind kind : InputKind.values()) {
        lines.add(line(op(kernel, dtype, shape, "canonical"), kind, 1));
      }
    }
  }

  private static void values(List<String> lines, MathReference function, double... arguments) {
    for (double x : arguments) {
      String y = f32(function.single((float) x)) + " " + f64(function.twice(x));
      lines.add(function.id() + " " + Double.toHexString(x) + " " + y);
    }
  }

  private static Op op(Kernel kernel, DType dtype, String shape, String variant) {
    return Op.of(kernel, dtype, Shape.parse(kernel, shape), variant);
  }

  private static String line(Op op, InputKind kind, long seed) {
    StringBuilder text = new StringBuilder();
    text.append(op.kernel().id()).append('/').append(op.dtype().id()).append('/');
    text.append(op.shape()).append('/').append(kind.id()).append('@').append(seed);
    List<double[]> inputs = KernelRunner.inputs(op, kind, seed);
    for (double[] output : KernelRunner.run(JVM, op, Conditions.of("threads", "2"), inputs)) {
      for (double value : output) {
        text.append(' ').append(op.dtype().result() == DType.F32 ? f32((float) value) : f64(value));
      }
    }
    return text.toString();
  }

  private static String f32(float value) {
    return String.format(Locale.ROOT, "%08x", Float.floatToRawIntBits(value));
  }

  private static String f64(double value) {
    return String.format(Locale.ROOT, "%016x", Double.doubleToRawLongBits(value));
  }

  private static String shape(Kernel kernel) {
    return switch (kernel) {
      case MATMUL -> "m2n3k4200ta1";
      case GEMV -> "m3n4200";
      case SUM, DOT, MEAN, NRM2 -> "n33000";
      case CONV2D_FORWARD, CONV2D_BACKWARD_DATA -> "n1c2h5w5k4r3s2pad1stride2group2";
      case CONV2D_BACKWARD_FILTER -> "n3c1h31w27k2r2s2pad1";
      case SCATTER_ADD -> "n1000t6";
      case MAX_POOL, MAX_POOL_BACKWARD -> "n1c2h5w5r3s2pad1stride2";
      case COL_SUM -> "m16500n2";
      case FMA_CHAIN -> "n7r9";
      case ROW_SUM -> "m2n16500";
      case SOFTMAX, BIAS_ADD, CROSS_ENTROPY_GRADIENT -> "m2n5";
      case COPY, RELU, RELU_BACKWARD, SGD_UPDATE, EXP, LOG, TANH, SIGMOID -> "n8";
    };
  }

  private static String mixedShape(Kernel kernel) {
    return switch (kernel) {
      case MATMUL -> "m8n6k9";
      case GEMV -> "m16n7";
      case SUM, DOT, MEAN, NRM2 -> throw new IllegalArgumentException(kernel.id());
      case CONV2D_FORWARD, CONV2D_BACKWARD_DATA -> "n1c2h6w7k3r3s3pad1";
      case CONV2D_BACKWARD_FILTER -> "n1c2h4w3k3r2s2";
      case SCATTER_ADD -> "n64t13";
      case MAX_POOL, MAX_POOL_BACKWARD -> "n1c2h9w8r3s2pad1";
      case COL_SUM -> "m7n9";
      case ROW_SUM -> "m9n7";
      case FMA_CHAIN -> "n64r9";
      case SOFTMAX, BIAS_ADD, CROSS_ENTROPY_GRADIENT -> "m8n17";
      case COPY, RELU, RELU_BACKWARD, SGD_UPDATE, EXP, LOG, TANH, SIGMOID -> "n64";
    };
  }
}
