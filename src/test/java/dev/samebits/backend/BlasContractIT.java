package dev.samebits.backend;

import dev.samebits.Requires;
import dev.samebits.backend.blas.BlasBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The contract on the OpenBLAS inside the jar. */
class BlasContractIT extends BackendContract {
  private static final Backend BACKEND = BlasBackend.openblas();

  @BeforeEach
  void available() {
    Requires.available(BACKEND);
  }

  @Override
  protected Backend backend() {
    return BACKEND;
  }

  @Override
  protected List<Conditions> conditions() {
    return List.of(Conditions.of("threads", "2"), Conditions.of("threads", "1"));
  }
}
