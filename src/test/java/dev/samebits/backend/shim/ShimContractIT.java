package dev.samebits.backend.shim;

import dev.samebits.backend.BackendContract;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
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

  @Override
  protected List<Conditions> conditions() {
    return List.of(Conditions.NONE);
  }
}
