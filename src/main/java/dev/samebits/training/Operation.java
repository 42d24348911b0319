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
  SGD_UPDATE(Kernel.SGD_UPDATE),
  /** Both convolutions of the cnn. */
  CONV_FORWARD(Kernel.CONV2D_FORWARD),
  /** Gradient of the second convolution by its data. */
  CONV_BACKWARD_DATA(Kernel.CONV2D_BACKWARD_DATA),
  /** Gradient of both convolutions by their filters. */
  CONV_BACKWARD_FILTER(Kernel.CONV2D_BACKWARD_FILTER),
  /** Both max-pools of the cnn. */
  MAX_POOL(Kernel.MAX_POOL),
  /** Their gradient. */
  MAX_POOL_BACKWARD(Kernel.MAX_POOL_BACKWARD);

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

  /** The ids of a model's operations, in order. */
  public static List<String> ids(String model) {
    return Arrays.stream(values())
        .filter(o -> model.equals("cnn") || o.compareTo(SGD_UPDATE) <= 0)
        .map(Operation::id)
        .toList();
  }
}
