package dev.samebits.backend.cuda.blas;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.samebits.library.DirectMapping;
import java.io.IOException;
import java.lang.invoke.MethodHandles;

/** cuBLASLt 11, 12 or 13 by JNA's direct mapping. A {@code size_t} and a handle are a long. */
final class DirectCublasLt implements CublasLt {
  DirectCublasLt() {}

  /**
   * The functions of one library.
   *
   * @throws UnsatisfiedLinkError naming the first function that it lacks
   */
  static CublasLt bind(NativeLibrary library) throws IOException {
    return DirectMapping.bind(MethodHandles.lookup(), CublasLt.class, library);
  }

  @Override
  public int create(LongByReference handle) {
    return cublasLtCreate(handle);
  }

  @Override
  public int destroy(long handle) {
    return cublasLtDestroy(handle);
  }

  @Override
  public int createDescriptor(LongByReference descriptor, int computeType, int scaleType) {
    return cublasLtMatmulDescCreate(descriptor, computeType, scaleType);
  }

  @Override
  public int destroyDescriptor(long descriptor) {
    return cublasLtMatmulDescDestroy(descriptor);
  }

  @Override
  public int setDescriptor(long descriptor, int attribute, Pointer value, long bytes) {
    return cublasLtMatmulDescSetAttribute(descriptor, attribute, value, bytes);
  }

  @Override
  public int createLayout(LongByReference layout, int type, long rows, long cols, long ld) {
    return cublasLtMatrixLayoutCreate(layout, type, rows, cols, ld);
  }

  @Override
  public int destroyLayout(long layout) {
    return cublasLtMatrixLayoutDestroy(layout);
  }

  @Override
  public int setLayout(long layout, int attribute, Pointer value, long bytes) {
    return cublasLtMatrixLayoutSetAttribute(layout, attribute, value, bytes);
  }

  @Override
  public int createPreference(LongByReference preference) {
    return cublasLtMatmulPreferenceCreate(preference);
  }

  @Override
  public int destroyPreference(long preference) {
    return cublasLtMatmulPreferenceDestroy(preference);
  }

  @Override
  public int setPreference(long preference, int attribute, Pointer value, long bytes) {
    return cublasLtMatmulPreferenceSetAttribute(preference, attribute, value, bytes);
  }

  @Override
  public int heuristic(
      long handle,
      long descriptor,
      Layouts z,
      long preference,
      int most,
      Pointer results,
      IntByReference found) {
    return cublasLtMatmulAlgoGetHeuristic(
        handle, descriptor, z.a(), z.b(), z.c(), z.c(), preference, most, results, found);
  }

  @Override
  public int setAlgorithm(Pointer algorithm, int attribute, Pointer value, long bytes) {
    return cublasLtMatmulAlgoConfigSetAttribute(algorithm, attribute, value, bytes);
  }

  @Override
  public int getAlgorithm(
      Pointer algorithm, int attribute, Pointer value, long bytes, LongByReference written) {
    return cublasLtMatmulAlgoConfigGetAttribute(algorithm, attribute, value, bytes, written);
  }

  @Override
  public int checkAlgorithm(
      long handle, long descriptor, Layouts z, Pointer algorithm, Pointer result) {
    return cublasLtMatmulAlgoCheck(
        handle, descriptor, z.a(), z.b(), z.c(), z.c(), algorithm, result);
  }

  @Override
  public int matmul(
      long handle,
      long descriptor,
      Layouts z,
      Operands o,
      Pointer algorithm,
      long workspace,
      long bytes,
      long stream) {
    long c = o.c();
    return cublasLtMatmul(
        handle,
        descriptor,
        o.alpha(),
        o.a(),
        z.a(),
        o.b(),
        z.b(),
        o.beta(),
        c,
        z.c(),
        c,
        z.c(),
        algorithm,
        workspace,
        bytes,
        stream);
  }

  private static native int cublasLtCreate(LongByReference handle);

  private static native int cublasLtDestroy(long handle);

  private static native int cublasLtMatmulDescCreate(
      LongByReference descriptor, int computeType, int scaleType);

  private static native int cublasLtMatmulDescDestroy(long descriptor);

  private static native int cublasLtMatmulDescSetAttribute(
      long descriptor, int attribute, Pointer value, long bytes);

  private static native int cublasLtMatrixLayoutCreate(
      LongByReference layout, int type, long rows, long cols, long ld);

  private static native int cublasLtMatrixLayoutDestroy(long layout);

  private static native int cublasLtMatrixLayoutSetAttribute(
      long layout, int attribute, Pointer value, long bytes);

  private static native int cublasLtMatmulPreferenceCreate(LongByReference preference);

  private static native int cublasLtMatmulPreferenceDestroy(long preference);

  private static native int cublasLtMatmulPreferenceSetAttribute(
      long preference, int attribute, Pointer value, long bytes);

  private static native int cublasLtMatmulAlgoGetHeuristic(
      long handle,
      long descriptor,
      long a,
      long b,
      long c,
      long d,
      long preference,
      int most,
      Pointer results,
      IntByReference found);

  private static native int cublasLtMatmulAlgoConfigSetAttribute(
      Pointer algorithm, int attribute, Pointer value, long bytes);

  private static native int cublasLtMatmulAlgoConfigGetAttribute(
      Pointer algorithm, int attribute, Pointer value, long bytes, LongByReference written);

  private static native int cublasLtMatmulAlgoCheck(
      long handle,
      long descriptor,
      long a,
      long b,
      long c,
      long d,
      Pointer algorithm,
      Pointer result);

  private static native int cublasLtMatmul(
      long handle,
      long descriptor,
      long alpha,
      long a,
      long layoutA,
      long b,
      long layoutB,
      long beta,
      long c,
      long layoutC,
      long d,
      long layoutD,
      Pointer algorithm,
      long workspace,
      long bytes,
      long stream);
}
