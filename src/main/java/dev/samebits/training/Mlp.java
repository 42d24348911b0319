package dev.samebits.training;

import static dev.samebits.training.Operation.RELU;
import static dev.samebits.training.Operation.RELU_BACKWARD;

import java.util.List;

/**
 * A perceptron with one hidden layer: {@code softmax(relu(x W1 + b1) W2 + b2)} with 64 inputs, 128
 * hidden units and 10 classes, learning rate 1/16. Its arrays: W1, b1, W2, b2.
 */
final class Mlp extends Classifier {
  static final int HIDDEN = 128;
  static final double LEARNING_RATE = 1.0 / 16;

  static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter(IN * HIDDEN, IN),
          new Parameter(HIDDEN, 0),
          new Parameter(HIDDEN * OUT, HIDDEN),
          new Parameter(OUT, 0));

  Mlp(Network network) {
    super(network, PARAMETERS);
    Phase t = training();
    Tensor hidden = hidden(t);
    Tensor dz2 = loss(dense(t, hidden, 2, HIDDEN, OUT));
    denseGradients(hidden, dz2, 2, HIDDEN, OUT);
    Tensor dh = denseBackward(dz2, 2, HIDDEN, OUT);
    Tensor dz1 = add(t, RELU_BACKWARD, BATCH * HIDDEN, List.of(hidden, dh), BATCH * HIDDEN);
    denseGradients(t.input(), dz1, 0, IN, HIDDEN);
    finish(dense(testing(), hidden(testing()), 2, HIDDEN, OUT), LEARNING_RATE);
  }

  private Tensor hidden(Phase phase) {
    int n = phase.rows() * HIDDEN;
    return add(phase, RELU, n, List.of(dense(phase, phase.input(), 0, IN, HIDDEN)), n);
  }
}
