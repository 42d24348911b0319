package dev.samebits.backend.cuda.dnn;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.samebits.backend.cuda.LibraryCall;
import dev.samebits.backend.cuda.LibraryLane;
import dev.samebits.backend.cuda.NativeAddress;
import dev.samebits.backend.cuda.dnn.Cudnn.Descriptors;
import dev.samebits.backend.cuda.dnn.Cudnn.Operands;
import dev.samebits.backend.cuda.dnn.Cudnn.Pass;
import dev.samebits.backend.cuda.dnn.CudnnVariants.Choice;
import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A convolution or one of its gradients by cuDNN: NCHW data, KCRS weights, cross-correlation. A
 * handle for each stream and a workspace of its own; descriptors and algorithm are chosen once.
 */
final class CudnnCall implements LibraryCall {
  private static final int MOST_ALGORITHMS = 32;

  private final Cudnn dnn;
  private final CudnnStatus status;
  private final Op op;
  private final ConvShape z;
  private final Pass pass;
  private final int type;
  private final Memory scalars = new Memory(2L * Double.BYTES);
  private final List<Runnable> release = new ArrayList<>();
  private final Map<String, String> facts = new TreeMap<>();
  private Descriptors descriptors;
  private int algorithm;

  CudnnCall(Cudnn dnn, CudnnStatus status, Op op) {
    this.dnn = dnn;
    this.status = status;
    this.op = op;
    this.z = ConvShape.of(op.shape());
    this.pass = CudnnVariants.pass(op.kernel());
    this.type = op.dtype() == DType.F64 ? Cudnn.DOUBLE : Cudnn.FLOAT;
    scalars.clear();
    if (op.dtype() == DType.F64) {
      scalars.setDouble(0, 1);
    } else {
      scalars.setFloat(0, 1);
    }
  }

  @Override
  public Runnable prepare(LibraryLane lane) {
    if (z.n() == 0 || z.c() == 0 || z.k() == 0 || z.h() == 0 || z.w() == 0) {
      return lane.zero(0); // no descriptor has a size of zero
    }
    LongByReference created = new LongByReference();
    status.check("cudnnCreate", dnn.create(created));
    long handle = created.getValue();
    release.add(() -> dnn.destroy(handle));
    status.check("cudnnSetStream", dnn.setStream(handle, NativeAddress.of(lane.stream())));
    if (lane.number() == 0) {
      describe();
      choose(handle);
    }
    LongByReference needed = new LongByReference();
    String named = op.kernel().id() + " algorithm " + algorithm + " (" + op.shape() + ")";
    status.check(
        "workspace size of " + named, dnn.workspace(pass, handle, descriptors, algorithm, needed));
    long bytes = needed.getValue();
    long workspace = lane.own(bytes);
    facts.put("workspace", Long.toString(bytes));
    return () -> {
      int code =
          dnn.convolve(pass, handle, descriptors, operands(lane), algorithm, workspace, bytes);
      if (code != CudnnStatus.SUCCESS) {
        status.check(named, code);
      }
    };
  }

  private Operands operands(LibraryLane lane) {
    long one = Pointer.nativeValue(scalars);
    long zero = one + Double.BYTES;
    return switch (pass) {
      case FORWARD -> new Operands(one, zero, lane.in(0), lane.in(1), lane.out(0));
      case BACKWARD_DATA -> new Operands(one, zero, lane.out(0), lane.in(1), lane.in(0));
      case BACKWARD_FILTER -> new Operands(one, zero, lane.in(0), lane.out(0), lane.in(1));
    };
  }

  private void describe() {
    long x = tensor(z.n(), z.c(), z.h(), z.w());
    long y = tensor(z.n(), z.k(), z.p(), z.q());
    LongByReference created = new LongByReference();
    status.check("cudnnCreateFilterDescriptor", dnn.createFilter(created));
    long w = created.getValue();
    release.add(() -> dnn.destroyFilter(w));
    status.check(
        "cudnnSetFilter4dDescriptor",
        dnn.setFilter(w, type, Cudnn.NCHW, z.k(), z.cPerGroup(), z.r(), z.s()));
    status.check("cudnnCreateConvolutionDescriptor", dnn.createConvolution(created));
    long convolution = created.getValue();
    release.add(() -> dnn.destroyConvolution(convolution));
    status.check(
        "cudnnSetConvolution2dDescriptor",
        dnn.setConvolution(
            convolution, z.pad(), z.stride(), z.dil(), Cudnn.CROSS_CORRELATION, type));
    status.check("cudnnSetConvolutionGroupCount", dnn.setGroups(convolution, z.group()));
    descriptors = new Descriptors(x, w, y, convolution);
    requireOutput();
  }

