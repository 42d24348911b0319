package dev.samebits.backend.cuda.blas;

import com.sun.jna.Memory;
import dev.samebits.kernel.DType;
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

  /** CUBLAS_COMPUTE_32F. */
  int COMPUTE_32F = 68;

  /** CUBLAS_COMPUTE_32F_PEDANTIC: the prescribed precision in every step. */
  int COMPUTE_32F_PEDANTIC = 69;

  /** CUBLAS_COMPUTE_64F. */
  int COMPUTE_64F = 70;

  /** CUBLAS_GEMM_DEFAULT: cuBLAS chooses. */
  int ALGORITHM = -1;

  /** The {@code cudaDataType} of an element type. */
  static int dataType(DType dtype) {
    return switch (dtype) {
      case F32 -> 0; // CUDA_R_32F
      case F64 -> 1; // CUDA_R_64F
      case F16 -> 2; // CUDA_R_16F
      case BF16 -> 14; // CUDA_R_16BF
      case I32 -> throw new IllegalArgumentException("cuBLAS is given no i32");
    };
  }

  /** Puts a scalar where a product reads it, in the type that it is computed in. */
  static void putScalar(Memory scalars, long offset, DType dtype, double value) {
    if (dtype == DType.F64) {
      scalars.setDouble(offset, value);
    } else {
      scalars.setFloat(offset, (float) value);
    }
  }

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

  /**
   * {@code cublasGemmEx} or, of more than one, {@code cublasGemmStridedBatchedEx}, C and scalars in
   * f32.
   *
   * @param type {@code cudaDataType} of A and B
   * @param compute {@code cublasComputeType_t}
   */
  int gemmEx(
      int type, int compute, long handle, Gemm g, long alpha, long a, long b, long beta, long c);

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
