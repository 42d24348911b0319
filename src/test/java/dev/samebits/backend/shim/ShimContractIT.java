package dev.samebits.backend.shim;

import dev.samebits.backend.BackendContract;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import java.util.List;

/** The kernels on the CPU against the contract of every backend. */
class ShimContractIT extends BackendContract {
  private static Backend shim;

  @Override
  protected synchronized Backend backend() {
    if (shim == null) {
      shim = new ShimBackend();
    }
    return shim;
  }

  /** A product in 32 or 64 parts, each in tiles of 128, is tried on large shapes by ShimBitsIT. */
  @Override
  protected boolean covers(Variant variant, Shape shape) {
    return variant.mode() == Mode.REPRODUCIBLE || variant.kernel().work(shape, DType.F32) < 10_000;
  }

  /** Those on which orders differ most: the CPU takes its time to be a GPU. */
  @Override
  protected List<InputKind> kinds() {
    return List.of(InputKind.WIDE, InputKind.CANCELLING);
  }

  @Override
  protected List<Conditions> conditions() {
    return List.of(Conditions.NONE);
  }
}
