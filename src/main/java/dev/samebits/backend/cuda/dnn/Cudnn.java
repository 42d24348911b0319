package dev.samebits.backend.cuda.dnn;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;

/**
 * The functions of cuDNN that are called, in the form they have in release 8 and 9 (cuDNN API
 * Reference, libraries cudnn_ops and cudnn_cnn): handles, descriptors and arrays by address,
 * scaling factors on the host. Each returns a {@code cudnnStatus_t}, 0 for success.
 */
interface Cudnn {
  /** CUDNN_DATA_FLOAT. */
  int FLOAT = 0;

  /** CUDNN_DATA_DOUBLE. */
  int DOUBLE = 1;

  /** CUDNN_TENSOR_NCHW. */
  int NCHW = 0;

  /** CUDNN_CROSS_CORRELATION. */
  int CROSS_CORRELATION = 1;

  /** CUDNN_DEFAULT_MATH: TF32 on tensor cores is allowed for f32. */
  int DEFAULT_MATH = 0;

  /** CUDNN_FMA_MATH: fused multiply-adds only, no tensor cores. */
  int FMA_MATH = 3;

  /** CUDNN_DETERMINISTIC. */
  int DETERMINISTIC = 1;

  /** Bytes of {@code cudnnConvolution*AlgoPerf_t}. */
  int PERF_BYTES = 48;

  /** Where that has its {@code cudnnStatus_t}; the algorithm's number is at 0. */
  int PERF_STATUS = 4;

  /** Where that has its {@code cudnnDeterminism_t}, after a float and a {@code size_t}. */
  int PERF_DETERMINISM = 24;

  /** Where that has its {@code cudnnMathType_t}. */
  int PERF_MATH = 28;

  int create(LongByReference handle);

  int destroy(long handle);

  int setStream(long handle, long stream);

  int createTensor(LongByReference tensor);

  int setTensor(long tensor, int format, int type, int n, int c, int h, int w);

  int destroyTensor(long tensor);

  int createFilter(LongByReference filter);

  int setFilter(long filter, int type, int format, int k, int c, int r, int s);

  int destroyFilter(long filter);

  int createConvolution(LongByReference convolution);

  /** {@code cudnnSetConvolution2dDescriptor}, the same in both directions. */
  int setConvolution(
      long convolution, int pad, int stride, int dilation, int mode, int computeType);

  int destroyConvolution(long convolution);

  int setGroups(long convolution, int groups);

  int setMath(long convolution, int math);

  int getMath(long convolution, IntByReference math);

  /** {@code cudnnGetConvolution2dForwardOutputDim}. */
  int outputDim(
      long convolution,
      long tensor,
      long filter,
      IntByReference n,
      IntByReference c,
      IntByReference h,
      IntByReference w);

  /** {@code cudnnGetConvolution*Algorithm_v7}. */
  int algorithms(
      Pass pass, long handle, Descriptors d, int most, IntByReference found, Pointer results);

  /** {@code cudnnGetConvolution*WorkspaceSize}. */
  int workspace(Pass pass, long handle, Descriptors d, int algorithm, LongByReference bytes);

  /** {@code cudnnConvolutionForward}, {@code ...BackwardData} or {@code ...BackwardFilter}. */
  int convolve(
      Pass pass,
      long handle,
      Descriptors d,
      Operands o,
      int algorithm,
      long workspace,
      long workspaceBytes);

  /** Which of the three convolutions. */
  enum Pass {
    /** From data and weights to the output. */
    FORWARD,
    /** From the output's gradient and weights to that of the data. */
    BACKWARD_DATA,
    /** From data and the output's gradient to that of the weights. */
    BACKWARD_FILTER
  }

  /**
   * Descriptors by address.
   *
   * @param x data or its gradient
   * @param w weights or their gradient
   * @param y output or its gradient
   * @param convolution the operation
   */
  record Descriptors(long x, long w, long y, long convolution) {}

  /**
   * Arrays by address.
   *
   * @param one scaling factor 1 on the host, in the compute type
   * @param zero scaling factor 0
   * @param x data or its gradient
   * @param w weights or their gradient
   * @param y output or its gradient
   */
  record Operands(long one, long zero, long x, long w, long y) {}
}
