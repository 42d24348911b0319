package dev.samebits.training;

import static dev.samebits.training.Operation.BIAS_ADD;
import static dev.samebits.training.Operation.COL_SUM;
import static dev.samebits.training.Operation.CROSS_ENTROPY_GRADIENT;
import static dev.samebits.training.Operation.MATMUL_BACKWARD_DATA;
import static dev.samebits.training.Operation.MATMUL_BACKWARD_WEIGHT;
import static dev.samebits.training.Operation.MATMUL_FORWARD;
import static dev.samebits.training.Operation.RELU;
import static dev.samebits.training.Operation.RELU_BACKWARD;
import static dev.samebits.training.Operation.SGD_UPDATE;
import static dev.samebits.training.Operation.SOFTMAX;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Philox;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A perceptron with one hidden layer, f32: {@code softmax(relu(x W1 + b1) W2 + b2)} with 64 inputs,
 * 128 hidden units and 10 classes, trained on the mean cross entropy by SGD with momentum (learning
 * rate 1/16, momentum 7/8, no weight decay). Every array operation is a kernel of the SPI.
 *
 * <p>Initial weights: {@code W[i] = f32((2 u(i) - 1) sqrt(6 / inputs))} with u the Philox uniform
 * f32 of the seed, stream 1 for W1 and 2 for W2, the product rounded to f64 and then to f32 (He et
 * al. 2015, doi:10.1109/ICCV.2015.123, as a uniform distribution). Biases and velocities are +0.
 */
final class Mlp {
  static final int BATCH = 64;
  static final int HIDDEN = 128;
  static final double LEARNING_RATE = 1.0 / 16;
  static final double MOMENTUM = 7.0 / 8;

  private static final int IN = Digits.FEATURES;
  private static final int OUT = Digits.CLASSES;
  private static final int[] PARAMETERS = {IN * HIDDEN, HIDDEN, HIDDEN * OUT, OUT};

  private final Network network;
  private final Tensor x;
  private final Tensor labels;
  private final Tensor probabilities;
  private final Tensor testX;
  private final Tensor testLogits;
  private final Tensor[] parameters = new Tensor[PARAMETERS.length];
  private final Tensor[] velocities = new Tensor[PARAMETERS.length];
  private final List<Network.Call> training = new ArrayList<>();
  private final List<Network.Call> testing = new ArrayList<>();

  /** Parameters and velocities of one replicate, each in the order W1, b1, W2, b2. */
  record State(ByteBuffer weights, ByteBuffer velocities) {}

  Mlp(Network network) {
    this.network = network;
    for (int i = 0; i < PARAMETERS.length; i++) {
      parameters[i] = network.tensor(PARAMETERS[i]);
      velocities[i] = network.tensor(PARAMETERS[i]);
    }
    x = network.tensor(BATCH * IN);
    labels = network.tensor(DType.I32, BATCH);
    probabilities = network.tensor(BATCH * OUT);
    testX = network.tensor(Digits.TEST * IN);
    Tensor hidden = network.tensor(BATCH * HIDDEN);
    Tensor logits = forward(training, BATCH, x, hidden);
    add(training, SOFTMAX, List.of(logits), probabilities, BATCH, OUT);
    backward(hidden);
    testLogits = forward(testing, Digits.TEST, testX, network.tensor(Digits.TEST * HIDDEN));
  }

  private void add(
      List<Network.Call> phase, Operation operation, List<Tensor> in, Tensor out, long... dims) {
    phase.add(network.call(operation, Map.of(), in, List.of(out), dims));
  }

  private Tensor forward(List<Network.Call> phase, int rows, Tensor input, Tensor hidden) {
    Tensor z1 = network.tensor(rows * HIDDEN);
    Tensor a1 = network.tensor(rows * HIDDEN);
    Tensor z2 = network.tensor(rows * OUT);
    Tensor logits = network.tensor(rows * OUT);
    add(phase, MATMUL_FORWARD, List.of(input, parameters[0]), z1, rows, HIDDEN, IN);
    add(phase, BIAS_ADD, List.of(z1, parameters[1]), a1, rows, HIDDEN);
    add(phase, RELU, List.of(a1), hidden, rows * HIDDEN);
    add(phase, MATMUL_FORWARD, List.of(hidden, parameters[2]), z2, rows, OUT, HIDDEN);
    add(phase, BIAS_ADD, List.of(z2, parameters[3]), logits, rows, OUT);
    return logits;
  }

