package dev.samebits.backend.blas;

import dev.samebits.kernel.ConvShape;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The matrix of one sample and group that turns a convolution into a product: (C/group)·R·S rows,
 * row (c·R + r)·S + s, and P·Q columns, column p·Q + q, holding x[c, p·stride + r·dil − pad,
 * q·stride + s·dil − pad], +0 outside the data. Follows K. Chellapilla, S. Puri, P. Simard, "High
 * performance convolutional neural networks for document processing", IWFHR 2006.
 *
 * <p>A row is put together on the heap and moved as a whole, because single accesses to memory
 * outside the heap are slow. A 1 x 1 filter without stride and padding needs no matrix: the data is
 * it.
 */
final class Im2col {
  private final ConvShape z;
  private final float[] plane;
  private final float[] line;

  Im2col(ConvShape z) {
    this.z = z;
    this.plane = new float[isIdentity() ? 0 : Math.multiplyExact(z.h(), z.w())];
    this.line = new float[isIdentity() ? 0 : columns()];
  }

  /** Whether the matrix is the data itself. */
  boolean isIdentity() {
    return z.r() == 1 && z.s() == 1 && z.stride() == 1 && z.pad() == 0;
  }

  int rows() {
    return Math.multiplyExact(z.cPerGroup(), z.r() * z.s());
  }

  int columns() {
    return Math.multiplyExact(z.p(), z.q());
  }

  /** Fills the matrix from the data that begins at an offset. */
  void gather(FloatBuffer x, int offset, FloatBuffer col) {
    for (int c = 0, row = 0; c < z.cPerGroup(); c++) {
      x.get(offset + c * plane.length, plane);
      for (int tap = 0; tap < z.r() * z.s(); tap++, row++) {
        int s = tap % z.s();
        int lo = firstInside(s);
        int hi = endInside(s, lo);
        for (int p = 0, to = 0; p < z.p(); p++, to += z.q()) {
          int from = dataRow(tap / z.s(), p);
          if (from < 0) {
            Arrays.fill(line, to, to + z.q(), 0);
            continue;
          }
          Arrays.fill(line, to, to + lo, 0);
          copyRow(from + lo * z.stride() + s * z.dil() - z.pad(), to + lo, hi - lo);
          Arrays.fill(line, to + hi, to + z.q(), 0);
        }
        col.put(row * line.length, line);
      }
    }
  }

  private void copyRow(int from, int to, int count) {
    if (z.stride() == 1) {
      System.arraycopy(plane, from, line, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      line[to + i] = plane[from + i * z.stride()];
    }
  }

  /**
   * Replaces the data by the sums of the matrix's elements that were gathered from each position,
   * starting at +0: rows ascending, then columns ascending.
   */
  void scatterAdd(FloatBuffer col, FloatBuffer x, int offset) {
    for (int c = 0, row = 0; c < z.cPerGroup(); c++) {
      Arrays.fill(plane, 0);
      for (int tap = 0; tap < z.r() * z.s(); tap++, row++) {
        col.get(row * line.length, line);
        int s = tap % z.s();
        int lo = firstInside(s);
        int hi = endInside(s, lo);
        for (int p = 0, at = 0; p < z.p(); p++, at += z.q()) {
          int to = dataRow(tap / z.s(), p);
          if (to >= 0) {
            addRow(at + lo, to + lo * z.stride() + s * z.dil() - z.pad(), hi - lo);
          }
        }
      }
      x.put(offset + c * plane.length, plane);
    }
  }

  private void addRow(int from, int to, int count) {
    if (z.stride() == 1) {
      for (int i = 0; i < count; i++) {
        plane[to + i] += line[from + i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      plane[to + i * z.stride()] += line[from + i];
    }
  }

  /** Where in a plane the data row of a filter row and an output row begins; -1 outside it. */
  private int dataRow(int r, int p) {
    int h = p * z.stride() + r * z.dil() - z.pad();
    return h < 0 || h >= z.h() ? -1 : h * z.w();
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
