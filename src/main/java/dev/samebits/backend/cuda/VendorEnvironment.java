package dev.samebits.backend.cuda;

import dev.samebits.kernel.Op;
import java.util.function.UnaryOperator;

/**
 * Environment variables that NVIDIA's libraries read when they are loaded or a handle is made, and
 * that must be as a variant needs them.
 */
public final class VendorEnvironment {
  /** At 0, it keeps all of NVIDIA's libraries from TF32, whatever a program asks them for. */
  public static final String TF32 = "NVIDIA_TF32_OVERRIDE";

  private VendorEnvironment() {}

  /**
   * Requires that libraries are not kept from TF32.
   *
   * @param env environment variables of this process
   * @throws Op.NotHonouredException if they are
   */
  public static void requireTf32(String backend, Op op, UnaryOperator<String> env) {
    if ("0".equals(env.apply(TF32))) {
      requireSame(backend, op, TF32, "", "0");
    }
  }

  /**
   * Requires the value of a variable.
   *
   * @param asked the value; empty for a variable that must not be set
   * @param got its value in this process; null if it is not set
   * @throws Op.NotHonouredException if it has another one
   */
  public static void requireSame(String backend, Op op, String variable, String asked, String got) {
    String found = got == null ? "" : got;
    if (!asked.equals(found)) {
      throw new Op.NotHonouredException(
          "%s/%s: %s must be %s, but it is %s in this process"
              .formatted(
                  backend,
                  op.variant(),
                  variable,
                  asked.isEmpty() ? "unset" : "'" + asked + "'",
                  found.isEmpty() ? "unset" : "'" + found + "'"));
    }
  }
}
