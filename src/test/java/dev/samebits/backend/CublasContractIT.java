package dev.samebits.backend;

import dev.samebits.backend.cuda.FakeVendor;
import dev.samebits.backend.cuda.blas.CublasBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Variant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;

/**
 * The contract on a fake cuBLAS, which adds in ascending order whatever its settings are: operands,
 * sizes, transposition, batches and empty operands, not the library's own arithmetic. One variant
 * for each way of calling it.
 */
class CublasContractIT extends BackendContract {
  private static final Set<String> WAYS = Set.of("shared_handle", "lt_0", "lt_split_k_4");
  private static final Backend BACKEND = CublasBackend.all().get(0);

  @BeforeAll
  static void open() {
    FakeVendor.useDriver();
    FakeVendor.useHome(FakeVendor.cublas("12.6"));
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

  /** A K shorter than the parts cannot be split. */
  @Override
  protected boolean covers(Variant variant, dev.samebits.kernel.Shape shape) {
    return !variant.name().startsWith("lt_split") || shape.get("k") >= 4 || shape.get("k") == 0;
  }
}
