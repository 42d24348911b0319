package dev.samebits.kernel;

/**
 * The sizes of a 2-D max-pooling: NCHW data, an R x S window, P x Q outputs in each plane.
 *
 * @param planes number of planes, n times c
 * @param h input height
 * @param w input width
 * @param r window height
 * @param s window width
 * @param pad positions on every side that hold nothing
 * @param stride step of the window
 * @param p output height
 * @param q output width
 */
public record PoolShape(
    long planes, int h, int w, int r, int s, int pad, int stride, int p, int q) {

  /**
   * Reads the sizes of a pooling's shape.
   *
   * @throws IllegalArgumentException if a window could be empty (no data, no window, or a margin
   *     that holds all of it) or is larger than the padded data
   */
  public static PoolShape of(Shape z) {
    String kernel = z.kernel().id();
    if (z.get("r") < 1 || z.get("s") < 1) {
      throw new IllegalArgumentException(
          kernel + ": the window is empty: r=" + z.get("r") + " s=" + z.get("s"));
    }
    if (z.get("h") < 1 || z.get("w") < 1) {
      throw new IllegalArgumentException(
          kernel + ": a plane is empty: h=" + z.get("h") + " w=" + z.get("w"));
    }
    if (z.get("pad") >= Math.min(z.get("r"), z.get("s"))) {
      throw new IllegalArgumentException(
          kernel
              + ": pad="
              + z.get("pad")
              + " must be smaller than the window, r="
              + z.get("r")
              + " s="
              + z.get("s"));
    }
    return new PoolShape(
        Math.multiplyExact(z.get("n"), z.get("c")),
        z.i("h"),
        z.i("w"),
        z.i("r"),
        z.i("s"),
        z.i("pad"),
        z.i("stride"),
        out(z, "h", "r"),
        out(z, "w", "s"));
  }

  private static int out(Shape z, String data, String window) {
    long padded = z.get(data) + 2 * z.get("pad");
    if (z.get(window) > padded) {
      throw new IllegalArgumentException(
          z.kernel().id()
              + ": the window reaches over "
              + z.get(window)
              + " elements, but padded "
              + data
              + " is only "
              + padded);
    }
    return Math.toIntExact((padded - z.get(window)) / z.get("stride") + 1);
  }
}
