package dev.samebits.backend;

import dev.samebits.backend.cuda.FakeVendor;
import dev.samebits.backend.cuda.dnn.CudnnBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Variant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;

/**
 * The contract on a fake cuDNN, which computes by definition whatever the algorithm is:
 * descriptors, operands, workspaces and empty operands, not the library's own arithmetic.
 */
class CudnnContractIT extends BackendContract {
  private static final Set<String> WAYS = Set.of("default", "algo_1");
  private static final Backend BACKEND = new CudnnBackend();

  @BeforeAll
  static void open() {
    FakeVendor.useDriver();
    FakeVendor.useHome(FakeVendor.cudnn(9));
  }

  @Override
  protected Backend backend() {
    return BACKEND;
  }

  @Override
  protected List<Conditions> conditions() {
    return List.of(Conditions.NONE, Conditions.of("streams", "2"));
  }

  @Override
  protected boolean covers(Variant variant) {
    return WAYS.contains(variant.name());
  }
}
