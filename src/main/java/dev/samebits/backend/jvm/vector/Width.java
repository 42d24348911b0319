package dev.samebits.backend.jvm.vector;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this process. The JIT compiles vectors well only where their species is a
 * constant, so there is one width per process: the machine's preferred one, or the number of bits
 * in the property {@code samebits.vector}.
 */
final class Width {
  /** Bits in a vector. */
  static final int BITS = bits();

  /**
   * Vector registers of the processor: 32 with 512-bit vectors (AVX-512, at any width) and on
   * AArch64, else 16.
   */
  static final int REGISTERS =
      VectorShape.preferredShape().vectorBitSize() >= 512
              || System.getProperty("os.arch").equals("aarch64")
          ? 32
          : 16;

  /**
   * Rows of a register tile of two columns of vectors: 8 where there are 32 registers, else 6, or 5
   * where the JIT has no register left for 6 (JDK 25 has not, JDK 17 has; those between were not
   * tried).
   */
  static final int TILE_ROWS = REGISTERS >= 32 ? 8 : Runtime.version().feature() < 21 ? 6 : 5;

  private static final VectorShape SHAPE = VectorShape.forBitSize(BITS);

  /** Vectors of f32. */
  static final VectorSpecies<Float> F32 = VectorSpecies.of(float.class, SHAPE);

  /** Vectors of f64. */
  static final VectorSpecies<Double> F64 = VectorSpecies.of(double.class, SHAPE);

  /** The bits of f32 vectors. */
  static final VectorSpecies<Integer> F32_BITS = VectorSpecies.of(int.class, SHAPE);

  /** The bits of f64 vectors. */
  static final VectorSpecies<Long> F64_BITS = VectorSpecies.of(long.class, SHAPE);

  private Width() {}

  private static int bits() {
    int widest = VectorShape.preferredShape().vectorBitSize();
    String asked = System.getProperty("samebits.vector", Integer.toString(widest));
    if (!asked.matches("64|128|256|512")) {
      throw new IllegalArgumentException(
          "samebits.vector=" + asked + ": 64, 128, 256, 512 or scalar");
    }
    if (Integer.parseInt(asked) > widest) {
      throw new IllegalArgumentException(
          "samebits.vector=" + asked + ": the widest vectors here have " + widest + " bits");
    }
    return Integer.parseInt(asked);
  }
}
