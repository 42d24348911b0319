package dev.samebits.analysis;

import java.util.Locale;
import java.util.StringJoiner;

/**
 * Makes the samples of {@code timing-aa.csv}: one process times the same code and prints the mean
 * ns/op of each iteration on one line. The file holds many such processes, started one after the
 * other:
 *
 * <pre>for i in $(seq 40); do java TimingRecorder.java; done</pre>
 */
public final class TimingRecorder {
  private static final int N = 64;
  private static final int ITERATIONS = 6;
  private static final long ITERATION_NANOS = 120_000_000;

  private TimingRecorder() {}

  /** Warms up for three iterations, then times six. */
  public static void main(String[] args) {
    float[] a = filled(3);
    float[] b = filled(5);
    float[] c = new float[N * N];
    StringJoiner line = new StringJoiner(",");
    for (int i = -3; i < ITERATIONS; i++) {
      long calls = 0;
      long start = System.nanoTime();
      long now = start;
      while (now - start < ITERATION_NANOS) {
        multiply(a, b, c);
        calls++;
        now = System.nanoTime();
      }
      if (i >= 0) {
        line.add(String.format(Locale.ROOT, "%.1f", (double) (now - start) / calls));
      }
    }
    if (c[0] == 42) {
      throw new IllegalStateException("cannot happen; keeps the product alive");
    }
    System.out.println(line);
  }

  private static float[] filled(int step) {
    float[] x = new float[N * N];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * step % 17) * 0.25f;
    }
    return x;
  }

  private static void multiply(float[] a, float[] b, float[] c) {
    for (int i = 0; i < N; i++) {
      for (int k = 0; k < N; k++) {
        float x = a[i * N + k];
        for (int j = 0; j < N; j++) {
          c[i * N + j] += x * b[k * N + j];
        }
      }
    }
    for (int i = 0; i < N * N; i++) {
      c[i] *= 0x1p-12f;
    }
  }
}
