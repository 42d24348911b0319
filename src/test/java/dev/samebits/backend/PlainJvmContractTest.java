package dev.samebits.backend;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import java.util.List;
import java.util.stream.Stream;

/** The plain kernels, which the fast ones are held against. */
class PlainJvmContractTest extends BackendContract {
  private static final Backend JVM = JvmBackend.plain();

  @Override
  protected Backend backend() {
    return JVM;
  }

  @Override
  protected List<Conditions> conditions() {
    return Stream.of("1", "2", "3", "8").map(t -> Conditions.of("threads", t)).toList();
  }
}
