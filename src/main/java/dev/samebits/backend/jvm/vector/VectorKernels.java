package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call.TeamAlgorithm;
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
          case "sum/lane_reduce", "dot/lane_reduce" -> LaneReduce::bind;
          default -> null;
        });
  }
}
