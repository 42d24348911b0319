package dev.samebits.metric;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The exact value of single outputs of a case: every term as in the kernel's definition, none
 * rounded. Terms that padding makes zero are left out.
 */
final class ExactResult {
  private static final Set<Kernel> SUMS =
      EnumSet.of(
          Kernel.MATMUL,
          Kernel.GEMV,
          Kernel.SUM,
          Kernel.DOT,
          Kernel.COL_SUM,
          Kernel.ROW_SUM,
          Kernel.SCATTER_ADD,
          Kernel.CONV2D_FORWARD,
          Kernel.CONV2D_BACKWARD_DATA,
          Kernel.CONV2D_BACKWARD_FILTER);

  private final CaseId id;
  private final Shape shape;
  private final List<ByteBuffer> inputs;

  private ExactResult(CaseId id) {
    this.id = id;
    this.shape = id.shape();
    this.inputs = Inputs.of(id);
  }

  /** The exact sums of the outputs with these indices; empty for a kernel that is no sum. */
  static Optional<Map<Integer, ExactSum>> of(CaseId id, int[] outputs) {
    if (!SUMS.contains(id.kernel())) {
      return Optional.empty();
    }
    Map<Integer, ExactSum> sums = new HashMap<>();
    for (int i : outputs) {
      sums.put(i, new ExactSum());
    }
    new ExactResult(id).accumulate(sums);
    return Optional.of(sums);
  }

  private void accumulate(Map<Integer, ExactSum> sums) {
    switch (id.kernel()) {
      case MATMUL -> sums.forEach(this::matmul);
      case GEMV -> sums.forEach(this::gemv);
      case SUM -> sums.forEach(this::sum);
      case DOT -> sums.forEach(this::dot);
      case COL_SUM -> sums.forEach(this::colSum);
      case ROW_SUM -> sums.forEach(this::rowSum);
      case SCATTER_ADD -> scatterAdd(sums);
      case CONV2D_FORWARD -> sums.forEach(this::convForward);
      case CONV2D_BACKWARD_DATA -> sums.forEach(this::convBackwardData);
      case CONV2D_BACKWARD_FILTER -> sums.forEach(this::convBackwardFilter);
      default -> throw new IllegalStateException(id.kernel() + " is no sum");
    }
  }

  private double at(int operand, int index) {
    return id.dtype().get(inputs.get(operand), index);
  }

  private void matmul(int output, ExactSum sum) {
    int m = shape.i("m");
    int n = shape.i("n");
    int k = shape.i("k");
    int part = output / n / m;
    int row = output / n % m;
    int col = output % n;
    boolean ta = shape.get("ta") == 1;
    boolean tb = shape.get("tb") == 1;
    for (int i = 0; i < k; i++) {
      int a = ta ? i * m + row : row * k + i;
      int b = tb ? col * k + i : i * n + col;
      sum.addProduct(at(0, part * m * k + a), at(1, part * k * n + b));
    }
  }

  private void gemv(int output, ExactSum sum) {
    int n = shape.i("n");
    for (int i = 0; i < n; i++) {
      sum.addProduct(at(0, output * n + i), at(1, i));
    }
  }

  private void sum(int output, ExactSum sum) {
    for (int i = 0, n = shape.i("n"); i < n; i++) {
      sum.add(at(0, i));
    }
  }

  private void dot(int output, ExactSum sum) {
    for (int i = 0, n = shape.i("n"); i < n; i++) {
      sum.addProduct(at(0, i), at(1, i));
    }
  }

  private void colSum(int output, ExactSum sum) {
    int n = shape.i("n");
    for (int i = 0, m = shape.i("m"); i < m; i++) {
      sum.add(at(0, i * n + output));
    }
  }

  private void rowSum(int output, ExactSum sum) {
    int n = shape.i("n");
    for (int i = 0; i < n; i++) {
      sum.add(at(0, output * n + i));
    }
  }

