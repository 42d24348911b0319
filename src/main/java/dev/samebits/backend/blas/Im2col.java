package dev.samebits.backend.blas;

import dev.samebits.kernel.ConvShape;
import java.nio.FloatBuffer;

/**
 * The matrix of one sample and group that turns a convolution into a product: (C/group)·R·S rows,
 * row (c·R + r)·S + s, and P·Q columns, column p·Q + q, holding x[c, p·stride + r·dil − pad,
 * q·stride + s·dil − pad], +0 outside the data. Follows K. Chellapilla, S. Puri, P. Simard, "High
 * performance convolutional neural networks for document processing", IWFHR 2006.
 */
final class Im2col {
  private final ConvShape z;
  private final float[] zeros;

  Im2col(ConvShape z) {
    this.z = z;
    this.zeros = new float[z.q()];
  }

  int rows() {
    return Math.multiplyExact(z.cPerGroup(), z.r() * z.s());
  }

  int columns() {
    return Math.multiplyExact(z.p(), z.q());
  }

  /** Fills the matrix from the data that begins at an offset. */
  void gather(FloatBuffer x, int offset, FloatBuffer col) {
    for (int row = 0, to = 0; row < rows(); row++) {
      int s = row % z.s();
      int lo = firstInside(s);
      int hi = endInside(s, lo);
      for (int p = 0; p < z.p(); p++, to += z.q()) {
        int from = offset + dataRow(row, p);
        if (from < offset || lo == hi) {
          col.put(to, zeros);
          continue;
        }
        col.put(to, zeros, 0, lo);
        copyRow(x, from + lo * z.stride() + s * z.dil() - z.pad(), col, to + lo, hi - lo);
        col.put(to + hi, zeros, 0, z.q() - hi);
      }
    }
  }

  private void copyRow(FloatBuffer x, int from, FloatBuffer col, int to, int count) {
    if (z.stride() == 1) {
      col.put(to, x, from, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      col.put(to + i, x.get(from + i * z.stride()));
    }
  }

  /** Adds the matrix to the data it was gathered from: rows ascending, then columns ascending. */
  void scatterAdd(FloatBuffer col, FloatBuffer x, int offset) {
    for (int row = 0, at = 0; row < rows(); row++) {
      int s = row % z.s();
      int lo = firstInside(s);
      int hi = endInside(s, lo);
      for (int p = 0; p < z.p(); p++, at += z.q()) {
        int to = offset + dataRow(row, p);
        if (to < offset) {
          continue;
        }
        int shift = to + s * z.dil() - z.pad();
        for (int q = lo; q < hi; q++) {
          int i = shift + q * z.stride();
          x.put(i, x.get(i) + col.get(at + q));
        }
      }
    }
  }

  /** Where the data row of a matrix row and output row begins; negative outside the data. */
  private int dataRow(int row, int p) {
    int c = row / (z.r() * z.s());
    int r = row / z.s() % z.r();
    int h = p * z.stride() + r * z.dil() - z.pad();
    return h < 0 || h >= z.h() ? -1 : (c * z.h() + h) * z.w();
  }

  /** The first output column whose data column is not negative. */
  private int firstInside(int s) {
    int before = Math.max(0, z.pad() - s * z.dil());
    return Math.min(z.q(), (before + z.stride() - 1) / z.stride());
  }

  /** One after the last output column whose data column is inside. */
  private int endInside(int s, int lo) {
    int end = Math.floorDiv(z.w() - 1 + z.pad() - s * z.dil(), z.stride()) + 1;
    return Math.max(lo, Math.min(z.q(), end));
  }
}
