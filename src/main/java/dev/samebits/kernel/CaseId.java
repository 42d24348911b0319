package dev.samebits.kernel;

/**
 * The identity of one case, written {@code matmul/f32/m512n512k4096/openblas/default/normal@1}. Ids
 * are never renumbered; this is the one class that forms and parses them.
 *
 * @param kernel the operation
 * @param dtype the element type of its inputs
 * @param shape its sizes
 * @param backend where it runs
 * @param variant the algorithm or vendor setting
 * @param input how the inputs are drawn
 * @param seed their seed
 */
public record CaseId(
    Kernel kernel,
    DType dtype,
    Shape shape,
    String backend,
    String variant,
    InputKind input,
    long seed) {

  /** Checks the names' grammar and that the shape belongs to the kernel. */
  public CaseId {
    if (shape.kernel() != kernel) {
      throw new IllegalArgumentException(
          "shape of " + shape.kernel().id() + " given to " + kernel.id());
    }
    if (!dtype.floating()) {
      throw new UnknownNameException("dtype", dtype.id(), DType.caseIds());
    }
    requireName("backend", backend, "[a-z0-9_]+(:[A-Za-z0-9_.+-]+)?");
    requireName("variant", variant, "[a-z0-9_]+");
    if (seed < 0) {
      throw new IllegalArgumentException("seed " + seed + " is negative");
    }
  }

  private static void requireName(String what, String name, String grammar) {
    if (!name.matches(grammar)) {
      throw new IllegalArgumentException(what + " '" + name + "' does not match " + grammar);
    }
  }

  /**
   * Parses a case id.
   *
   * @throws IllegalArgumentException with the text, the part and what was expected
   */
  public static CaseId parse(String text) {
    String[] p = text.split("/", -1);
    if (p.length != 6) {
      throw new IllegalArgumentException(
          "case '"
              + text
              + "': expected kernel/dtype/shape/backend/variant/input@seed, got "
              + p.length
              + " parts");
    }
    Kernel kernel = Kernel.of(p[0]);
    int at = p[5].indexOf('@');
    if (at < 0 || !p[5].substring(at + 1).matches("0|[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException(
          "case '" + text + "': expected input@seed, got '" + p[5] + "'");
    }
    return new CaseId(
        kernel,
        DType.of(p[1]),
        Shape.parse(kernel, p[2]),
        p[3],
        p[4],
        InputKind.of(p[5].substring(0, at)),
        Long.parseLong(p[5].substring(at + 1)));
  }

  /** The same case with another variant of the same backend. */
  public CaseId withVariant(String other) {
    return new CaseId(kernel, dtype, shape, backend, other, input, seed);
  }

  /** What is computed, apart from who computes it: {@code matmul/f32/m64n64k64/normal@1}. */
  public String problem() {
    return kernel.id() + "/" + dtype.id() + "/" + shape + "/" + input.id() + "@" + seed;
  }

  @Override
  public String toString() {
    return kernel.id()
        + "/"
        + dtype.id()
        + "/"
        + shape
        + "/"
        + backend
        + "/"
        + variant
        + "/"
        + input.id()
        + "@"
        + seed;
  }
}
