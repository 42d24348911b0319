package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call.TeamAlgorithm;
import dev.samebits.backend.jvm.ExactReduction;
import dev.samebits.backend.jvm.FastKernels;
import dev.samebits.kernel.Kernel;
import java.util.Optional;

/** The list of all kernels written with the Vector API. */
public final class VectorKernels implements FastKernels {
  /** Called by name. */
  public VectorKernels() {}

  @Override
  public int vectorBits() {
    return Width.BITS;
  }

  @Override
  public Optional<TeamAlgorithm> algorithm(Kernel kernel, String variant) {
    return Optional.ofNullable(
        switch (kernel.id() + "/" + variant) {
          case "matmul/canonical" -> FastMatmul::bind;
          case "gemv/canonical" -> FastMatmul::bindGemv;
          case "fma_chain/canonical" -> FmaChain::bind;
          case "sum/canonical", "dot/canonical", "row_sum/canonical" -> CanonicalSums::bind;
          case "mean/canonical", "nrm2/canonical" -> CanonicalSums::bind;
          case "sum/eight_accumulators", "dot/eight_accumulators" -> EightAccumulators::bind;
          case "conv2d_forward/canonical", "conv2d_backward_data/canonical" -> FastConv2d::bind;
          case "conv2d_backward_filter/canonical" -> FastConv2d::bind;
          case "scatter_add/canonical" -> FastScatter::bind;
          case "sum/exact", "dot/exact" ->
              (call, team) -> ExactReduction.bind(call, team, WindowSum::new);
          case "sum/lane_reduce", "dot/lane_reduce" -> LaneReduce::bind;
          case "exp/canonical" -> FastElementwise.computing(F32Functions::exp, F64Functions::exp);
          case "log/canonical" -> FastElementwise.computing(F32Functions::log, F64Functions::log);
          case "tanh/canonical" ->
              FastElementwise.computing(F32Functions::tanh, F64Functions::tanh);
          case "sigmoid/canonical" ->
              FastElementwise.computing(F32Functions::sigmoid, F64Functions::sigmoid);
          case "softmax/canonical" -> Softmax::bind;
          case "relu/canonical" -> FastElementwise.moving(F32Layers::relu, F64Layers::relu);
          case "relu_backward/canonical" ->
              FastElementwise.moving(F32Layers::reluBackward, F64Layers::reluBackward);
          case "bias_add/canonical" ->
              FastElementwise.moving(F32Layers::biasAdd, F64Layers::biasAdd);
          case "cross_entropy_gradient/canonical" ->
              FastElementwise.moving(
                  F32Layers::crossEntropyGradient, F64Layers::crossEntropyGradient);
          case "sgd_update/canonical" ->
              FastElementwise.moving(F32Layers::sgdUpdate, F64Layers::sgdUpdate);
          default -> null;
        });
  }
}
