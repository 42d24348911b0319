package dev.samebits.backend.cuda.dnn;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.samebits.library.DirectMapping;
import java.io.IOException;
import java.lang.invoke.MethodHandles;

/** cuDNN 8 or 9 by JNA's direct mapping. A {@code size_t} and a pointer are a long. */
final class DirectCudnn implements Cudnn {
  DirectCudnn() {}

  /**
   * The functions of one library.
   *
   * @throws UnsatisfiedLinkError naming the first function that it lacks
   */
  static Cudnn bind(NativeLibrary library) throws IOException {
    return DirectMapping.bind(MethodHandles.lookup(), Cudnn.class, library);
  }

  @Override
  public int create(LongByReference handle) {
    return cudnnCreate(handle);
  }

  @Override
  public int destroy(long handle) {
    return cudnnDestroy(handle);
  }

  @Override
  public int setStream(long handle, long stream) {
    return cudnnSetStream(handle, stream);
  }

  @Override
  public int createTensor(LongByReference tensor) {
    return cudnnCreateTensorDescriptor(tensor);
  }

  @Override
  public int setTensor(long tensor, int format, int type, int n, int c, int h, int w) {
    return cudnnSetTensor4dDescriptor(tensor, format, type, n, c, h, w);
  }

  @Override
  public int destroyTensor(long tensor) {
    return cudnnDestroyTensorDescriptor(tensor);
  }

  @Override
  public int createFilter(LongByReference filter) {
    return cudnnCreateFilterDescriptor(filter);
  }

  @Override
  public int setFilter(long filter, int type, int format, int k, int c, int r, int s) {
    return cudnnSetFilter4dDescriptor(filter, type, format, k, c, r, s);
  }

  @Override
  public int destroyFilter(long filter) {
    return cudnnDestroyFilterDescriptor(filter);
  }

  @Override
  public int createConvolution(LongByReference convolution) {
    return cudnnCreateConvolutionDescriptor(convolution);
  }

  @Override
  public int setConvolution(
      long convolution, int pad, int stride, int dilation, int mode, int computeType) {
    return cudnnSetConvolution2dDescriptor(
        convolution, pad, pad, stride, stride, dilation, dilation, mode, computeType);
  }

  @Override
  public int destroyConvolution(long convolution) {
    return cudnnDestroyConvolutionDescriptor(convolution);
  }

  @Override
  public int setGroups(long convolution, int groups) {
    return cudnnSetConvolutionGroupCount(convolution, groups);
  }

  @Override
  public int setMath(long convolution, int math) {
    return cudnnSetConvolutionMathType(convolution, math);
  }

  @Override
  public int getMath(long convolution, IntByReference math) {
    return cudnnGetConvolutionMathType(convolution, math);
  }

  @Override
  public int outputDim(
      long convolution,
      long tensor,
      long filter,
      IntByReference n,
      IntByReference c,
      IntByReference h,
      IntByReference w) {
    return cudnnGetConvolution2dForwardOutputDim(convolution, tensor, filter, n, c, h, w);
  }

  @Override
  public int algorithms(
      Pass pass, long handle, Descriptors d, int most, IntByReference found, Pointer results) {
    long cv = d.convolution();
    return switch (pass) {
      case FORWARD ->
          cudnnGetConvolutionForwardAlgorithm_v7(
              handle, d.x(), d.w(), cv, d.y(), most, found, results);
      case BACKWARD_DATA ->
          cudnnGetConvolutionBackwardDataAlgorithm_v7(
              handle, d.w(), d.y(), cv, d.x(), most, found, results);
      case BACKWARD_FILTER ->
          cudnnGetConvolutionBackwardFilterAlgorithm_v7(
              handle, d.x(), d.y(), cv, d.w(), most, found, results);
    };
  }

  @Override
  public int workspace(
      Pass pass, long handle, Descriptors d, int algorithm, LongByReference bytes) {
    long cv = d.convolution();
    return switch (pass) {
      case FORWARD ->
          cudnnGetConvolutionForwardWorkspaceSize(
              handle, d.x(), d.w(), cv, d.y(), algorithm, bytes);
      case BACKWARD_DATA ->
          cudnnGetConvolutionBackwardDataWorkspaceSize(
              handle, d.w(), d.y(), cv, d.x(), algorithm, bytes);
      case BACKWARD_FILTER ->
          cudnnGetConvolutionBackwardFilterWorkspaceSize(
              handle, d.x(), d.y(), cv, d.w(), algorithm, bytes);
    };
  }

  @Override
  public int convolve(
      Pass pass,
      long handle,
      Descriptors d,
      Operands o,
      int algorithm,
      long workspace,
      long workspaceBytes) {
    return switch (pass) {
      case FORWARD -> forward(handle, d, o, algorithm, workspace, workspaceBytes);
      case BACKWARD_DATA -> data(handle, d, o, algorithm, workspace, workspaceBytes);
      case BACKWARD_FILTER -> filter(handle, d, o, algorithm, workspace, workspaceBytes);
    };
  }

