package dev.samebits.training;

import static dev.samebits.training.Operation.CONV_BACKWARD_DATA;
import static dev.samebits.training.Operation.CONV_BACKWARD_FILTER;
import static dev.samebits.training.Operation.CONV_FORWARD;
import static dev.samebits.training.Operation.MAX_POOL;
import static dev.samebits.training.Operation.MAX_POOL_BACKWARD;
import static dev.samebits.training.Operation.RELU;
import static dev.samebits.training.Operation.RELU_BACKWARD;

import java.util.List;

/**
 * A small convolutional network on images of 8 x 8: two 5 x 5 convolutions of 16 and 32 channels
 * with padding 2 and without biases, each with relu and a 2 x 2 max-pool, then 128 hidden units and
 * 10 classes, learning rate 1/64. Its arrays: K1, K2, W1, b1, W2, b2.
 */
final class Cnn extends Classifier {
  private static final double LEARNING_RATE = 1.0 / 64;
  private static final int TAPS = 5;
  private static final int FLAT = 128;
  private static final int HIDDEN = 128;
  private static final Stage FIRST = new Stage(0, 1, 16, 8);
  private static final Stage SECOND = new Stage(1, 16, 32, 4);

  static final List<Parameter> PARAMETERS =
      List.of(
          FIRST.filters(),
          SECOND.filters(),
          new Parameter(FLAT * HIDDEN, FLAT),
          new Parameter(HIDDEN, 0),
          new Parameter(HIDDEN * OUT, HIDDEN),
          new Parameter(OUT, 0));

  /** A convolution, relu and max-pool: from c channels of side x side to k of half the side. */
  private record Stage(int parameter, int c, int k, int side) {
    Parameter filters() {
      return new Parameter(k * c * TAPS * TAPS, c * TAPS * TAPS);
    }

    int inputs(int rows) {
      return rows * c * side * side;
    }

    int outputs(int rows) {
      return rows * k * side * side;
    }

    long[] convolution(int rows) {
      return new long[] {rows, c, side, side, k, TAPS, TAPS, TAPS / 2};
    }

    long[] pool(int rows) {
      return new long[] {rows, k, side, side, 2, 2, 0, 2};
    }
  }

  /** What the gradients need of a stage. */
  private record Trace(Tensor input, Tensor active, Tensor pooled) {}

  Cnn(Network network) {
    super(network, PARAMETERS);
    Phase t = training();
    Trace one = forward(t, FIRST, t.input());
    Trace two = forward(t, SECOND, one.pooled());
    Tensor hidden = hidden(t, two.pooled());
    Tensor dz2 = loss(dense(t, hidden, 4, HIDDEN, OUT));
    denseGradients(hidden, dz2, 4, HIDDEN, OUT);
    Tensor dh = denseBackward(dz2, 4, HIDDEN, OUT);
    Tensor dz1 = add(t, RELU_BACKWARD, BATCH * HIDDEN, List.of(hidden, dh), BATCH * HIDDEN);
    denseGradients(two.pooled(), dz1, 2, FLAT, HIDDEN);
    Tensor dc2 = backward(t, SECOND, two, denseBackward(dz1, 2, FLAT, HIDDEN));
    List<Tensor> operands = List.of(dc2, parameter(SECOND.parameter()));
    Tensor dp1 =
        add(t, CONV_BACKWARD_DATA, SECOND.inputs(BATCH), operands, SECOND.convolution(BATCH));
    backward(t, FIRST, one, dp1);
    Phase test = testing();
    Tensor pooled = forward(test, SECOND, forward(test, FIRST, test.input()).pooled()).pooled();
    finish(dense(test, hidden(test, pooled), 4, HIDDEN, OUT), LEARNING_RATE);
  }

  private Trace forward(Phase phase, Stage s, Tensor input) {
    int rows = phase.rows();
    int n = s.outputs(rows);
    List<Tensor> operands = List.of(input, parameter(s.parameter()));
    Tensor c = add(phase, CONV_FORWARD, n, operands, s.convolution(rows));
    Tensor active = add(phase, RELU, n, List.of(c), n);
    Tensor pooled = add(phase, MAX_POOL, n / 4, List.of(active), s.pool(rows));
    return new Trace(input, active, pooled);
  }

  private Tensor hidden(Phase phase, Tensor flat) {
    int n = phase.rows() * HIDDEN;
    return add(phase, RELU, n, List.of(dense(phase, flat, 2, FLAT, HIDDEN)), n);
  }

  /** The gradient of the filters; returns that of the convolution's output. */
  private Tensor backward(Phase t, Stage s, Trace trace, Tensor dPooled) {
    int n = s.outputs(BATCH);
    List<Tensor> pool = List.of(trace.active(), dPooled);
    Tensor dActive = add(t, MAX_POOL_BACKWARD, n, pool, s.pool(BATCH));
    Tensor dc = add(t, RELU_BACKWARD, n, List.of(trace.active(), dActive), n);
    List<Tensor> operands = List.of(trace.input(), dc);
    add(t.calls(), CONV_BACKWARD_FILTER, operands, gradient(s.parameter()), s.convolution(BATCH));
    return dc;
  }
}
