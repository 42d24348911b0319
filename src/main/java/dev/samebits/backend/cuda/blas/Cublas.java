package dev.samebits.backend.cuda.blas;

import jcuda.driver.CUstream;

/**
 * The functions of cuBLAS that are called, in the form they have had from release 11 to 13 (cuBLAS
 * Library User Guide, sections 2.4 to 2.8): column-major, sizes of 32 bits, handles and arrays by
 * address. Each returns a {@code cublasStatus_t}, 0 for success.
 */
interface Cublas {
  /** CUBLAS_OP_N. */
  int NO_TRANS = 0;

  /** CUBLAS_OP_T. */
  int TRANS = 1;

  /** CUBLAS_POINTER_MODE_HOST. */
  int HOST = 0;

  /** CUBLAS_POINTER_MODE_DEVICE. */
  int DEVICE = 1;

  /**
   * Creates a handle.
   *
   * @param handle takes it, in its first element
   */
  int create(long[] handle);

  int destroy(long handle);

  int getVersion(long handle, int[] version);

  int setStream(long handle, CUstream stream);

  int setWorkspace(long handle, long address, long bytes);

  int setPointerMode(long handle, int mode);

  int setMathMode(long handle, int mode);

  int getMathMode(long handle, int[] mode);

  int setAtomicsMode(long handle, int mode);

  int getAtomicsMode(long handle, int[] mode);

  /** {@code cublasSgemm} or {@code cublasDgemm}; alpha and beta by address. */
  int gemm(boolean f64, long handle, Gemm g, long alpha, long a, long b, long beta, long c);

  /** {@code cublasSgemmStridedBatched} or {@code cublasDgemmStridedBatched}. */
  int gemmBatched(boolean f64, long handle, Gemm g, long alpha, long a, long b, long beta, long c);

  /** {@code cublasSgemv} or {@code cublasDgemv} with steps of one. */
  int gemv(
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
      long y);

  /** {@code cublasSdot} or {@code cublasDdot} with steps of one. */
  int dot(boolean f64, long handle, int n, long x, long y, long result);

  /**
   * A column-major product C = alpha op(A) op(B) + beta C, C being m x n.
   *
   * @param transA op of A
   * @param transB op of B
   * @param strideA elements from one A to the next
   * @param count number of products
   */
  record Gemm(
      int transA,
      int transB,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      int ldc,
      long strideA,
      long strideB,
      long strideC,
      int count) {}
}
