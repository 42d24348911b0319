package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** {@link RealArray} of F32. The text of F64's is made from this one when the project is built. */
@SuppressWarnings("cast") // In the text of f64 a cast has nothing to do.
public final class F32Array extends RealArray {
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(float[].class);

  private final float[] x;

  F32Array(int length) {
    x = new float[length];
  }

  private static float[] of(RealArray array) {
    return ((F32Array) array).x;
  }

  /** The elements themselves, no copy. */
  public float[] values() {
    return x;
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public void write(ByteBuffer source) {
    Buffers.take(source, bytes()).asFloatBuffer().get(x);
  }

  @Override
  public void read(ByteBuffer target) {
    Buffers.room(target, bytes()).asFloatBuffer().put(x);
  }

  @Override
  public RealArray like(int length) {
    return new F32Array(length);
  }

  @Override
  public int length() {
    return x.length;
  }

  @Override
  public double get(int i) {
    return x[i];
  }

  @Override
  public void set(int i, double value) {
    x[i] = (float) value;
  }

  @Override
  public void fill(int from, int to, double value) {
    Arrays.fill(x, from, to, (float) value);
  }

  @Override
  public double round(double value) {
    return (float) value;
  }

  @Override
  public double add(double a, double b) {
    return (float) a + (float) b;
  }

  @Override
  public double multiply(double a, double b) {
    return (float) a * (float) b;
  }

  @Override
  public double exp(double a) {
    return CanonicalMath.exp((float) a);
  }

  @Override
  public double divide(double a, double b) {
    return (float) a / (float) b;
  }

  @Override
  public double fma(double a, double b, double c) {
    return Math.fma((float) a, (float) b, (float) c);
  }

  @Override
  public void apply(DoubleUnaryOperator f, RealArray b, int at, int n) {
    float[] from = of(b);
    for (int i = at; i < at + n; i++) {
      x[i] = (float) f.applyAsDouble(from[i]);
    }
  }

  @Override
  public void copyRow(int at, RealArray b, int bAt, int n) {
    System.arraycopy(of(b), bAt, x, at, n);
  }

  @Override
  public void addRow(int at, RealArray b, int bAt, int n) {
    float[] to = x;
    float[] from = of(b);
    for (int i = 0; i < n; i++) {
      to[at + i] += from[bAt + i];
    }
  }

  @Override
  public void addAt(int[] at, RealArray b, int from, int to) {
    float[] sums = x;
    float[] values = of(b);
    for (int i = from; i < to; i++) {
      sums[at[i]] += values[i];
    }
  }

  @Override
  public void fmaRow(int at, double a, RealArray b, int bAt, int n) {
    float factor = (float) a;
    float[] to = x;
    float[] from = of(b);
    for (int i = 0; i < n; i++) {
      to[at + i] = Math.fma(factor, from[bAt + i], to[at + i]);
    }
  }

  @Override
  public void fmaRow(int at, int step, double a, RealArray b, int bAt, int bStep, int n) {
    if (step == 1 && bStep == 1) {
      fmaRow(at, a, b, bAt, n);
      return;
    }
    float factor = (float) a;
    float[] to = x;
    float[] from = of(b);
    for (int i = 0; i < n; i++) {
      int t = at + i * step;
      to[t] = Math.fma(factor, from[bAt + i * bStep], to[t]);
    }
  }

  @Override
  public void gather(RealArray b, int bAt, int[] offsets) {
    float[] from = of(b);
    for (int i = 0; i < offsets.length; i++) {
      x[i] = from[bAt + offsets[i]];
    }
  }

  @Override
  public void canonicalizeNaN(int at, int n) {
    for (int i = at; i < at + n; i++) {
      if (x[i] != x[i]) {
        x[i] = Float.NaN;
      }
    }
  }

  @Override
  public void atomicAdd(int i, double value) {
    float addend = (float) value;
    float old;
    do {
      old = (float) ELEMENT.getVolatile(x, i);
    } while (!ELEMENT.compareAndSet(x, i, old, old + addend));
  }

  @Override
  public double fmaChain(double acc, int at, RealArray y, int yAt, int n) {
    float sum = (float) acc;
    float[] b = of(y);
    for (int i = 0; i < n; i++) {
      sum = Math.fma(x[at + i], b[yAt + i], sum);
    }
    return sum;
  }

  @Override
  public double dotChain(double acc, int at, int step, RealArray y, int yAt, int yStep, int n) {
    float sum = (float) acc;
    float[] b = of(y);
    for (int i = 0; i < n; i++) {
      sum += x[at + i * step] * b[yAt + i * yStep];
    }
    return sum;
  }

  @Override
  public double sumChain(double acc, int from, int to) {
    float sum = (float) acc;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public double sumLanes(RealArray lanes, int from, int to) {
    float[] lane = of(lanes);
    Arrays.fill(lane, -0f);
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
  public double dotLanes(RealArray lanes, RealArray other, int from, int to) {
    float[] y = of(other);
    float[] lane = of(lanes);
    Arrays.fill(lane, -0f);
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

  private static float halve(float[] lane) {
    for (int w = LANES / 2; w > 0; w /= 2) {
      for (int j = 0; j < w; j++) {
        lane[j] += lane[j + w];
      }
    }
    return lane[0];
  }

  @Override
  public double kahanSum() {
    float sum = 0;
    float lost = 0;
    for (float term : x) {
      float corrected = term - lost;
      float next = sum + corrected;
      lost = (next - sum) - corrected;
      sum = next;
    }
    return sum;
  }

  @Override
  public double kahanDot(RealArray other) {
    float[] y = of(other);
    float sum = 0;
    float lost = 0;
    for (int i = 0; i < x.length; i++) {
      float corrected = x[i] * y[i] - lost;
      float next = sum + corrected;
      lost = (next - sum) - corrected;
      sum = next;
    }
    return sum;
  }
}
