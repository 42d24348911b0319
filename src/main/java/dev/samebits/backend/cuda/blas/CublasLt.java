package dev.samebits.backend.cuda.blas;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;

/**
 * The functions of cuBLASLt that are called, in the form they have had from release 11 to 13
 * (cuBLAS Library User Guide, section 3): opaque descriptors made by the library, attributes set by
 * number. Each returns a {@code cublasStatus_t}.
 */
interface CublasLt {
  /** CUBLASLT_MATMUL_DESC_TRANSA, an int32. */
  int DESC_TRANS_A = 3;

  /** CUBLASLT_MATMUL_DESC_TRANSB, an int32. */
  int DESC_TRANS_B = 4;

  /** CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, an int32. */
  int LAYOUT_BATCH_COUNT = 5;

  /** CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, an int64. */
  int LAYOUT_BATCH_OFFSET = 6;

  /** CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, a uint64. */
  int PREF_WORKSPACE = 1;

  /** CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, a uint32; 0 allows no split of K. */
  int PREF_SCHEMES = 3;

  /** CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, a uint32; B, C and D follow. */
  int PREF_ALIGNMENT_A = 5;

  /** CUBLASLT_ALGO_CONFIG_ID, an int32. */
  int ALGO_ID = 0;

  /** CUBLASLT_ALGO_CONFIG_TILE_ID, a uint32. */
  int ALGO_TILE = 1;

  /** CUBLASLT_ALGO_CONFIG_SPLITK_NUM, a uint32. */
  int ALGO_SPLIT_K = 2;

  /** CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME, a uint32. */
  int ALGO_SCHEME = 3;

  /** Bytes of {@code cublasLtMatmulAlgo_t}, the first member of the result. */
  int ALGO_BYTES = 64;

  /** Bytes of {@code cublasLtMatmulHeuristicResult_t}. */
  int RESULT_BYTES = 96;

  /** Where the result has its {@code size_t workspaceSize}. */
  int RESULT_WORKSPACE = 64;

  /** Where the result has its {@code cublasStatus_t state}. */
  int RESULT_STATE = 72;

  int create(LongByReference handle);

  int destroy(long handle);

  int createDescriptor(LongByReference descriptor, int computeType, int scaleType);

  int destroyDescriptor(long descriptor);

  int setDescriptor(long descriptor, int attribute, Pointer value, long bytes);

  int createLayout(LongByReference layout, int type, long rows, long cols, long ld);

  int destroyLayout(long layout);

  int setLayout(long layout, int attribute, Pointer value, long bytes);

  int createPreference(LongByReference preference);

  int destroyPreference(long preference);

  int setPreference(long preference, int attribute, Pointer value, long bytes);

  /** {@code cublasLtMatmulAlgoGetHeuristic}. */
  int heuristic(
      long handle,
      long descriptor,
      Layouts layouts,
      long preference,
      int most,
      Pointer results,
      IntByReference found);

  int setAlgorithm(Pointer algorithm, int attribute, Pointer value, long bytes);

  int getAlgorithm(
      Pointer algorithm, int attribute, Pointer value, long bytes, LongByReference written);

  /** {@code cublasLtMatmulAlgoCheck}. */
  int checkAlgorithm(
      long handle, long descriptor, Layouts layouts, Pointer algorithm, Pointer result);

  /** {@code cublasLtMatmul} with D = C. */
  int matmul(
      long handle,
      long descriptor,
      Layouts layouts,
      Operands operands,
      Pointer algorithm,
      long workspace,
      long bytes,
      long stream);

  /** Layouts of A, B and C, column-major. */
  record Layouts(long a, long b, long c) {}

  /** Addresses; alpha and beta on the host. */
  record Operands(long alpha, long a, long b, long beta, long c) {}
}
