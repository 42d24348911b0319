package dev.samebits.backend;

import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The terms a b of each output of a linear kernel, in the canonical term order, from the kernel's
 * definition and one output at a time. A null stands for a position that is no term but counts.
 */
final class LinearTerms {
  private final Op op;
  private final Shape z;
  private final double[] first;
  private final double[] second;

  LinearTerms(Op op, List<double[]> inputs) {
    this.op = op;
    z = op.shape();
    first = inputs.get(0);
    second = inputs.size() > 1 ? inputs.get(1) : null;
  }

  static boolean isLinear(Op op) {
    return switch (op.kernel()) {
      case MATMUL, GEMV, SUM, DOT, COL_SUM, ROW_SUM, SCATTER_ADD -> true;
      case CONV2D_FORWARD, CONV2D_BACKWARD_DATA, CONV2D_BACKWARD_FILTER -> true;
      default -> false;
    };
  }

  /** The terms of one output element: pairs, or null. */
  List<double[]> of(int output) {
    return switch (op.kernel()) {
      case MATMUL -> matmul(output / z.i("n"), output % z.i("n"));
      case GEMV -> gemv(output);
      case SUM, MEAN -> column(output, 1);
      case ROW_SUM -> row(output);
      case NRM2 -> dot(first, first);
      case COL_SUM -> column(output, z.i("n"));
      case DOT -> dot(first, second);
      case SCATTER_ADD -> scatter(output);
      case CONV2D_FORWARD -> forward(output);
      case CONV2D_BACKWARD_DATA -> backwardData(output);
      case CONV2D_BACKWARD_FILTER -> backwardFilter(output);
      default -> throw new IllegalArgumentException(op.kernel().id());
    };
  }

  private List<double[]> matmul(int row, int j) {
    int m = z.i("m");
    int n = z.i("n");
    int k = z.i("k");
    int part = row / m;
    int i = row % m;
    List<double[]> terms = new ArrayList<>();
    for (int q = 0; q < k; q++) {
      double a = first[part * m * k + (z.i("ta") == 0 ? i * k + q : q * m + i)];
      double b = second[part * k * n + (z.i("tb") == 0 ? q * n + j : j * k + q)];
      terms.add(new double[] {a, b});
    }
    return terms;
  }

  private List<double[]> gemv(int i) {
    List<double[]> terms = new ArrayList<>();
    for (int j = 0; j < z.i("n"); j++) {
      terms.add(new double[] {first[i * z.i("n") + j], second[j]});
    }
    return terms;
  }

  private List<double[]> dot(double[] x, double[] y) {
    List<double[]> terms = new ArrayList<>();
    for (int j = 0; j < z.i("n"); j++) {
      terms.add(new double[] {x[j], y[j]});
    }
    return terms;
  }

  private List<double[]> column(int column, int width) {
    List<double[]> terms = new ArrayList<>();
    for (int i = column; i < first.length; i += width) {
      terms.add(new double[] {first[i], 1});
    }
    return terms;
  }

  private List<double[]> row(int row) {
    List<double[]> terms = new ArrayList<>();
    for (int j = 0; j < z.i("n"); j++) {
      terms.add(new double[] {first[row * z.i("n") + j], 1});
    }
    return terms;
  }

  private List<double[]> scatter(int target) {
    List<double[]> terms = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      if (second[i] == target) {
        terms.add(new double[] {first[i], 1});
      }
    }
    return terms;
  }

  private List<double[]> forward(int output) {
    ConvShape c = ConvShape.of(z);
    int column = output % c.q();
    int row = output / c.q() % c.p();
    int k = output / (c.p() * c.q()) % c.k();
    int image = output / (c.p() * c.q() * c.k());
    int group = k / c.kPerGroup();
    List<double[]> terms = new ArrayList<>();
    for (int ch = 0; ch < c.cPerGroup(); ch++) {
      for (int r = 0; r < c.r(); r++) {
        for (int s = 0; s < c.s(); s++) {
          int h = row * c.stride() + r * c.dil() - c.pad();
          int w = column * c.stride() + s * c.dil() - c.pad();
          double x = data(c, first, image, group * c.cPerGroup() + ch, h, w);
          terms.add(new double[] {second[((k * c.cPerGroup() + ch) * c.r() + r) * c.s() + s], x});
        }
      }
    }
    return terms;
  }

  private static double data(ConvShape c, double[] x, int image, int channel, int h, int w) {
    boolean inside = h >= 0 && h < c.h() && w >= 0 && w < c.w();
    return inside ? x[((image * c.c() + channel) * c.h() + h) * c.w() + w] : 0;
  }

  private List<double[]> backwardData(int output) {
    ConvShape c = ConvShape.of(z);
    int w = output % c.w();
    int h = output / c.w() % c.h();
    int channel = output / (c.h() * c.w()) % c.c();
    int image = output / (c.h() * c.w() * c.c());
    int group = channel / c.cPerGroup();
    List<double[]> terms = new ArrayList<>();
    for (int kk = 0; kk < c.kPerGroup(); kk++) {
      int k = group * c.kPerGroup() + kk;
      for (int r = 0; r < c.r(); r++) {
        for (int s = 0; s < c.s(); s++) {
          int up = h + c.pad() - r * c.dil();
          int left = w + c.pad() - s * c.dil();
          if (up % c.stride() != 0 || left % c.stride() != 0) {
            terms.add(null);
            continue;
          }
          int p = up / c.stride();
          int q = left / c.stride();
          boolean inside = p >= 0 && p < c.p() && q >= 0 && q < c.q();
          double dy = inside ? first[((image * c.k() + k) * c.p() + p) * c.q() + q] : 0;
          int tap = (channel % c.cPerGroup() * c.r() + r) * c.s() + s;
          terms.add(new double[] {second[k * c.cPerGroup() * c.r() * c.s() + tap], dy});
        }
      }
    }
    return terms;
  }

  private List<double[]> backwardFilter(int output) {
    ConvShape c = ConvShape.of(z);
    int s = output % c.s();
    int r = output / c.s() % c.r();
    int ch = output / (c.r() * c.s()) % c.cPerGroup();
    int k = output / (c.r() * c.s() * c.cPerGroup());
    int channel = k / c.kPerGroup() * c.cPerGroup() + ch;
    List<double[]> terms = new ArrayList<>();
    for (int image = 0; image < c.n(); image++) {
      for (int p = 0; p < c.p(); p++) {
        for (int q = 0; q < c.q(); q++) {
          int h = p * c.stride() + r * c.dil() - c.pad();
          int w = q * c.stride() + s * c.dil() - c.pad();
          double dy = second[((image * c.k() + k) * c.p() + p) * c.q() + q];
          terms.add(new double[] {dy, data(c, first, image, channel, h, w)});
        }
      }
    }
    return terms;
  }
}
