package dev.samebits.kernel;

/**
 * The sizes of a 2-D convolution: NCHW data, KCRS weights, P x Q output.
 *
 * @param n batch
 * @param c input channels
 * @param h input height
 * @param w input width
 * @param k output channels
 * @param r filter height
 * @param s filter width
 * @param pad zeros on every side
 * @param stride step of the filter
 * @param dil spacing of the filter's taps
 * @param group number of groups; divides c and k
 * @param p output height
 * @param q output width
 */
public record ConvShape(
    int n,
    int c,
    int h,
    int w,
    int k,
    int r,
    int s,
    int pad,
    int stride,
    int dil,
    int group,
    int p,
    int q) {

  /**
   * Reads the sizes of a convolution's shape.
   *
   * @throws IllegalArgumentException if the groups do not divide the channels, or the filter is
   *     larger than the padded data
   */
  public static ConvShape of(Shape z) {
    int group = z.i("group");
    if (z.get("c") % group != 0 || z.get("k") % group != 0) {
      throw new IllegalArgumentException(
          z.kernel().id()
              + ": group="
              + group
              + " does not divide c="
              + z.get("c")
              + " and k="
              + z.get("k"));
    }
    if (z.get("r") < 1 || z.get("s") < 1) {
      throw new IllegalArgumentException(
          z.kernel().id() + ": the filter is empty: r=" + z.get("r") + " s=" + z.get("s"));
    }
    return new ConvShape(
        z.i("n"),
        z.i("c"),
        z.i("h"),
        z.i("w"),
        z.i("k"),
        z.i("r"),
        z.i("s"),
        z.i("pad"),
        z.i("stride"),
        z.i("dil"),
        group,
        out(z, "h", "r"),
        out(z, "w", "s"));
  }

  private static int out(Shape z, String data, String filter) {
    long padded = z.get(data) + 2 * z.get("pad");
    long reach = z.get("dil") * (z.get(filter) - 1) + 1;
    if (reach > padded) {
      throw new IllegalArgumentException(
          z.kernel().id()
              + ": the filter reaches over "
              + reach
              + " elements, but padded "
              + data
              + " is only "
              + padded);
    }
    return Math.toIntExact((padded - reach) / z.get("stride") + 1);
  }

  /** Input channels of one group. */
  public int cPerGroup() {
    return c / group;
  }

  /** Output channels of one group. */
  public int kPerGroup() {
    return k / group;
  }
}
