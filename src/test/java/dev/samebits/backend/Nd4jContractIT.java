package dev.samebits.backend;

import dev.samebits.Requires;
import dev.samebits.backend.nd4j.Nd4jBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The contract on ND4J; the threads of its own operations are those the process began with. */
class Nd4jContractIT extends BackendContract {
  private static final Backend BACKEND = new Nd4jBackend();

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
    return List.of(Conditions.NONE);
  }

  /** ND4J's conv2d has no groups. */
  @Override
  protected boolean covers(Variant variant, Shape shape) {
    return !shape.toString().contains("group");
  }
}
