package dev.samebits.backend.nd4j;

import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Op;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The f32 convolutions by ND4J's operations on NCHW data and weights in the order (output channel,
 * input channel, height, width), which is KCRS (weight format 1), explicit padding (mode 0):
 *
 * <ul>
 *   <li>forward: {@code conv2d}
 *   <li>data gradient and filter gradient: {@code conv2d_bp}, ND4J's only way to the filter
 *       gradient; it computes both gradients at once, so each of the two kernels takes the time of
 *       both. The gradient that is not asked for goes to memory of the call's own, and the operand
 *       that only it needs (the data for the data gradient, the weights for the filter gradient) is
 *       an array of zeros.
 * </ul>
 *
 * These operations know no groups.
 */
final class Nd4jConvolution implements AutoCloseable {
  private final ConvShape z;
  private final Nd4jMemory other;
  private final Nd4jMemory unused;
  private final DynamicCustomOp call;

  Nd4jConvolution(Op op, Nd4jMemory a, Nd4jMemory b, Nd4jMemory out) {
    this.z = ConvShape.of(op.shape());
    if (z.group() != 1) {
      throw new IllegalArgumentException(
          "nd4j: " + op.kernel().id() + " " + op.shape() + ": its conv2d has no groups");
    }
    long data = (long) z.n() * z.c() * z.h() * z.w();
    long weights = (long) z.k() * z.c() * z.r() * z.s();
    switch (op.kernel()) {
      case CONV2D_FORWARD -> {
        other = null;
        unused = null;
        call = op("conv2d", new INDArray[] {data(a), weights(b)}, output(out));
      }
      case CONV2D_BACKWARD_DATA -> {
        other = new Nd4jMemory(DType.F32, data);
        unused = new Nd4jMemory(DType.F32, weights);
        call = backward(data(other), weights(b), output(a), data(out), weights(unused));
      }
      case CONV2D_BACKWARD_FILTER -> {
        other = new Nd4jMemory(DType.F32, weights);
        unused = new Nd4jMemory(DType.F32, data);
        call = backward(data(a), weights(other), output(b), data(unused), weights(out));
      }
      default -> throw new IllegalArgumentException("nd4j has no " + op.kernel().id());
    }
  }

  Runnable call() {
    return () -> Nd4j.getExecutioner().exec(call);
  }

  private DynamicCustomOp backward(INDArray x, INDArray w, INDArray dy, INDArray dx, INDArray dw) {
    return op("conv2d_bp", new INDArray[] {x, w, dy}, dx, dw);
  }

  private DynamicCustomOp op(String name, INDArray[] inputs, INDArray... outputs) {
    int explicitPadding = 0;
    int nchw = 0;
    int outInHeightWidth = 1;
    return DynamicCustomOp.builder(name)
        .addInputs(inputs)
        .addOutputs(outputs)
        .addIntegerArguments(
            z.r(),
            z.s(),
            z.stride(),
            z.stride(),
            z.pad(),
            z.pad(),
            z.dil(),
            z.dil(),
            explicitPadding,
            nchw,
            outInHeightWidth)
        .build();
  }

  private INDArray data(Nd4jMemory m) {
    return m.rows(z.n(), z.c(), z.h(), z.w());
  }

  private INDArray weights(Nd4jMemory m) {
    return m.rows(z.k(), z.c(), z.r(), z.s());
  }

  private INDArray output(Nd4jMemory m) {
    return m.rows(z.n(), z.k(), z.p(), z.q());
  }

  @Override
  public void close() {
    if (other != null) {
      other.close();
      unused.close();
    }
  }
}
