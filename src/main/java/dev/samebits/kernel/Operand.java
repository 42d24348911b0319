package dev.samebits.kernel;

/**
 * One array that a kernel reads or writes, dense and row-major.
 *
 * @param name the operand's letter in the kernel's definition, e.g. {@code a}
 * @param dtype element type
 * @param rows number of rows
 * @param cols elements in a row
 */
public record Operand(String name, DType dtype, long rows, long cols) {
  /** Rejects negative sizes and sizes whose product overflows what one array can hold. */
  public Operand {
    if (rows < 0 || cols < 0) {
      throw new IllegalArgumentException(
          "operand " + name + ": negative size " + rows + " x " + cols);
    }
    if (Math.multiplyHigh(rows, cols) != 0
        || rows * cols < 0
        || rows * cols > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "operand " + name + ": " + rows + " x " + cols + " elements do not fit one Java array");
    }
  }

  /** Number of elements. */
  public long elements() {
    return rows * cols;
  }

  /** Size in bytes. */
  public long bytes() {
    return elements() * dtype.bytes();
  }

  /**
   * Size in bytes of a buffer for all elements.
   *
   * @throws IllegalArgumentException naming both sizes if that is more than one buffer can hold
   */
  public int bufferBytes() {
    if (bytes() > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "operand %s: %d x %d elements of %s are %d bytes, but one buffer holds %d"
              .formatted(name, rows, cols, dtype.id(), bytes(), Integer.MAX_VALUE - 64));
    }
    return (int) bytes();
  }

  /** The product of sizes, or {@link Long#MAX_VALUE}, which no operand takes, if it overflows. */
  static long product(long... sizes) {
    long product = 1;
    for (long size : sizes) {
      if (Math.multiplyHigh(product, size) != 0 || product * size < 0) {
        return Long.MAX_VALUE;
      }
      product *= size;
    }
    return product;
  }
}
