package dev.samebits.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Inputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactErrorTest {
  private static float[] floats(DType dtype, ByteBuffer b) {
    float[] x = new float[b.remaining() / dtype.bytes()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) dtype.get(b, i);
    }
    return x;
  }

  private static ByteBuffer bytes(float[] x) {
    ByteBuffer b = ByteBuffer.allocate(4 * x.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(x);
    return b;
  }

  private static ExactError measure(CaseId id, float[] output) {
    return ExactError.measure(id, bytes(output), 256).orElseThrow();
  }

  /** Small integers: f32 arithmetic is exact, so a direct loop has no error at all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "matmul/f32/m3n5k70/x/y/integer@1",
        "matmul/f32/m3n5k70ta1/x/y/integer@2",
        "matmul/f32/m3n5k70tb1/x/y/integer@3",
        "matmul/f32/m3n5k70ta1tb1/x/y/integer@4",
        "matmul/f16/m3n5k70ta1/x/y/integer@4",
        "matmul/bf16/m3n5k70tb1/x/y/integer@4",
        "gemv/f32/m7n31/x/y/integer@5",
        "sum/f32/n1021/x/y/integer@6",
        "dot/f32/n257/x/y/integer@7",
        "col_sum/f32/m33n6/x/y/integer@8",
        "row_sum/f32/m6n33/x/y/integer@8",
        "scatter_add/f32/n1000t17/x/y/integer@9",
        "conv2d_forward/f32/n2c4h7w6k6r3s2pad1stride2dil2group2/x/y/integer@10",
        "conv2d_backward_data/f32/n2c4h7w6k6r3s2pad1stride2dil2group2/x/y/integer@11",
        "conv2d_backward_filter/f32/n2c4h7w6k6r3s2pad1stride2dil2group2/x/y/integer@12",
        "conv2d_backward_data/f32/n1c3h8w8k4r3s3/x/y/integer@13"
      })
  void integerCasesAreExactAndOneWrongOutputIsSeen(String text) {
    CaseId id = CaseId.parse(text);
    float[] output = plain(id);
    ExactError error = measure(id, output);
    assertEquals(0.0, error.maxUlp(), text);
    assertEquals(1.0, error.correctlyRounded());
    assertEquals(Math.min(256, output.length), error.sampled());
    assertEquals(output.length, error.outputs());
    int changed = ExactError.sample(id.seed(), output.length, 256)[0];
    output[changed] += 1;
    assertTrue(measure(id, output).maxUlp() > 0);
  }

  private static float[] plain(CaseId id) {
    List<ByteBuffer> inputs = Inputs.of(id);
    float[] a = floats(id.dtype(), inputs.get(0));
    int[] index = new int[a.length];
    float[] b = {};
    if (inputs.size() > 1) {
      b = floats(id.dtype(), inputs.get(1));
      index = Arrays.copyOf(ints(inputs.get(1)), a.length);
    }
    int n = id.shape().i("n");
    return switch (id.kernel()) {
      case MATMUL -> matmul(id, a, b);
      case GEMV -> {
        float[] y = new float[id.shape().i("m")];
        for (int i = 0; i < a.length; i++) {
          y[i / n] += a[i] * b[i % n];
        }
        yield y;
      }
      case SUM, COL_SUM -> {
        float[] y = new float[id.kernel() == dev.samebits.kernel.Kernel.SUM ? 1 : n];
        for (int i = 0; i < a.length; i++) {
          y[i % y.length] += a[i];
        }
        yield y;
      }
      case ROW_SUM -> {
        float[] y = new float[id.shape().i("m")];
        for (int i = 0; i < a.length; i++) {
          y[i / n] += a[i];
        }
        yield y;
      }
      case DOT -> {
        float[] y = new float[1];
        for (int i = 0; i < n; i++) {
          y[0] += a[i] * b[i];
        }
        yield y;
      }
      case SCATTER_ADD -> {
        float[] y = new float[id.shape().i("t")];
        for (int i = 0; i < n; i++) {
          y[index[i]] += a[i];
        }
        yield y;
      }
      default -> conv(id, a, b);
    };
  }

  private static int[] ints(ByteBuffer b) {
    int[] x = new int[b.remaining() / 4];
    b.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(x);
    return x;
  }

  private static float[] matmul(CaseId id, float[] a, float[] b) {
    int m = id.shape().i("m");
    int n = id.shape().i("n");
    int k = id.shape().i("k");
    boolean ta = id.shape().get("ta") == 1;
    boolean tb = id.shape().get("tb") == 1;
    float[] c = new float[m * n];
    for (int i = 0; i < m * n; i++) {
      for (int p = 0; p < k; p++) {
        c[i] += a[ta ? p * m + i / n : i / n * k + p] * b[tb ? i % n * k + p : p * n + i % n];
      }
    }
    return c;
  }

  /** One loop over all (data, weight, result) triples serves the three convolutions. */
  private static float[] conv(CaseId id, float[] a, float[] b) {
    ConvShape z = ConvShape.of(id.shape());
    float[] out = new float[(int) id.kernel().outputs(id.shape(), id.dtype()).get(0).elements()];
    for (int t = 0; t < z.n() * z.k() * z.p() * z.q() * z.cPerGroup() * z.r() * z.s(); t++) {
      int rest = t;
      final int s = rest % z.s();
      final int r = (rest /= z.s()) % z.r();
      final int c = (rest /= z.r()) % z.cPerGroup();
      final int y = rest /= z.cPerGroup();
      final int q = rest % z.q();
      final int p = (rest /= z.q()) % z.p();
      final int k = (rest /= z.p()) % z.k();
      final int n = rest / z.k();
      int h = p * z.stride() - z.pad() + r * z.dil();
      int w = q * z.stride() - z.pad() + s * z.dil();
      if (h < 0 || h >= z.h() || w < 0 || w >= z.w()) {
        continue;
      }
      int channel = k / z.kPerGroup() * z.cPerGroup() + c;
      int x = ((n * z.c() + channel) * z.h() + h) * z.w() + w;
      int f = ((k * z.cPerGroup() + c) * z.r() + r) * z.s() + s;
      switch (id.kernel()) {
        case CONV2D_FORWARD -> out[y] += a[x] * b[f];
        case CONV2D_BACKWARD_DATA -> out[x] += a[y] * b[f];
        default -> out[f] += a[x] * b[y];
      }
    }
    return out;
  }

  @Test
  void plainLoopsOnNormalInputsAreCloseButNotExact() {
    CaseId id = CaseId.parse("matmul/f32/m20n20k300/x/y/normal@1");
    ExactError error = measure(id, plain(id));
    assertTrue(error.maxUlp() > 1, error::toString);
    assertTrue(error.meanUlp() < error.maxUlp(), error::toString);
    assertTrue(error.correctlyRounded() < 1, error::toString);
    assertEquals(256, error.sampled());
    assertEquals(400, error.outputs());
    CaseId f64 = CaseId.parse("dot/f64/n1/x/y/wide@1");
    List<ByteBuffer> in = Inputs.of(f64);
    ByteBuffer out = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.putDouble(0, in.get(0).getDouble(0) * in.get(1).getDouble(0));
    ExactError one = ExactError.measure(f64, out, 256).orElseThrow();
    assertTrue(one.maxUlp() <= 0.5, one::toString);
    assertEquals(1.0, one.correctlyRounded());
  }

  @Test
  void samplesAreDistinctSortedAndDependOnTheSeed() {
    int[] sample = ExactError.sample(1, 100_000, 256);
    assertEquals(256, Arrays.stream(sample).distinct().count());
    assertArrayEquals(sample, ExactError.sample(1, 100_000, 256));
    assertFalse(Arrays.equals(sample, ExactError.sample(2, 100_000, 256)));
    assertArrayEquals(new int[] {0, 1, 2}, ExactError.sample(1, 3, 256));
    assertEquals(256, ExactError.sample(1, 257, 256).length);
  }

  @Test
  void otherKernelsAndWrongSizes() {
    CaseId relu = CaseId.parse("relu/f32/n8/x/y/normal@1");
    assertTrue(ExactError.measure(relu, ByteBuffer.allocate(32), 256).isEmpty());
    CaseId sum = CaseId.parse("sum/f32/n8/x/y/normal@1");
    assertThrows(
        IllegalArgumentException.class, () -> ExactError.measure(sum, ByteBuffer.allocate(3), 256));
    CaseId empty = CaseId.parse("gemv/f32/m0n8/x/y/normal@1");
    assertTrue(ExactError.measure(empty, ByteBuffer.allocate(0), 256).isEmpty());
  }
}
