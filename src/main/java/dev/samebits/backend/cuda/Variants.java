package dev.samebits.backend.cuda;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Variant;
import java.util.EnumSet;
import java.util.Set;

/** The kinds of variants in the tables. All take f32 and f64, and some more. */
final class Variants {
  private static final Set<DType> BOTH = EnumSet.of(DType.F32, DType.F64);

  private Variants() {}

  /** The canonical order. */
  static Variant canonical(Kernel kernel, String about) {
    return reproducible(kernel, "canonical", about);
  }

  /** Bits that every implementation of the same definition has. */
  static Variant reproducible(Kernel kernel, String name, String about) {
    return variant(kernel, name, Mode.REPRODUCIBLE, Guarantee.EVERYWHERE, about);
  }

  /** Correctly rounded, so that the order of the inputs does not matter either. */
  static Variant exact(Kernel kernel, String about) {
    return variant(kernel, "exact", Mode.REPRODUCIBLE, Guarantee.ANY_ORDER, about);
  }

  /** An order of its own that every machine keeps. */
  static Variant portable(Kernel kernel, String name, String about) {
    return variant(kernel, name, Mode.DETERMINISTIC, Guarantee.EVERYWHERE, about);
  }

  /** An order that the geometry has a part in. */
  static Variant deterministic(Kernel kernel, String name, String about) {
    return variant(kernel, name, Mode.DETERMINISTIC, Guarantee.RUN_TO_RUN, about);
  }

  /** Order of arrival. */
  static Variant nondeterministic(Kernel kernel, String name, String about) {
    return variant(kernel, name, Mode.NONDETERMINISTIC, Guarantee.NOT_GUARANTEED, about);
  }

  /** The same variant, also for operands of f16 and bf16. */
  static Variant withHalves(Variant v) {
    return new Variant(
        v.kernel(),
        v.name(),
        EnumSet.of(DType.F32, DType.F64, DType.F16, DType.BF16),
        v.mode(),
        v.guarantee(),
        v.parallel(),
        v.about());
  }

  private static Variant variant(
      Kernel kernel, String name, Mode mode, Guarantee guarantee, String about) {
    return new Variant(kernel, name, BOTH, mode, guarantee, false, about);
  }
}
