package dev.samebits.training;

import dev.samebits.kernel.Kernel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The operations of a training step whose backend and variant can be chosen. */
public enum Operation {
  /** z = x W, both layers. */
  MATMUL_FORWARD(Kernel.MATMUL),
  /** dW = x' dz, both layers. */
  MATMUL_BACKWARD_WEIGHT(Kernel.MATMUL),
  /** dx = dz W', the second layer. */
  MATMUL_BACKWARD_DATA(Kernel.MATMUL),
  /** z + b, both layers. */
  BIAS_ADD(Kernel.BIAS_ADD),
  /** The hidden layer's activation. */
  RELU(Kernel.RELU),
  /** Its gradient. */
  RELU_BACKWARD(Kernel.RELU_BACKWARD),
  /** Class probabilities. */
  SOFTMAX(Kernel.SOFTMAX),
  /** Gradient of the mean cross entropy by the logits. */
  CROSS_ENTROPY_GRADIENT(Kernel.CROSS_ENTROPY_GRADIENT),
  /** Bias gradients, both layers. */
  COL_SUM(Kernel.COL_SUM),
  /** Update of every parameter. */
  SGD_UPDATE(Kernel.SGD_UPDATE);

  private final Kernel kernel;

  Operation(Kernel kernel) {
    this.kernel = kernel;
  }

  /** The kernel it calls. */
  public Kernel kernel() {
    return kernel;
  }

  /** The name used in suites and records. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All ids, in order. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(Operation::id).toList();
  }
}
