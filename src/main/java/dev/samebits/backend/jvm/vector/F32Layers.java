package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.IntArray;
import dev.samebits.backend.jvm.vector.FastElementwise.Loop;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The elementwise kernels of a training step. They move more bytes than they compute; what counts
 * is that elements are loaded and stored a vector at a time.
 */
@SuppressWarnings("cast") // In the text of f64 a cast has nothing to do.
final class F32Layers {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();

  private F32Layers() {}

  private static float[] in(Call call, int i) {
    return ((F32Array) call.in(i)).values();
  }

  private static float[] out(Call call, int i) {
    return ((F32Array) call.out(i)).values();
  }

  private static float canonical(float x) {
    return x == x ? x : Float.NaN;
  }

  private static FloatVector canonical(FloatVector x) {
    return x.blend(Float.NaN, x.compare(VectorOperators.NE, x));
  }

  /** y = max(x, +0); NaN stays NaN. */
  static Loop relu(Call call) {
    float[] x = in(call, 0);
    float[] y = out(call, 0);
    return (from, to) -> relu(x, y, from, to);
  }

  private static void relu(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      FloatVector v = FloatVector.fromArray(V, x, i);
      FloatVector.zero(V)
          .blend(v, v.compare(VectorOperators.GT, 0f))
          .blend(Float.NaN, v.compare(VectorOperators.NE, v))
          .intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = x[i] > 0 ? x[i] : x[i] == x[i] ? 0 : Float.NaN;
    }
  }

  /** dx = y &gt; 0 ? dy : +0. */
  static Loop reluBackward(Call call) {
    float[] y = in(call, 0);
    float[] dy = in(call, 1);
    float[] dx = out(call, 0);
    return (from, to) -> reluBackward(y, dy, dx, from, to);
  }

  private static void reluBackward(float[] y, float[] dy, float[] dx, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMask<Float> on = FloatVector.fromArray(V, y, i).compare(VectorOperators.GT, 0f);
      FloatVector gradient = canonical(FloatVector.fromArray(V, dy, i));
      FloatVector.zero(V).blend(gradient, on).intoArray(dx, i);
    }
    for (; i < to; i++) {
      dx[i] = y[i] > 0 ? canonical(dy[i]) : 0;
    }
  }

  /**
   * y = x + b. A short b is repeated until it is some vectors long, so that rows shorter than a
   * vector cost no more than long ones.
   */
  static Loop biasAdd(Call call) {
    float[] x = in(call, 0);
    float[] b = in(call, 1);
    float[] y = out(call, 0);
    int copies = b.length == 0 ? 0 : (16 * L - 1) / b.length + 1;
    float[] repeated = copies == 1 ? b : new float[copies * b.length];
    return new Loop() {
      @Override
      public void begin() {
        if (copies > 1) {
          System.arraycopy(b, 0, repeated, 0, b.length);
          for (int done = b.length; done < repeated.length; done *= 2) {
            int more = Math.min(done, repeated.length - done);
            System.arraycopy(repeated, 0, repeated, done, more);
          }
        }
      }

      @Override
      public void run(int from, int to) {
        for (int i = from, n; i < to; i += n) {
          int j = i % repeated.length;
          n = Math.min(to - i, repeated.length - j);
          add(x, y, i, repeated, j, n);
        }
      }
    };
  }

  private static void add(float[] x, float[] y, int at, float[] b, int bAt, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector v = FloatVector.fromArray(V, x, at + i);
      canonical(v.add(FloatVector.fromArray(V, b, bAt + i))).intoArray(y, at + i);
    }
    for (; i < n; i++) {
      y[at + i] = canonical(x[at + i] + b[bAt + i]);
    }
  }

  /** dz = (p - y) / m with y = 1 at the label and +0 elsewhere. */
  static Loop crossEntropyGradient(Call call) {
    int n = call.dim("n");
    int m = call.dim("m");
    float[] p = in(call, 0);
    IntArray label = call.indices(1);
    float[] dz = out(call, 0);
    return (from, to) -> {
      divide(p, (float) m, dz, from, to);
      for (int row = from / n; row < m && row * n < to; row++) {
        int at = row * n + label.index(row, n);
        if (at >= from && at < to) {
          dz[at] = canonical((p[at] - 1) / (float) m);
        }
      }
    };
  }

  /** y = x / divisor; x and y may be the same. */
  static void divide(float[] x, float divisor, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      canonical(FloatVector.fromArray(V, x, i).div(divisor)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = canonical(x[i] / divisor);
    }
  }

  /** g = fma(wd, w, g) unless wd is 0; v = fma(mu, v, g); w = fma(-lr, v, w). */
  static Loop sgdUpdate(Call call) {
    float lr = (float) call.op().scalar("lr");
    float mu = (float) call.op().scalar("mu");
    float wd = (float) call.op().scalar("wd");
    float[] w = in(call, 0);
    float[] v = in(call, 1);
    float[] g = in(call, 2);
    float[] newW = out(call, 0);
    float[] newV = out(call, 1);
    return (from, to) -> {
      int i = from;
      for (; i <= to - L; i += L) {
        FloatVector weight = FloatVector.fromArray(V, w, i);
        FloatVector plain = FloatVector.fromArray(V, g, i);
        FloatVector decayed = FloatVector.broadcast(V, wd).fma(weight, plain);
        FloatVector gradient = wd == 0 ? plain : decayed;
        FloatVector velocity =
            FloatVector.broadcast(V, mu).fma(FloatVector.fromArray(V, v, i), gradient);
        canonical(FloatVector.broadcast(V, -lr).fma(velocity, weight)).intoArray(newW, i);
        canonical(velocity).intoArray(newV, i);
      }
      for (; i < to; i++) {
        float gradient = wd == 0 ? g[i] : Math.fma(wd, w[i], g[i]);
        float velocity = Math.fma(mu, v[i], gradient);
        newW[i] = canonical(Math.fma(-lr, velocity, w[i]));
        newV[i] = canonical(velocity);
      }
    };
  }
}
