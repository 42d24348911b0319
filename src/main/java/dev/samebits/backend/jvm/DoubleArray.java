package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** {@link RealArray} of F64. */
final class DoubleArray extends RealArray {
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(double[].class);

  private final double[] x;

  DoubleArray(int length) {
    x = new double[length];
  }

  private static double[] of(RealArray array) {
    return ((DoubleArray) array).x;
  }

  @Override
  public DType dtype() {
    return DType.F64;
  }

  @Override
  public void write(ByteBuffer source) {
    Buffers.take(source, bytes()).asDoubleBuffer().get(x);
  }

  @Override
  public void read(ByteBuffer target) {
    Buffers.room(target, bytes()).asDoubleBuffer().put(x);
  }

  @Override
  RealArray like(int length) {
    return new DoubleArray(length);
  }

  @Override
  int length() {
    return x.length;
  }

  @Override
  double get(int i) {
    return x[i];
  }

  @Override
  void set(int i, double value) {
    x[i] = value;
  }

  @Override
  void fill(int from, int to, double value) {
    Arrays.fill(x, from, to, value);
  }

  @Override
  double round(double value) {
    return value;
  }

  @Override
  double add(double a, double b) {
    return a + b;
  }

  @Override
  double multiply(double a, double b) {
    return a * b;
  }

  @Override
  double exp(double a) {
    return CanonicalMath.exp(a);
  }

  @Override
  double divide(double a, double b) {
    return a / b;
  }

  @Override
  double fma(double a, double b, double c) {
    return Math.fma(a, b, c);
  }

  @Override
  void copyRow(int at, RealArray b, int bAt, int n) {
    System.arraycopy(of(b), bAt, x, at, n);
  }

  @Override
  void addRow(int at, RealArray b, int bAt, int n) {
    double[] to = x;
    double[] from = of(b);
    for (int i = 0; i < n; i++) {
      to[at + i] += from[bAt + i];
    }
  }

  @Override
  void fmaRow(int at, double a, RealArray b, int bAt, int n) {
    double factor = a;
    double[] to = x;
    double[] from = of(b);
    for (int i = 0; i < n; i++) {
      to[at + i] = Math.fma(factor, from[bAt + i], to[at + i]);
    }
  }

  @Override
  void fmaRow(int at, int step, double a, RealArray b, int bAt, int bStep, int n) {
    if (step == 1 && bStep == 1) {
      fmaRow(at, a, b, bAt, n);
      return;
    }
    double factor = a;
    double[] to = x;
    double[] from = of(b);
    for (int i = 0; i < n; i++) {
      int t = at + i * step;
      to[t] = Math.fma(factor, from[bAt + i * bStep], to[t]);
    }
  }

  @Override
  void gather(RealArray b, int bAt, int[] offsets) {
    double[] from = of(b);
    for (int i = 0; i < offsets.length; i++) {
      x[i] = from[bAt + offsets[i]];
    }
  }

  @Override
  void canonicalizeNaN(int at, int n) {
    for (int i = at; i < at + n; i++) {
      if (x[i] != x[i]) {
        x[i] = Double.NaN;
      }
    }
  }

  @Override
  void atomicAdd(int i, double value) {
    double addend = value;
    double old;
    do {
      old = (double) ELEMENT.getVolatile(x, i);
    } while (!ELEMENT.compareAndSet(x, i, old, old + addend));
  }

  @Override
  double fmaChain(double acc, int at, RealArray y, int yAt, int n) {
    double sum = acc;
    double[] b = of(y);
    for (int i = 0; i < n; i++) {
      sum = Math.fma(x[at + i], b[yAt + i], sum);
    }
    return sum;
  }

  @Override
  double dotChain(double acc, int at, int step, RealArray y, int yAt, int yStep, int n) {
    double sum = acc;
    double[] b = of(y);
    for (int i = 0; i < n; i++) {
      sum += x[at + i * step] * b[yAt + i * yStep];
    }
    return sum;
  }

  @Override
  double sumChain(double acc, int from, int to) {
    double sum = acc;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  double sumLanes(int from, int to) {
    double[] lane = new double[LANES];
    Arrays.fill(lane, -0d);
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      for (int j = 0; j < LANES; j++) {
        lane[j] += x[i + j];
      }
    }
    for (int j = 0; i + j < to; j++) {
      lane[j] += x[i + j];
    }
    return halve(lane);
  }

  @Override
  double dotLanes(RealArray other, int from, int to) {
    double[] y = of(other);
    double[] lane = new double[LANES];
    Arrays.fill(lane, -0d);
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      for (int j = 0; j < LANES; j++) {
        lane[j] = Math.fma(x[i + j], y[i + j], lane[j]);
      }
    }
    for (int j = 0; i + j < to; j++) {
      lane[j] = Math.fma(x[i + j], y[i + j], lane[j]);
    }
    return halve(lane);
  }

  private static double halve(double[] lane) {
    for (int w = LANES / 2; w > 0; w /= 2) {
      for (int j = 0; j < w; j++) {
        lane[j] += lane[j + w];
      }
    }
    return lane[0];
  }

  @Override
  double kahanSum() {
    double sum = 0;
    double lost = 0;
    for (double term : x) {
      double corrected = term - lost;
      double next = sum + corrected;
      lost = (next - sum) - corrected;
      sum = next;
    }
    return sum;
  }

  @Override
  double kahanDot(RealArray other) {
    double[] y = of(other);
    double sum = 0;
    double lost = 0;
    for (int i = 0; i < x.length; i++) {
      double corrected = x[i] * y[i] - lost;
      double next = sum + corrected;
      lost = (next - sum) - corrected;
      sum = next;
    }
    return sum;
  }

  @Override
  double laneReduce(LaneReduction reduction, RealArray yOrNull) {
    return yOrNull == null ? reduction.sum(x) : reduction.dot(x, of(yOrNull));
  }
}
