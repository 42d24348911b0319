package dev.samebits.backend.blas;

import static dev.samebits.backend.blas.Cblas.NO_TRANS;
import static dev.samebits.backend.blas.Cblas.TRANS;

import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import java.nio.FloatBuffer;

/**
 * The three f32 convolutions as one sgemm for every sample and group, samples ascending, groups
 * ascending within a sample. With COL the {@link Im2col} matrix of the sample and group (the data
 * itself for a 1 x 1 filter without stride and padding), K' = K / group and C' = C / group:
 *
 * <ul>
 *   <li>forward: y (K' x PQ) = w (K' x C'RS) COL
 *   <li>data gradient: COL' = wᵀ dy (K' x PQ), then every element of COL' is added to dx in f32, in
 *       the order of {@link Im2col#scatterAdd}
 *   <li>filter gradient: dw = dy COLᵀ for the first sample, dw = dy COLᵀ + dw for the others
 * </ul>
 *
 * The order inside each product is the library's, and so are its threads; the matrix is filled and
 * added up by the calling thread alone, as is usual (Y. Jia et al., "Caffe: convolutional
 * architecture for fast feature embedding", 2014, arXiv:1408.5093).
 */
final class BlasConvolution {
  private final Cblas blas;
  private final ConvShape z;
  private final Im2col im2col;
  private final BlasMemory scratch;
  private final FloatBuffer col;
  private final int rows;
  private final int columns;
  private final int kg;

  BlasConvolution(Cblas blas, ConvShape z) {
    this.blas = blas;
    this.z = z;
    this.im2col = new Im2col(z);
    this.rows = im2col.rows();
    this.columns = im2col.columns();
    this.kg = z.kPerGroup();
    int elements = im2col.isIdentity() ? 0 : Math.multiplyExact(rows, columns);
    this.scratch = new BlasMemory(DType.F32, elements);
    this.col = scratch.floats();
  }

  BlasMemory scratch() {
    return scratch;
  }

  /** One sample and group. */
  private interface Step {
    void run(int sample, int group);
  }

  private void each(Step step) {
    for (int n = 0; n < z.n(); n++) {
      for (int g = 0; g < z.group(); g++) {
        step.run(n, g);
      }
    }
  }

  Runnable forward(BlasMemory x, BlasMemory w, BlasMemory y) {
    FloatBuffer data = x.floats();
    return () ->
        each(
            (n, g) -> {
              long b = gathered(x, data, n, g);
              gemm(NO_TRANS, NO_TRANS, kg, columns, rows, weights(w, g), b, 0, output(y, n, g));
            });
  }

  Runnable backwardData(BlasMemory dy, BlasMemory w, BlasMemory dx) {
    FloatBuffer data = dx.floats();
    return () ->
        each(
            (n, g) -> {
              long b = output(dy, n, g);
              if (im2col.isIdentity()) {
                gemm(TRANS, NO_TRANS, rows, columns, kg, weights(w, g), b, 0, data(dx, n, g));
                return;
              }
              gemm(TRANS, NO_TRANS, rows, columns, kg, weights(w, g), b, 0, scratch.address());
              im2col.scatterAdd(col, data, dataOffset(n, g));
            });
  }

  Runnable backwardFilter(BlasMemory x, BlasMemory dy, BlasMemory dw) {
    FloatBuffer data = x.floats();
    return () -> {
      if (z.n() == 0) {
        dw.clear();
      }
      each(
          (n, g) -> {
            long b = gathered(x, data, n, g);
            float beta = n == 0 ? 0 : 1;
            gemm(NO_TRANS, TRANS, kg, rows, columns, output(dy, n, g), b, beta, weights(dw, g));
          });
    };
  }

  private void gemm(int ta, int tb, int m, int n, int k, long a, long b, float beta, long c) {
    int lda = Math.max(1, ta == NO_TRANS ? k : m);
    int ldb = Math.max(1, tb == NO_TRANS ? n : k);
    blas.sgemm(ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, Math.max(1, n));
  }

  private int dataOffset(int n, int g) {
    return (n * z.c() + g * z.cPerGroup()) * z.h() * z.w();
  }

  private long data(BlasMemory x, int n, int g) {
    return x.address() + (long) dataOffset(n, g) * Float.BYTES;
  }

  /** Where the matrix of a sample and group lies, filled unless it is the data. */
  private long gathered(BlasMemory x, FloatBuffer data, int n, int g) {
    if (im2col.isIdentity()) {
      return data(x, n, g);
    }
    im2col.gather(data, dataOffset(n, g), col);
    return scratch.address();
  }

  private long weights(BlasMemory w, int g) {
    return w.address() + (long) g * kg * rows * Float.BYTES;
  }

  private long output(BlasMemory y, int n, int g) {
    return y.address() + ((long) n * z.k() + (long) g * kg) * columns * Float.BYTES;
  }
}