  private static int forward(
      long handle, Descriptors d, Operands o, int algorithm, long workspace, long bytes) {
    return cudnnConvolutionForward(
        handle,
        o.one(),
        d.x(),
        o.x(),
        d.w(),
        o.w(),
        d.convolution(),
        algorithm,
        workspace,
        bytes,
        o.zero(),
        d.y(),
        o.y());
  }

  private static int data(
      long handle, Descriptors d, Operands o, int algorithm, long workspace, long bytes) {
    return cudnnConvolutionBackwardData(
        handle,
        o.one(),
        d.w(),
        o.w(),
        d.y(),
        o.y(),
        d.convolution(),
        algorithm,
        workspace,
        bytes,
        o.zero(),
        d.x(),
        o.x());
  }

  private static int filter(
      long handle, Descriptors d, Operands o, int algorithm, long workspace, long bytes) {
    return cudnnConvolutionBackwardFilter(
        handle,
        o.one(),
        d.x(),
        o.x(),
        d.y(),
        o.y(),
        d.convolution(),
        algorithm,
        workspace,
        bytes,
        o.zero(),
        d.w(),
        o.w());
  }

  private static native int cudnnCreate(LongByReference handle);

  private static native int cudnnDestroy(long handle);

  private static native int cudnnSetStream(long handle, long stream);

  private static native int cudnnCreateTensorDescriptor(LongByReference tensor);

  private static native int cudnnSetTensor4dDescriptor(
      long tensor, int format, int type, int n, int c, int h, int w);

  private static native int cudnnDestroyTensorDescriptor(long tensor);

  private static native int cudnnCreateFilterDescriptor(LongByReference filter);

  private static native int cudnnSetFilter4dDescriptor(
      long filter, int type, int format, int k, int c, int h, int w);

  private static native int cudnnDestroyFilterDescriptor(long filter);

  private static native int cudnnCreateConvolutionDescriptor(LongByReference convolution);

  private static native int cudnnSetConvolution2dDescriptor(
      long convolution,
      int padH,
      int padW,
      int u,
      int v,
      int dilationH,
      int dilationW,
      int mode,
      int computeType);

  private static native int cudnnDestroyConvolutionDescriptor(long convolution);

  private static native int cudnnSetConvolutionGroupCount(long convolution, int groups);

  private static native int cudnnSetConvolutionMathType(long convolution, int math);

  private static native int cudnnGetConvolutionMathType(long convolution, IntByReference math);

  private static native int cudnnGetConvolution2dForwardOutputDim(
      long convolution,
      long tensor,
      long filter,
      IntByReference n,
      IntByReference c,
      IntByReference h,
      IntByReference w);

  private static native int cudnnGetConvolutionForwardAlgorithm_v7(
      long handle,
      long x,
      long w,
      long convolution,
      long y,
      int most,
      IntByReference found,
      Pointer results);

  private static native int cudnnGetConvolutionBackwardDataAlgorithm_v7(
      long handle,
      long w,
      long dy,
      long convolution,
      long dx,
      int most,
      IntByReference found,
      Pointer results);

  private static native int cudnnGetConvolutionBackwardFilterAlgorithm_v7(
      long handle,
      long x,
      long dy,
      long convolution,
      long dw,
      int most,
      IntByReference found,
      Pointer results);

  private static native int cudnnGetConvolutionForwardWorkspaceSize(
      long handle, long x, long w, long convolution, long y, int algorithm, LongByReference bytes);

  private static native int cudnnGetConvolutionBackwardDataWorkspaceSize(
      long handle,
      long w,
      long dy,
      long convolution,
      long dx,
      int algorithm,
      LongByReference bytes);

  private static native int cudnnGetConvolutionBackwardFilterWorkspaceSize(
      long handle,
      long x,
      long dy,
      long convolution,
      long dw,
      int algorithm,
      LongByReference bytes);

  private static native int cudnnConvolutionForward(
      long handle,
      long alpha,
      long xDescriptor,
      long x,
      long wDescriptor,
      long w,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      long beta,
      long yDescriptor,
      long y);

  private static native int cudnnConvolutionBackwardData(
      long handle,
      long alpha,
      long wDescriptor,
      long w,
      long dyDescriptor,
      long dy,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      long beta,
      long dxDescriptor,
      long dx);

  private static native int cudnnConvolutionBackwardFilter(
      long handle,
      long alpha,
      long xDescriptor,
      long x,
      long dyDescriptor,
      long dy,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      long beta,
      long dwDescriptor,
      long dw);
}
