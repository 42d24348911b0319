package dev.samebits.training;

import static dev.samebits.training.Operation.BIAS_ADD;
import static dev.samebits.training.Operation.COL_SUM;
import static dev.samebits.training.Operation.CROSS_ENTROPY_GRADIENT;
import static dev.samebits.training.Operation.MATMUL_BACKWARD_DATA;
import static dev.samebits.training.Operation.MATMUL_BACKWARD_WEIGHT;
import static dev.samebits.training.Operation.MATMUL_FORWARD;
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
 * What the models share: f32, softmax over 10 classes, trained on the mean cross entropy by SGD
 * with momentum (7/8, no weight decay). Every array operation is a kernel of the SPI. A model adds
 * its layers to the phases in its constructor.
 *
 * <p>Initial weights: {@code W[i] = f32((2 u(i) - 1) sqrt(6 / inputs))} with u the Philox uniform
 * f32 of the seed, stream 1 for the first array of weights, 2 for the second and so on, the product
 * rounded to f64 and then to f32 (He et al. 2015, doi:10.1109/ICCV.2015.123, as a uniform
 * distribution). Biases and velocities are +0.
 */
abstract class Classifier {
  static final int BATCH = 64;
  static final double MOMENTUM = 7.0 / 8;

  static final int IN = Digits.FEATURES;
  static final int OUT = Digits.CLASSES;

  private final Network network;
  private final List<Parameter> shapes;
  private final Tensor labels;
  private final Tensor probabilities;
  private final Tensor[] parameters;
  private final Tensor[] velocities;
  private final Tensor[] gradients;
  private final List<Network.Call> training = new ArrayList<>();
  private final List<Network.Call> testing = new ArrayList<>();
  private final Tensor x;
  private final Tensor testX;
  private Tensor testLogits;

  /**
   * An array of weights or biases.
   *
   * @param elements its size
   * @param inputs terms of the sums it takes part in; 0 for biases
   */
  record Parameter(int elements, int inputs) {}

  Classifier(Network network, List<Parameter> shapes) {
    this.network = network;
    this.shapes = shapes;
    parameters = tensors();
    velocities = tensors();
    gradients = tensors();
    x = network.tensor(BATCH * IN);
    labels = network.tensor(DType.I32, BATCH);
    probabilities = network.tensor(BATCH * OUT);
    testX = network.tensor(Digits.TEST * IN);
  }

  private Tensor[] tensors() {
    return shapes.stream().map(p -> network.tensor(p.elements())).toArray(Tensor[]::new);
  }

  /** The model of a name, bound on the network's backends. */
  static Classifier of(String model, Network network) {
    return model.equals("cnn") ? new Cnn(network) : new Mlp(network);
  }

  /** The parameters before the first step, in the order of the model's arrays. */
  static ByteBuffer initial(String model, long seed) {
    List<Parameter> shapes = model.equals("cnn") ? Cnn.PARAMETERS : Mlp.PARAMETERS;
    int bytes = Float.BYTES * shapes.stream().mapToInt(Parameter::elements).sum();
    ByteBuffer weights = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int stream = 0;
    for (Parameter p : shapes) {
      boolean bias = p.inputs() == 0;
      stream += bias ? 0 : 1;
      Philox random = new Philox(seed, stream);
      for (int j = 0; j < p.elements(); j++) {
        double w = bias ? 0 : (2.0 * random.uniformFloat(j) - 1) * Math.sqrt(6.0 / p.inputs());
        weights.putFloat((float) w);
      }
    }
    return weights.flip();
  }

  /** A phase of the model: the calls of one training step up to the logits, or of testing. */
  record Phase(List<Network.Call> calls, int rows, Tensor input) {}

  final Phase training() {
    return new Phase(training, BATCH, x);
  }

  final Phase testing() {
    return new Phase(testing, Digits.TEST, testX);
  }

  final Tensor gradient(int parameter) {
    return gradients[parameter];
  }

  final Tensor parameter(int parameter) {
    return parameters[parameter];
  }

  /** Adds a call; the output is a new array of so many elements. */
  final Tensor add(Phase phase, Operation op, int elements, List<Tensor> in, long... dims) {
    Tensor out = network.tensor(elements);
    add(phase.calls(), op, in, out, dims);
    return out;
  }

  final void add(
      List<Network.Call> calls, Operation op, List<Tensor> in, Tensor out, long... dims) {
    calls.add(network.call(op, Map.of(), in, List.of(out), dims));
  }

  /** z = input W + b, W and b the parameters {@code w} and {@code w + 1}. */
  final Tensor dense(Phase phase, Tensor input, int w, int in, int out) {
    int rows = phase.rows();
    Tensor z = add(phase, MATMUL_FORWARD, rows * out, List.of(input, parameters[w]), rows, out, in);
    return add(phase, BIAS_ADD, rows * out, List.of(z, parameters[w + 1]), rows, out);
  }

  /** The gradients of W and b from that of z. */
  final void denseGradients(Tensor input, Tensor dz, int w, int in, int out) {
    add(training, MATMUL_BACKWARD_WEIGHT, List.of(input, dz), gradients[w], in, out, BATCH, 1);
    add(training, COL_SUM, List.of(dz), gradients[w + 1], BATCH, out);
  }

  /** The gradient of the input from that of z. */
  final Tensor denseBackward(Tensor dz, int w, int in, int out) {
    List<Tensor> operands = List.of(dz, parameters[w]);
    return add(training(), MATMUL_BACKWARD_DATA, BATCH * in, operands, BATCH, in, out, 0, 1);
  }

  /** Probabilities from logits, and the gradient of the loss by the logits. */
  final Tensor loss(Tensor logits) {
    add(training, SOFTMAX, List.of(logits), probabilities, BATCH, OUT);
    List<Tensor> operands = List.of(probabilities, labels);
    return add(training(), CROSS_ENTROPY_GRADIENT, BATCH * OUT, operands, BATCH, OUT);
  }

  /** Updates of all parameters, after all gradients, so that each sees the old weights. */
  final void finish(Tensor logitsOfTesting, double learningRate) {
    testLogits = logitsOfTesting;
    for (int i = 0; i < parameters.length; i++) {
      training.add(
          network.call(
              SGD_UPDATE,
              Map.of("lr", learningRate, "mu", MOMENTUM, "wd", 0.0),
              List.of(parameters[i], velocities[i], gradients[i]),
              List.of(parameters[i], velocities[i]),
              shapes.get(i).elements()));
    }
  }

  /** The images and labels of the next steps. */
  final void batch(Digits data, int[] images) {
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

  /** Gives the model its parameters, and velocities of +0. They stay where its kernels run. */
  final void begin(ByteBuffer weights) {
    int at = 0;
    for (Tensor t : parameters) {
      t.write(weights.slice(at, t.bytes()));
      at += t.bytes();
    }
    for (Tensor t : velocities) {
      t.write(ByteBuffer.allocate(t.bytes()));
    }
  }

  /** Reads the parameters; the buffer is cleared first and flipped last. */
  final void readWeights(ByteBuffer to) {
    to.clear();
    for (Tensor t : parameters) {
      t.read(to);
    }
    to.flip();
  }

  /** One SGD iteration on the batch. */
  final void step() {
    training.forEach(Network.Call::invoke);
  }

  /** Mean cross entropy of the last step's batch before its update: on the host, for display. */
  final double loss(Digits data, int[] images) {
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
  final int[] predict(Digits data) {
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