  private long tensor(int n, int c, int h, int w) {
    LongByReference created = new LongByReference();
    status.check("cudnnCreateTensorDescriptor", dnn.createTensor(created));
    long tensor = created.getValue();
    release.add(() -> dnn.destroyTensor(tensor));
    status.check("cudnnSetTensor4dDescriptor", dnn.setTensor(tensor, Cudnn.NCHW, type, n, c, h, w));
    return tensor;
  }

  /** The library's idea of the output's size must be ours. */
  private void requireOutput() {
    IntByReference[] got = new IntByReference[4];
    java.util.Arrays.setAll(got, i -> new IntByReference());
    Descriptors d = descriptors;
    status.check(
        "cudnnGetConvolution2dForwardOutputDim",
        dnn.outputDim(d.convolution(), d.x(), d.w(), got[0], got[1], got[2], got[3]));
    List<Integer> sizes = java.util.Arrays.stream(got).map(IntByReference::getValue).toList();
    if (!sizes.equals(List.of(z.n(), z.k(), z.p(), z.q()))) {
      throw new IllegalStateException(
          "cuDNN computes an output of " + sizes + " for " + op.shape() + ", not " + z);
    }
  }

  private void choose(long handle) {
    Choice choice = CudnnVariants.choice(op.variant());
    setMath(choice.math());
    algorithm = choice.algorithm() == Choice.ANY ? heuristic(handle, choice) : choice.algorithm();
    IntByReference math = new IntByReference();
    status.check("cudnnGetConvolutionMathType", dnn.getMath(descriptors.convolution(), math));
    facts.put("algorithm", Integer.toString(algorithm));
    facts.put(
        "math",
        switch (math.getValue()) {
          case Cudnn.DEFAULT_MATH -> "default";
          case Cudnn.FMA_MATH -> "fma";
          default -> Integer.toString(math.getValue());
        });
  }

  private void setMath(int math) {
    long convolution = descriptors.convolution();
    status.check("cudnnSetConvolutionMathType", dnn.setMath(convolution, math));
    IntByReference got = new IntByReference();
    status.check("cudnnGetConvolutionMathType", dnn.getMath(convolution, got));
    if (got.getValue() != math) {
      throw new Op.NotHonouredException(
          "cudnn/"
              + op.variant()
              + ": math type "
              + math
              + " was asked for, but "
              + got.getValue()
              + " was read back");
    }
  }

  /**
   * The first algorithm of the heuristic's list that fits. It runs with the math type of the list,
   * or without tensor cores if that is asked for.
   */
  private int heuristic(long handle, Choice choice) {
    try (Memory results = new Memory((long) MOST_ALGORITHMS * Cudnn.PERF_BYTES)) {
      results.clear();
      IntByReference found = new IntByReference();
      status.check(
          "cudnnGetConvolution...Algorithm_v7 of " + op.kernel().id(),
          dnn.algorithms(pass, handle, descriptors, MOST_ALGORITHMS, found, results));
      boolean fma = choice.math() == Cudnn.FMA_MATH;
      for (int i = 0; i < found.getValue(); i++) {
        long at = (long) i * Cudnn.PERF_BYTES;
        int number = results.getInt(at);
        boolean repeatable = results.getInt(at + Cudnn.PERF_DETERMINISM) == Cudnn.DETERMINISTIC;
        if (results.getInt(at + Cudnn.PERF_STATUS) == CudnnStatus.SUCCESS
            && (repeatable || !choice.deterministic())) {
          setMath(fma ? Cudnn.FMA_MATH : results.getInt(at + Cudnn.PERF_MATH));
          if (!fma || canDo(handle, number)) {
            return number;
          }
        }
      }
      throw new IllegalArgumentException(
          "the heuristic of cuDNN offers no algorithm for "
              + op.variant()
              + " of "
              + op.kernel().id()
              + " "
              + op.shape()
              + " among "
              + found.getValue());
    }
  }

  /** Whether an algorithm takes the descriptors with the math type set last. */
  private boolean canDo(long handle, int number) {
    int code = dnn.workspace(pass, handle, descriptors, number, new LongByReference());
    if (CudnnStatus.notSupported(code)) {
      return false;
    }
    status.check("workspace size of algorithm " + number, code);
    return true;
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void close() {
    Collections.reverse(release);
    release.forEach(Runnable::run);
    release.clear();
    scalars.close();
  }
}
