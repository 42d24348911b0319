package dev.samebits.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the elements of a case's inputs are drawn. The random numbers come from {@link Philox}. An
 * element is rounded to its type; for f16 and bf16 to f32, then to the type.
 */
public enum InputKind {
  /** Standard normal. */
  NORMAL,
  /**
   * Integers -2 to 2. Products and partial sums of the linear kernels are exact in every order (up
   * to 2^22 terms in f32), so every variant must give the same bits: the negative control.
   */
  INTEGER,
  /**
   * (1 + u) 2^e with e uniform in -12 to 12, u uniform in [0, 1) and a random sign: large terms
   * cancel and expose the order of the additions.
   */
  WIDE,
  /**
   * Pairs v, -v of (1 + u) 2^e with a random sign, e uniform in -996 to 996 in f64 (10^-300 to
   * 10^300), -120 to 120 in f32 and bf16 and -14 to 14 in f16, u uniform in [0, 1); every sixteenth
   * pair is two unrelated numbers from the lowest sixteenth of those exponents instead, and so is
   * an element without a partner. Then all are shuffled. In a sum everything large cancels exactly;
   * what is left is out of reach of any order of rounded additions.
   */
  CANCELLING,
  /**
   * Standard normal, but for one element in 32 by chance, which is in equal parts an infinity, a
   * zero, the smallest or the largest subnormal or the largest finite number, each with a random
   * sign, or, one time in 16, a NaN with a sign and a payload.
   */
  SPECIAL;

  /** The name used in case ids. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All ids, in order. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(InputKind::id).toList();
  }

  /**
   * The kind with the given id.
   *
   * @throws UnknownNameException if there is none
   */
  public static InputKind of(String id) {
    return Arrays.stream(values())
        .filter(k -> k.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new UnknownNameException("input", id, ids()));
  }
}
