package dev.samebits.backend.blas;

import com.sun.jna.NativeLibrary;
import dev.samebits.library.DirectMapping;
import java.io.IOException;
import java.lang.invoke.MethodHandles;

/** CBLAS by JNA's direct mapping. */
final class DirectCblas implements Cblas {
  DirectCblas() {}

  /**
   * The functions of one library.
   *
   * @throws UnsatisfiedLinkError naming the first function that it lacks
   */
  static Cblas bind(NativeLibrary library) throws IOException {
    return DirectMapping.bind(MethodHandles.lookup(), Cblas.class, library);
  }

  @Override
  public void sgemm(
      int ta,
      int tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc) {
    cblas_sgemm(ROW_MAJOR, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  }

  @Override
  public void dgemm(
      int ta,
      int tb,
      int m,
      int n,
      int k,
      double alpha,
      long a,
      int lda,
      long b,
      int ldb,
      double beta,
      long c,
      int ldc) {
    cblas_dgemm(ROW_MAJOR, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  }

  @Override
  public void sgemv(int m, int n, float alpha, long a, int lda, long x, float beta, long y) {
    cblas_sgemv(ROW_MAJOR, NO_TRANS, m, n, alpha, a, lda, x, 1, beta, y, 1);
  }

  @Override
  public void dgemv(int m, int n, double alpha, long a, int lda, long x, double beta, long y) {
    cblas_dgemv(ROW_MAJOR, NO_TRANS, m, n, alpha, a, lda, x, 1, beta, y, 1);
  }

  @Override
  public float sdot(int n, long x, long y) {
    return cblas_sdot(n, x, 1, y, 1);
  }

  @Override
  public double ddot(int n, long x, long y) {
    return cblas_ddot(n, x, 1, y, 1);
  }

  private static native void cblas_sgemm(
      int order,
      int ta,
      int tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc);

  private static native void cblas_dgemm(
      int order,
      int ta,
      int tb,
      int m,
      int n,
      int k,
      double alpha,
      long a,
      int lda,
      long b,
      int ldb,
      double beta,
      long c,
      int ldc);

  private static native void cblas_sgemv(
      int order,
      int ta,
      int m,
      int n,
      float alpha,
      long a,
      int lda,
      long x,
      int incx,
      float beta,
      long y,
      int incy);

  private static native void cblas_dgemv(
      int order,
      int ta,
      int m,
      int n,
      double alpha,
      long a,
      int lda,
      long x,
      int incx,
      double beta,
      long y,
      int incy);

  private static native float cblas_sdot(int n, long x, int incx, long y, int incy);

  private static native double cblas_ddot(int n, long x, int incx, long y, int incy);
}
