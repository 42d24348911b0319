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
}
