package dev.samebits.backend;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Backend;

/** The plain kernels, which the fast ones are held against. */
class PlainJvmContractTest extends JvmContractTest {
  private static final Backend PLAIN = JvmBackend.plain();

  @Override
  protected Backend backend() {
    return PLAIN;
  }
}
