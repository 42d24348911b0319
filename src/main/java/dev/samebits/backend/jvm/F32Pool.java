package dev.samebits.backend.jvm;

import dev.samebits.kernel.PoolShape;
import java.util.Arrays;

/** {@link MaxPool.Loops} of F32. The text of F64's is made from this one. */
final class F32Pool implements MaxPool.Loops {
  private final PoolShape z;
  private final float[] x;
  private final float[] y;
  private final float[] dx;

  /** Forward. */
  F32Pool(PoolShape shape, RealArray x, RealArray y) {
    this(shape, x, y, y);
  }

  /** Backward; the outputs' gradient takes the place of the outputs. */
  F32Pool(PoolShape shape, RealArray x, RealArray dy, RealArray dx) {
    z = shape;
    this.x = ((F32Array) x).values();
    this.y = ((F32Array) dy).values();
    this.dx = ((F32Array) dx).values();
  }

  @Override
  public void forward(int plane) {
    int out = plane * z.p() * z.q();
    for (int p = 0; p < z.p(); p++) {
      int top = Math.max(0, p * z.stride() - z.pad());
      int rows = Math.min(z.h(), p * z.stride() - z.pad() + z.r()) - top;
      int at = (plane * z.h() + top) * z.w();
      for (int q = 0; q < z.q(); q++) {
        int left = Math.max(0, q * z.stride() - z.pad());
        int columns = Math.min(z.w(), q * z.stride() - z.pad() + z.s()) - left;
        y[out++] = x[largest(x, at + left, rows, columns, z.w())];
      }
    }
  }

  @Override
  public void backward(int plane) {
    Arrays.fill(dx, plane * z.h() * z.w(), (plane + 1) * z.h() * z.w(), 0);
    int out = plane * z.p() * z.q();
    for (int p = 0; p < z.p(); p++) {
      int top = Math.max(0, p * z.stride() - z.pad());
      int rows = Math.min(z.h(), p * z.stride() - z.pad() + z.r()) - top;
      int at = (plane * z.h() + top) * z.w();
      for (int q = 0; q < z.q(); q++) {
        int left = Math.max(0, q * z.stride() - z.pad());
        int columns = Math.min(z.w(), q * z.stride() - z.pad() + z.s()) - left;
        dx[largest(x, at + left, rows, columns, z.w())] += y[out++];
      }
    }
  }

  /** Where the largest element of a part of a plane lies, the first of equal ones. */
  private static int largest(float[] x, int at, int rows, int columns, int width) {
    int place = at;
    long best = Long.MIN_VALUE;
    for (int row = at; row < at + rows * width; row += width) {
      for (int i = row; i < row + columns; i++) {
        long key = MaxPool.key(x[i]);
        place = key > best ? i : place;
        best = Math.max(best, key);
      }
    }
    return place;
  }
}