  /** All gradients first, then all updates, so that every gradient sees the old weights. */
  private void backward(Tensor hidden) {
    Tensor dz2 = network.tensor(BATCH * OUT);
    Tensor dh = network.tensor(BATCH * HIDDEN);
    Tensor dz1 = network.tensor(BATCH * HIDDEN);
    Tensor[] gradients = new Tensor[PARAMETERS.length];
    for (int i = 0; i < PARAMETERS.length; i++) {
      gradients[i] = network.tensor(PARAMETERS[i]);
    }
    List<Network.Call> t = training;
    add(t, CROSS_ENTROPY_GRADIENT, List.of(probabilities, labels), dz2, BATCH, OUT);
    add(t, MATMUL_BACKWARD_WEIGHT, List.of(hidden, dz2), gradients[2], HIDDEN, OUT, BATCH, 1);
    add(t, COL_SUM, List.of(dz2), gradients[3], BATCH, OUT);
    add(t, MATMUL_BACKWARD_DATA, List.of(dz2, parameters[2]), dh, BATCH, HIDDEN, OUT, 0, 1);
    add(t, RELU_BACKWARD, List.of(hidden, dh), dz1, BATCH * HIDDEN);
    add(t, MATMUL_BACKWARD_WEIGHT, List.of(x, dz1), gradients[0], IN, HIDDEN, BATCH, 1);
    add(t, COL_SUM, List.of(dz1), gradients[1], BATCH, HIDDEN);
    for (int i = 0; i < PARAMETERS.length; i++) {
      t.add(
          network.call(
              SGD_UPDATE,
              Map.of("lr", LEARNING_RATE, "mu", MOMENTUM, "wd", 0.0),
              List.of(parameters[i], velocities[i], gradients[i]),
              List.of(parameters[i], velocities[i]),
              PARAMETERS[i]));
    }
  }

  /** The state before the first step. */
  static State initial(long seed) {
    int bytes = Float.BYTES * (PARAMETERS[0] + PARAMETERS[1] + PARAMETERS[2] + PARAMETERS[3]);
    ByteBuffer weights = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < PARAMETERS.length; i++) {
      int inputs = i == 0 ? IN : HIDDEN;
      Philox random = new Philox(seed, i / 2 + 1);
      for (int j = 0; j < PARAMETERS[i]; j++) {
        boolean bias = i % 2 == 1;
        double w = bias ? 0 : (2.0 * random.uniformFloat(j) - 1) * Math.sqrt(6.0 / inputs);
        weights.putFloat((float) w);
      }
    }
    return new State(weights.flip(), ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The images and labels of the next steps. */
  void batch(Digits data, int[] images) {
    ByteBuffer classes = ByteBuffer.allocate(Integer.BYTES * BATCH).order(ByteOrder.LITTLE_ENDIAN);
    for (int image : images) {
      classes.putInt(data.label(image));
    }
    x.write(features(data, images));
    labels.write(classes.flip());
  }

  private static ByteBuffer features(Digits data, int[] images) {
    ByteBuffer features =
        ByteBuffer.allocate(Float.BYTES * IN * images.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int image : images) {
      for (int j = 0; j < IN; j++) {
        features.putFloat(data.feature(image, j));
      }
    }
    return features.flip();
  }

  void load(State state) {
    scatter(state.weights, parameters);
    scatter(state.velocities, velocities);
  }

  private static void scatter(ByteBuffer from, Tensor[] tensors) {
    int at = 0;
    for (Tensor t : tensors) {
      t.write(from.slice(at, t.bytes()));
      at += t.bytes();
    }
  }

  void save(State state) {
    gather(parameters, state.weights);
    gather(velocities, state.velocities);
  }

  private static void gather(Tensor[] tensors, ByteBuffer to) {
    to.clear();
    for (Tensor t : tensors) {
      t.read(to);
    }
    to.flip();
  }

  /** One SGD iteration on the batch. */
  void step() {
    training.forEach(Network.Call::invoke);
  }

  /** Mean cross entropy of the last step's batch before its update: on the host, for display. */
  double loss(Digits data, int[] images) {
    ByteBuffer p = ByteBuffer.allocate(probabilities.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    probabilities.read(p);
    double sum = 0;
    for (int i = 0; i < images.length; i++) {
      double likelihood = p.getFloat(Float.BYTES * (i * OUT + data.label(images[i])));
      sum -= StrictMath.log(Math.max(likelihood, Float.MIN_VALUE));
    }
    return sum / images.length;
  }

  /** The class with the largest logit of every test image; the first one wins ties. */
  int[] predict(Digits data) {
    testX.write(
        features(data, IntStream.range(Digits.TRAIN, Digits.TRAIN + Digits.TEST).toArray()));
    testing.forEach(Network.Call::invoke);
    ByteBuffer logits = ByteBuffer.allocate(testLogits.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    testLogits.read(logits);
    int[] classes = new int[Digits.TEST];
    for (int i = 0; i < classes.length; i++) {
      for (int c = 1; c < OUT; c++) {
        float best = logits.getFloat(Float.BYTES * (i * OUT + classes[i]));
        if (logits.getFloat(Float.BYTES * (i * OUT + c)) > best) {
          classes[i] = c;
        }
      }
    }
    return classes;
  }
}
