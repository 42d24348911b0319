package dev.samebits.backend;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The canonical order once more, written straight from its definition in {@code determinism.md},
 * scalar and one output at a time. It shares nothing with the jvm backend but exp, log, tanh and
 * sigmoid of one number.
 */
final class NaiveOracle {
  private final Op op;
  private final boolean single;
  private final List<double[]> in;
  private int[] winners;

  private NaiveOracle(Op op, List<double[]> in) {
    this.op = op;
    this.in = in;
    single = op.dtype().result() == DType.F32;
  }

  /** The outputs of a call. C of matmul is taken as +0 before the call. */
  static List<double[]> compute(Op op, List<double[]> in) {
    return new NaiveOracle(op, in).outputs();
  }

  private List<double[]> outputs() {
    List<double[]> outputs = new ArrayList<>();
    op.outputs().forEach(o -> outputs.add(new double[(int) o.elements()]));
    for (int i = 0; i < outputs.get(0).length; i++) {
      element(i, outputs);
    }
    for (double[] output : outputs) {
      for (int i = 0; i < output.length; i++) {
        output[i] = Double.isNaN(output[i]) ? Double.NaN : output[i];
      }
    }
    return outputs;
  }

  private void element(int i, List<double[]> outputs) {
    double[] out = outputs.get(0);
    int n = op.kernel().dims().size() > 1 ? (int) op.shape().get("n") : out.length;
    switch (op.kernel()) {
      case MATMUL -> out[i] = scaled(panels(terms(i)));
      case GEMV, CONV2D_FORWARD, CONV2D_BACKWARD_DATA, CONV2D_BACKWARD_FILTER ->
          out[i] = panels(terms(i));
      case SUM, COL_SUM, ROW_SUM, DOT ->
          out[i] = op.variant().equals("exact") ? exact(terms(i)) : lanes(terms(i));
      case MEAN -> out[i] = divide(lanes(terms(i)), op.shape().get("n"));
      case NRM2 -> out[i] = round(Math.sqrt(lanes(terms(i))));
      case SCATTER_ADD -> out[i] = op.variant().equals("exact") ? exact(terms(i)) : chain(terms(i));
      case SOFTMAX -> out[i] = softmax(i / n * n, n, i);
      case EXP, LOG, TANH, SIGMOID ->
          out[i] = function(MathReference.of(op.kernel()), in.get(0)[i]);
      case FMA_CHAIN -> out[i] = fmaChain(in.get(0)[i]);
      case COPY -> out[i] = in.get(0)[i];
      case RELU -> out[i] = in.get(0)[i] > 0 || in.get(0)[i] != in.get(0)[i] ? in.get(0)[i] : 0;
      case RELU_BACKWARD -> out[i] = in.get(0)[i] > 0 ? in.get(1)[i] : 0;
      case BIAS_ADD -> out[i] = add(in.get(0)[i], in.get(1)[i % n]);
      case CROSS_ENTROPY_GRADIENT -> {
        double y = in.get(1)[i / n] == i % n ? 1 : 0;
        out[i] = divide(add(in.get(0)[i], -y), op.shape().get("m"));
      }
      case SGD_UPDATE -> sgd(i, outputs);
      case MAX_POOL -> out[i] = in.get(0)[winners(out.length)[i]];
      case MAX_POOL_BACKWARD -> {
        for (int o = 0; o < in.get(1).length; o++) {
          out[i] = winners(in.get(1).length)[o] == i ? add(out[i], in.get(1)[o]) : out[i];
        }
      }
    }
  }

  /** The elements that the outputs of max-pooling take. */
  private int[] winners(int outputs) {
    if (winners == null) {
      winners = IntStream.range(0, outputs).map(this::winner).toArray();
    }
    return winners;
  }

  private int winner(int output) {
    int h = op.shape().i("h");
    int w = op.shape().i("w");
    int pad = op.shape().i("pad");
    int stride = op.shape().i("stride");
    int columns = (w + 2 * pad - op.shape().i("s")) / stride + 1;
    int rows = (h + 2 * pad - op.shape().i("r")) / stride + 1;
    int plane = output / columns / rows;
    int winner = -1;
    for (int i = plane * h * w; i < (plane + 1) * h * w; i++) {
      int r = i / w % h + pad - output / columns % rows * stride;
      int s = i % w + pad - output % columns * stride;
      if (r >= 0 && r < op.shape().i("r") && s >= 0 && s < op.shape().i("s")) {
        double x = in.get(0)[i];
        double best = winner < 0 ? Double.NEGATIVE_INFINITY : in.get(0)[winner];
        boolean wins = x > best || Double.isNaN(x) && !Double.isNaN(best);
        winner = winner < 0 || wins ? i : winner;
      }
    }
    return winner;
  }