  private void scatterAdd(Map<Integer, ExactSum> sums) {
    for (int i = 0, n = shape.i("n"); i < n; i++) {
      ExactSum sum = sums.get(inputs.get(1).getInt(4 * i));
      if (sum != null) {
        sum.add(at(0, i));
      }
    }
  }

  /** y[n, k, p, q]: the sum over c, r, s of x[n, c, p stride - pad + r dil, ...] w[k, c, r, s]. */
  private void convForward(int output, ExactSum sum) {
    ConvShape z = ConvShape.of(shape);
    int q = output % z.q();
    int p = output / z.q() % z.p();
    int k = output / z.q() / z.p() % z.k();
    int n = output / z.q() / z.p() / z.k();
    for (int c = 0; c < z.cPerGroup(); c++) {
      int channel = k / z.kPerGroup() * z.cPerGroup() + c;
      for (int r = 0; r < z.r(); r++) {
        for (int s = 0; s < z.s(); s++) {
          int h = p * z.stride() - z.pad() + r * z.dil();
          int w = q * z.stride() - z.pad() + s * z.dil();
          if (h >= 0 && h < z.h() && w >= 0 && w < z.w()) {
            sum.addProduct(at(0, data(z, n, channel, h, w)), at(1, weight(z, k, c, r, s)));
          }
        }
      }
    }
  }

  /** dx[n, c, h, w]: the sum over k, r, s of dy[n, k, p, q] w[k, c, r, s] where p, q exist. */
  private void convBackwardData(int output, ExactSum sum) {
    ConvShape z = ConvShape.of(shape);
    int w = output % z.w();
    int h = output / z.w() % z.h();
    int channel = output / z.w() / z.h() % z.c();
    int n = output / z.w() / z.h() / z.c();
    int group = channel / z.cPerGroup();
    for (int i = 0; i < z.kPerGroup(); i++) {
      int k = group * z.kPerGroup() + i;
      for (int r = 0; r < z.r(); r++) {
        int p = position(h + z.pad() - r * z.dil(), z.stride(), z.p());
        for (int s = 0; p >= 0 && s < z.s(); s++) {
          int q = position(w + z.pad() - s * z.dil(), z.stride(), z.q());
          if (q >= 0) {
            sum.addProduct(
                at(0, result(z, n, k, p, q)), at(1, weight(z, k, channel % z.cPerGroup(), r, s)));
          }
        }
      }
    }
  }

  /** dw[k, c, r, s]: the sum over n, p, q of x[n, c, ...] dy[n, k, p, q]. */
  private void convBackwardFilter(int output, ExactSum sum) {
    ConvShape z = ConvShape.of(shape);
    int s = output % z.s();
    int r = output / z.s() % z.r();
    int c = output / z.s() / z.r() % z.cPerGroup();
    int k = output / z.s() / z.r() / z.cPerGroup();
    int channel = k / z.kPerGroup() * z.cPerGroup() + c;
    for (int n = 0; n < z.n(); n++) {
      for (int p = 0; p < z.p(); p++) {
        int h = p * z.stride() - z.pad() + r * z.dil();
        for (int q = 0; h >= 0 && h < z.h() && q < z.q(); q++) {
          int w = q * z.stride() - z.pad() + s * z.dil();
          if (w >= 0 && w < z.w()) {
            sum.addProduct(at(0, data(z, n, channel, h, w)), at(1, result(z, n, k, p, q)));
          }
        }
      }
    }
  }

  /** The output position that a data position comes from, or -1. */
  private static int position(int offset, int stride, int count) {
    return offset < 0 || offset % stride != 0 || offset / stride >= count ? -1 : offset / stride;
  }

  private static int data(ConvShape z, int n, int c, int h, int w) {
    return ((n * z.c() + c) * z.h() + h) * z.w() + w;
  }

  private static int weight(ConvShape z, int k, int c, int r, int s) {
    return ((k * z.cPerGroup() + c) * z.r() + r) * z.s() + s;
  }

  private static int result(ConvShape z, int n, int k, int p, int q) {
    return ((n * z.k() + k) * z.p() + p) * z.q() + q;
  }
}
