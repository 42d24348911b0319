package dev.samebits.backend.cuda.blas;

import dev.samebits.backend.cuda.NativeAddress;
import dev.samebits.kernel.DType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;

/**
 * cuBLAS 12 by JCublas2: the same calls as {@link DirectCublas} through other people's glue. Its
 * native part needs {@code libcublas.so.12} by that name and takes the one that is already open.
 */
final class JcudaCublas implements Cublas {
  /** The one release of cuBLAS that it can be loaded with. */
  static final int MAJOR = 12;

  private final Map<Long, cublasHandle> handles = new ConcurrentHashMap<>();

  /** Loads its native part. */
  static void initialize() {
    JCublas2.setExceptionsEnabled(false);
  }

  private cublasHandle handle(long handle) {
    return handles.get(handle);
  }

  private static Pointer at(long address) {
    return NativeAddress.pointer(address);
  }

  @Override
  public int create(long[] handle) {
    cublasHandle created = new cublasHandle();
    int status = JCublas2.cublasCreate(created);
    handle[0] = NativeAddress.of(created);
    handles.put(handle[0], created);
    return status;
  }

  @Override
  public int destroy(long handle) {
    return JCublas2.cublasDestroy(handles.remove(handle));
  }

  @Override
  public int getVersion(long handle, int[] version) {
    return JCublas2.cublasGetVersion(handle(handle), version);
  }

  @Override
  public int setStream(long handle, CUstream stream) {
    return JCublas2.cublasSetStream(handle(handle), new cudaStream_t(stream));
  }

  @Override
  public int setWorkspace(long handle, long address, long bytes) {
    return JCublas2.cublasSetWorkspace(handle(handle), at(address), bytes);
  }

  @Override
  public int setPointerMode(long handle, int mode) {
    return JCublas2.cublasSetPointerMode(handle(handle), mode);
  }

  @Override
  public int setMathMode(long handle, int mode) {
    return JCublas2.cublasSetMathMode(handle(handle), mode);
  }

  @Override
  public int getMathMode(long handle, int[] mode) {
    return JCublas2.cublasGetMathMode(handle(handle), mode);
  }

  @Override
  public int setAtomicsMode(long handle, int mode) {
    return JCublas2.cublasSetAtomicsMode(handle(handle), mode);
  }

  @Override
  public int getAtomicsMode(long handle, int[] mode) {
    return JCublas2.cublasGetAtomicsMode(handle(handle), mode);
  }

  @Override
  public int gemm(boolean f64, long handle, Gemm g, long alpha, long a, long b, long beta, long c) {
    cublasHandle h = handle(handle);
    int ta = g.transA();
    int tb = g.transB();
    int m = g.m();
    int n = g.n();
    int k = g.k();
    int lda = g.lda();
    int ldb = g.ldb();
    int ldc = g.ldc();
    return f64
        ? JCublas2.cublasDgemm(
            h, ta, tb, m, n, k, at(alpha), at(a), lda, at(b), ldb, at(beta), at(c), ldc)
        : JCublas2.cublasSgemm(
            h, ta, tb, m, n, k, at(alpha), at(a), lda, at(b), ldb, at(beta), at(c), ldc);
  }

  @Override
  public int gemmBatched(
      boolean f64, long handle, Gemm g, long alpha, long a, long b, long beta, long c) {
    cublasHandle h = handle(handle);
    Pointer pa = at(a);
    Pointer pb = at(b);
    Pointer pc = at(c);
    int ta = g.transA();
    int tb = g.transB();
    int m = g.m();
    int n = g.n();
    int k = g.k();
    int lda = g.lda();
    int ldb = g.ldb();
    int ldc = g.ldc();
    long sa = g.strideA();
    long sb = g.strideB();
    long sc = g.strideC();
    int count = g.count();
    return f64
        ? JCublas2.cublasDgemmStridedBatched(
            h, ta, tb, m, n, k, at(alpha), pa, lda, sa, pb, ldb, sb, at(beta), pc, ldc, sc, count)
        : JCublas2.cublasSgemmStridedBatched(
            h, ta, tb, m, n, k, at(alpha), pa, lda, sa, pb, ldb, sb, at(beta), pc, ldc, sc, count);
  }

  @Override
  public int gemmEx(
      int type, int compute, long handle, Gemm g, long alpha, long a, long b, long beta, long c) {
    cublasHandle h = handle(handle);
    int ta = g.transA();
    int tb = g.transB();
    int m = g.m();
    int n = g.n();
    int k = g.k();
    int lda = g.lda();
    int ldb = g.ldb();
    int ldc = g.ldc();
    int out = Cublas.dataType(DType.F32);
    Pointer pa = at(a);
    Pointer pb = at(b);
    Pointer pc = at(c);
    // Those without _new take a cudaDataType for the compute type and translate it.
    if (g.count() == 1) {
      return JCublas2.cublasGemmEx_new(
          h, ta, tb, m, n, k, at(alpha), pa, type, lda, pb, type, ldb, at(beta), pc, out, ldc,
          compute, ALGORITHM);
    }
    long sa = g.strideA();
    long sb = g.strideB();
    long sc = g.strideC();
    return JCublas2.cublasGemmStridedBatchedEx_new(
        h, ta, tb, m, n, k, at(alpha), pa, type, lda, sa, pb, type, ldb, sb, at(beta), pc, out, ldc,
        sc, g.count(), compute, ALGORITHM);
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
    cublasHandle h = handle(handle);
    return f64
        ? JCublas2.cublasDgemv(
            h, trans, rows, cols, at(alpha), at(a), lda, at(x), 1, at(beta), at(y), 1)
        : JCublas2.cublasSgemv(
            h, trans, rows, cols, at(alpha), at(a), lda, at(x), 1, at(beta), at(y), 1);
  }

  @Override
  public int dot(boolean f64, long handle, int n, long x, long y, long result) {
    cublasHandle h = handle(handle);
    return f64
        ? JCublas2.cublasDdot(h, n, at(x), 1, at(y), 1, at(result))
        : JCublas2.cublasSdot(h, n, at(x), 1, at(y), 1, at(result));
  }
}
