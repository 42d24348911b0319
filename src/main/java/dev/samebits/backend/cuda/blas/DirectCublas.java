package dev.samebits.backend.cuda.blas;

import com.sun.jna.NativeLibrary;
import dev.samebits.backend.cuda.NativeAddress;
import dev.samebits.kernel.DType;
import dev.samebits.library.DirectMapping;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import jcuda.driver.CUstream;

/** cuBLAS 11, 12 or 13 by JNA's direct mapping. A {@code size_t} and a pointer are a long. */
final class DirectCublas implements Cublas {
  DirectCublas() {}

  /**
   * The functions of one library.
   *
   * @throws UnsatisfiedLinkError naming the first function that it lacks
   */
  static Cublas bind(NativeLibrary library) throws IOException {
    return DirectMapping.bind(MethodHandles.lookup(), Cublas.class, library);
  }

  @Override
  public int create(long[] handle) {
    return cublasCreate_v2(handle);
  }

  @Override
  public int destroy(long handle) {
    return cublasDestroy_v2(handle);
  }

  @Override
  public int getVersion(long handle, int[] version) {
    return cublasGetVersion_v2(handle, version);
  }

  @Override
  public int setStream(long handle, CUstream stream) {
    return cublasSetStream_v2(handle, NativeAddress.of(stream));
  }

  @Override
  public int setWorkspace(long handle, long address, long bytes) {
    return cublasSetWorkspace_v2(handle, address, bytes);
  }

  @Override
  public int setPointerMode(long handle, int mode) {
    return cublasSetPointerMode_v2(handle, mode);
  }

  @Override
  public int setMathMode(long handle, int mode) {
    return cublasSetMathMode(handle, mode);
  }

  @Override
  public int getMathMode(long handle, int[] mode) {
    return cublasGetMathMode(handle, mode);
  }

  @Override
  public int setAtomicsMode(long handle, int mode) {
    return cublasSetAtomicsMode(handle, mode);
  }

  @Override
  public int getAtomicsMode(long handle, int[] mode) {
    return cublasGetAtomicsMode(handle, mode);
  }

  @Override
  public int gemm(boolean f64, long handle, Gemm g, long alpha, long a, long b, long beta, long c) {
    int ta = g.transA();
    int tb = g.transB();
    int m = g.m();
    int n = g.n();
    int k = g.k();
    return f64
        ? cublasDgemm_v2(handle, ta, tb, m, n, k, alpha, a, g.lda(), b, g.ldb(), beta, c, g.ldc())
        : cublasSgemm_v2(handle, ta, tb, m, n, k, alpha, a, g.lda(), b, g.ldb(), beta, c, g.ldc());
  }

  @Override
  public int gemmBatched(
      boolean f64, long handle, Gemm g, long alpha, long a, long b, long beta, long c) {
    int ta = g.transA();
    int tb = g.transB();
    int m = g.m();
    int n = g.n();
    int k = g.k();
    long sa = g.strideA();
    long sb = g.strideB();
    long sc = g.strideC();
    int lda = g.lda();
    int ldb = g.ldb();
    int ldc = g.ldc();
    int count = g.count();
    return f64
        ? cublasDgemmStridedBatched(
            handle, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count)
        : cublasSgemmStridedBatched(
            handle, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count);
  }

  @Override
  public int gemmEx(
      int type, int compute, long handle, Gemm g, long alpha, long a, long b, long beta, long c) {
    int ta = g.transA();
    int tb = g.transB();
    int m = g.m();
    int n = g.n();
    int k = g.k();
    int lda = g.lda();
    int ldb = g.ldb();
    int ldc = g.ldc();
    int out = Cublas.dataType(DType.F32);
    if (g.count() == 1) {
      return cublasGemmEx(
          handle, ta, tb, m, n, k, alpha, a, type, lda, b, type, ldb, beta, c, out, ldc, compute,
          ALGORITHM);
    }
    long sa = g.strideA();
    long sb = g.strideB();
    long sc = g.strideC();
    return cublasGemmStridedBatchedEx(
        handle, ta, tb, m, n, k, alpha, a, type, lda, sa, b, type, ldb, sb, beta, c, out, ldc, sc,
        g.count(), compute, ALGORITHM);
  }

  @Override
  public int gemv(
      boolean f64,
      long handle,
      int trans,
      int rows,
      int cols,
      long alpha,
      long a,
      int lda,
      long x,
      long beta,
      long y) {
    return f64
        ? cublasDgemv_v2(handle, trans, rows, cols, alpha, a, lda, x, 1, beta, y, 1)
        : cublasSgemv_v2(handle, trans, rows, cols, alpha, a, lda, x, 1, beta, y, 1);
  }

  @Override
  public int dot(boolean f64, long handle, int n, long x, long y, long result) {
    return f64
        ? cublasDdot_v2(handle, n, x, 1, y, 1, result)
        : cublasSdot_v2(handle, n, x, 1, y, 1, result);
  }

  private static native int cublasCreate_v2(long[] handle);

  private static native int cublasDestroy_v2(long handle);

  private static native int cublasGetVersion_v2(long handle, int[] version);

  private static native int cublasSetStream_v2(long handle, long stream);

  private static native int cublasSetWorkspace_v2(long handle, long workspace, long bytes);

  private static native int cublasSetPointerMode_v2(long handle, int mode);

  private static native int cublasSetMathMode(long handle, int mode);

  private static native int cublasGetMathMode(long handle, int[] mode);

  private static native int cublasSetAtomicsMode(long handle, int mode);

  private static native int cublasGetAtomicsMode(long handle, int[] mode);

  private static native int cublasSgemm_v2(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int lda,
      long b,
      int ldb,
      long beta,
      long c,
      int ldc);

  private static native int cublasDgemm_v2(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int lda,
      long b,
      int ldb,
      long beta,
      long c,
      int ldc);

  private static native int cublasSgemmStridedBatched(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int lda,
      long strideA,
      long b,
      int ldb,
      long strideB,
      long beta,
      long c,
      int ldc,
      long strideC,
      int count);

  private static native int cublasDgemmStridedBatched(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int lda,
      long strideA,
      long b,
      int ldb,
      long strideB,
      long beta,
      long c,
      int ldc,
      long strideC,
      int count);

  private static native int cublasGemmEx(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int typeA,
      int lda,
      long b,
      int typeB,
      int ldb,
      long beta,
      long c,
      int typeC,
      int ldc,
      int compute,
      int algorithm);

  private static native int cublasGemmStridedBatchedEx(
      long handle,
      int transA,
      int transB,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int typeA,
      int lda,
      long strideA,
      long b,
      int typeB,
      int ldb,
      long strideB,
      long beta,
      long c,
      int typeC,
      int ldc,
      long strideC,
      int count,
      int compute,
      int algorithm);

  private static native int cublasSgemv_v2(
      long handle,
      int trans,
      int m,
      int n,
      long alpha,
      long a,
      int lda,
      long x,
      int incx,
      long beta,
      long y,
      int incy);

  private static native int cublasDgemv_v2(
      long handle,
      int trans,
      int m,
      int n,
      long alpha,
      long a,
      int lda,
      long x,
      int incx,
      long beta,
      long y,
      int incy);

  private static native int cublasSdot_v2(
      long handle, int n, long x, int incx, long y, int incy, long result);

  private static native int cublasDdot_v2(
      long handle, int n, long x, int incx, long y, int incy, long result);
}