  private List<double[]> terms(int output) {
    return new LinearTerms(op, in).of(output);
  }

  private double panels(List<double[]> terms) {
    double c = 0;
    for (int p = 0; p * 2048 < terms.size(); p++) {
      double acc = 0;
      for (double[] t : terms.subList(p * 2048, Math.min(terms.size(), p * 2048 + 2048))) {
        acc = t == null ? acc : fma(t[0], t[1], acc);
      }
      c = p == 0 ? acc : add(c, acc);
    }
    return c;
  }

  private double scaled(double c) {
    double alpha = round(op.scalar("alpha"));
    double t = alpha == 1 ? c : round(alpha * c);
    double beta = round(op.scalar("beta"));
    return beta == 0 ? t : fma(beta, 0, t);
  }

  private double chain(List<double[]> terms) {
    double acc = 0;
    for (double[] t : terms) {
      acc = add(acc, t[0]);
    }
    return acc;
  }

  private double exact(List<double[]> terms) {
    ExactOracle sum = new ExactOracle();
    terms.forEach(t -> sum.add(t[0], t[1]));
    return sum.round(op.dtype());
  }

  private double lanes(List<double[]> terms) {
    if (terms.isEmpty()) {
      return 0;
    }
    List<double[]> results = new ArrayList<>();
    for (int start = 0; start < terms.size(); start += 16384) {
      List<double[]> block = terms.subList(start, Math.min(terms.size(), start + 16384));
      double[] lane = new double[128];
      for (int j = 0; j < 128; j++) {
        lane[j] = -0.0;
        for (int i = j; i < block.size(); i += 128) {
          lane[j] = fma(block.get(i)[0], block.get(i)[1], lane[j]);
        }
      }
      results.add(new double[] {tree(lane, 0, 1), 1});
    }
    return results.size() == 1 ? results.get(0)[0] : lanes(results);
  }

  /** Halving as a recursion: lanes at, at + step, ... of 128. */
  private double tree(double[] lane, int at, int step) {
    return step == 128 ? lane[at] : add(tree(lane, at, 2 * step), tree(lane, at + step, 2 * step));
  }

  private double fmaChain(double x) {
    double y = x;
    for (long r = 0; r < op.shape().get("r"); r++) {
      y = fma(-0.75, y, 1);
    }
    return y;
  }

  private double softmax(int from, int n, int i) {
    double[] x = in.get(0);
    double max = Double.NEGATIVE_INFINITY;
    for (int j = from; j < from + n; j++) {
      max = x[j] > max || Double.isNaN(x[j]) ? x[j] : max;
    }
    List<double[]> e = new ArrayList<>();
    for (int j = from; j < from + n; j++) {
      e.add(new double[] {function(MathReference.EXP, add(x[j], -max)), 1});
    }
    return divide(e.get(i - from)[0], lanes(e));
  }

  private void sgd(int i, List<double[]> outputs) {
    double w = in.get(0)[i];
    double wd = round(op.scalar("wd"));
    double g = wd == 0 ? in.get(2)[i] : fma(wd, w, in.get(2)[i]);
    double v = fma(round(op.scalar("mu")), in.get(1)[i], g);
    outputs.get(0)[i] = fma(-round(op.scalar("lr")), v, w);
    outputs.get(1)[i] = v;
  }

  private double round(double x) {
    return single ? (float) x : x;
  }

  private double add(double a, double b) {
    return round(a + b);
  }

  private double divide(double a, double b) {
    return round(a / round(b));
  }

  private double fma(double a, double b, double c) {
    return single ? Math.fma((float) a, (float) b, (float) c) : Math.fma(a, b, c);
  }

  /** exp and its like of one number, in f32 or f64. */
  private double function(MathReference function, double x) {
    return single ? function.single((float) x) : function.twice(x);
  }
}
