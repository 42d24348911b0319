package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.PoolShape;

/** Max-pooling and its gradient. Planes do not depend on each other and go to the threads. */
final class MaxPool {
  /** Items per thread, so that planes of unequal cost even out. */
  private static final int SHARES = 4;

  private MaxPool() {}

  /** One plane of a pooling. */
  interface Loops {
    /** y = the largest element of each window; which NaN is left open. */
    void forward(int plane);

    /** dx from +0: {@code dx[place] = dx[place] + dy} at each window's largest element. */
    void backward(int plane);
  }

  /** y from x. */
  static Runnable forward(Call call, ThreadTeam team) {
    PoolShape shape = PoolShape.of(call.op().shape());
    RealArray y = call.out(0);
    Loops loops =
        y.dtype() == DType.F32
            ? new F32Pool(shape, call.in(0), y)
            : new F64Pool(shape, call.in(0), y);
    return planes(shape, team, y, loops::forward);
  }

  /** dx from x and dy. */
  static Runnable backward(Call call, ThreadTeam team) {
    PoolShape shape = PoolShape.of(call.op().shape());
    RealArray dx = call.out(0);
    Loops loops =
        dx.dtype() == DType.F32
            ? new F32Pool(shape, call.in(0), call.in(1), dx)
            : new F64Pool(shape, call.in(0), call.in(1), dx);
    return planes(shape, team, dx, loops::backward);
  }

  private interface Plane {
    void compute(int plane);
  }

  private static Runnable planes(PoolShape shape, ThreadTeam team, RealArray out, Plane body) {
    int planes = (int) shape.planes();
    int size = planes == 0 ? 0 : out.length() / planes;
    int shares = Math.min(planes, SHARES * team.size());
    return () ->
        team.forEach(
            shares,
            (worker, share) -> {
              int to = ThreadTeam.part(planes, share + 1, shares);
              for (int plane = ThreadTeam.part(planes, share, shares); plane < to; plane++) {
                body.compute(plane);
                out.canonicalizeNaN(plane * size, size);
              }
            });
  }

  /**
   * A whole number with the order of pooling: equal for both zeros and for all NaNs, which are the
   * largest. Whole numbers are compared since the compiler then needs no branch, and which element
   * is the largest cannot be guessed.
   */
  static long key(float x) {
    int bits = Float.floatToRawIntBits(x);
    int sign = bits >> 31;
    return x != x ? Long.MAX_VALUE : ((bits & Integer.MAX_VALUE) ^ sign) - sign;
  }

  /** The same for f64. */
  static long key(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long sign = bits >> 63;
    return x != x ? Long.MAX_VALUE : ((bits & Long.MAX_VALUE) ^ sign) - sign;
  }
}
