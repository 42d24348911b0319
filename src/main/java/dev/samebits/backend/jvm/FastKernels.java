package dev.samebits.backend.jvm;

import dev.samebits.backend.jvm.Call.TeamAlgorithm;
import dev.samebits.kernel.Kernel;
import java.util.Optional;

/**
 * Kernels written with the Vector API. It is an incubating module, which a JVM must be started
 * with, so they are reached by name; where the module is missing there are none. A canonical kernel
 * found here has the bits of the plain one.
 */
public interface FastKernels {
  /** The width of vectors in bits, one for the whole process. */
  int vectorBits();

  /** The algorithm for a variant, if there is one. */
  Optional<TeamAlgorithm> algorithm(Kernel kernel, String variant);
}
