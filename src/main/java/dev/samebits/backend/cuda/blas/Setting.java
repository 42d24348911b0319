package dev.samebits.backend.cuda.blas;

import java.util.Map;

/**
 * What distinguishes the variants of a call of cuBLAS.
 *
 * @param math {@code cublasMath_t}
 * @param atomics {@code cublasAtomicsMode_t}
 * @param handles who owns handles and workspaces
 * @param config value of {@code CUBLAS_WORKSPACE_CONFIG}; empty if it must not be set
 */
record Setting(int math, int atomics, Handles handles, String config) {
  /** The environment variable that fixes the sizes of cuBLAS's own workspaces. */
  static final String CONFIG = "CUBLAS_WORKSPACE_CONFIG";

  /** CUBLAS_DEFAULT_MATH: no TF32 for f32 operands. */
  static final int DEFAULT_MATH = 0;

  /** CUBLAS_PEDANTIC_MATH. */
  static final int PEDANTIC_MATH = 2;

  /** CUBLAS_TF32_TENSOR_OP_MATH. */
  static final int TF32_MATH = 3;

  private static final Map<Integer, String> MATH_NAMES =
      Map.of(DEFAULT_MATH, "default", PEDANTIC_MATH, "pedantic", TF32_MATH, "tf32");

  /** Handles and workspaces when several streams are at work. */
  enum Handles {
    /** One handle, on one stream: more are refused. */
    ONE,
    /** One handle moves from stream to stream; cuBLAS picks a workspace for each call. */
    SHARED,
    /** One handle moves from stream to stream and is given the stream's own workspace. */
    ONE_WITH_WORKSPACES,
    /** A handle for each stream. */
    PER_STREAM
  }

  /** A math mode in words. */
  static String mathName(int mode) {
    return MATH_NAMES.getOrDefault(mode, Integer.toString(mode));
  }
}
