package dev.samebits.kernel;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One kernel call apart from its data: what {@link Backend#bind} is asked for.
 *
 * @param kernel the operation
 * @param dtype element type of its floating-point inputs; its {@link DType#result} is that of
 *     scalars and outputs
 * @param shape its sizes
 * @param variant the algorithm or vendor setting
 * @param scalars scalar parameters; those left out take the kernel's defaults
 */
public record Op(
    Kernel kernel, DType dtype, Shape shape, String variant, Map<String, Double> scalars) {

  /** Fills in default scalars and rejects unknown ones. */
  public Op {
    if (shape.kernel() != kernel) {
      throw new IllegalArgumentException(
          "shape of " + shape.kernel().id() + " given to " + kernel.id());
    }
    Map<String, Double> all = new TreeMap<>(kernel.scalars());
    for (String name : scalars.keySet()) {
      UnknownNameException.require("scalar of " + kernel.id(), name, List.copyOf(all.keySet()));
    }
    all.putAll(scalars);
    scalars = java.util.Collections.unmodifiableMap(all);
  }

  /** A call with the kernel's default scalars. */
  public static Op of(Kernel kernel, DType dtype, Shape shape, String variant) {
    return new Op(kernel, dtype, shape, variant, Map.of());
  }

  /** What it reads. */
  public List<Operand> inputs() {
    return kernel.inputs(shape, dtype);
  }

  /** What it writes. */
  public List<Operand> outputs() {
    return kernel.outputs(shape, dtype);
  }

  /** A scalar parameter. */
  public double scalar(String name) {
    return scalars.get(name);
  }

  /**
   * Requires that parts of the batch can be computed alone: the condition {@code slice}.
   *
   * @param where what asks for it, for the message
   * @throws IllegalArgumentException if not, naming the kernels that have a batch
   */
  public static void requireBatch(String where, Kernel kernel) {
    Batch.require(where, kernel);
  }

  /**
   * Binds this call on a backend after checking the variant, the element type, the number, type and
   * size of the operands, and the range of the indices among them. The conditions {@code load} and
   * {@code slice} stand above the backend, which does not see them. The only way from the harness
   * to {@link Backend#bind}.
   *
   * @throws IllegalArgumentException naming what was expected and what was given
   * @throws IndexOutOfBoundsException naming the first index that is out of range
   */
  public BoundKernel bind(
      Backend backend, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    Variant offered = offered(backend);
    check("input", inputs(), inputs);
    check("output", outputs(), outputs);
    requireApart(inputs, outputs);
    requireIndices(inputs);
    if (conditions.values().containsKey(Conditions.SLICE)) {
      return SlicedKernel.bind(this, backend, conditions, inputs, outputs);
    }
    BoundKernel bound = backend.bind(this, conditions.forBackend(), inputs, outputs);
    String asked = offered.parallel() ? conditions.values().get(Conditions.THREADS) : "1";
    String got = bound.effective().get(Conditions.THREADS);
    // A serial variant pins without being asked; a library whose threads cannot be read back is
    // refused only where a number of them is asked for.
    boolean checked = conditions.threads().isPresent() || !offered.parallel() && got != null;
    if (checked && !asked.equals(got)) {
      bound.close();
      throw new NotHonouredException(
          backend.name()
              + "/"
              + variant
              + ": threads="
              + asked
              + " was asked for, but "
              + (got == null ? "nothing" : "threads=" + got)
              + " was read back");
    }
    return bound;
  }

  /**
   * What a backend offers for this call.
   *
   * @throws IllegalArgumentException if it has no such variant or none for the element type
   */
  Variant offered(Backend backend) {
    Variant offered = backend.variant(kernel, variant);
    if (!offered.dtypes().contains(dtype)) {
      throw new IllegalArgumentException(
          "variant "
              + variant
              + " of "
              + kernel.id()
              + " on "
              + backend.name()
              + " takes "
              + offered.dtypes().stream().map(DType::id).sorted().toList()
              + ", not "
              + dtype.id());
    }
    return offered;
  }

  /** A device has no exceptions: there an index out of range is left out without a word. */
  private void requireIndices(List<Memory> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).dtype() == DType.I32) {
        Indices.require(inputs().get(i), inputs.get(i), Indices.bound(kernel, shape));
      }
    }
  }

  /** Kernels read inputs after they have begun to write, so only a named pair may share memory. */
  private void requireApart(List<Memory> inputs, List<Memory> outputs) {
    for (int o = 0; o < outputs.size(); o++) {
      for (int i = 0; i < inputs.size(); i++) {
        String in = inputs().get(i).name();
        String out = outputs().get(o).name();
        if (outputs.get(o) == inputs.get(i) && outputs.get(o).elements() > 0 && !in.equals(out)) {
          throw new IllegalArgumentException(
              kernel.id() + ": output " + out + " and input " + in + " share memory");
        }
      }
    }
  }

  private void check(String role, List<Operand> expected, List<Memory> given) {
    if (given == null || given.size() != expected.size()) {
      throw new IllegalArgumentException(
          kernel.id()
              + " takes "
              + expected.size()
              + " "
              + role
              + "s, not "
              + (given == null ? "null" : given.size()));
    }
    for (int i = 0; i < given.size(); i++) {
      Operand e = expected.get(i);
      Memory g = given.get(i);
      if (g == null) {
        throw new IllegalArgumentException(kernel.id() + " " + role + " " + e.name() + " is null");
      }
      if (g.dtype() != e.dtype() || g.elements() != e.elements()) {
        throw new IllegalArgumentException(
            kernel.id()
                + " "
                + role
                + " "
                + e.name()
                + " needs "
                + e.elements()
                + " "
                + e.dtype().id()
                + " for shape "
                + shape
                + ", got "
                + g.elements()
                + " "
                + g.dtype().id());
      }
    }
  }

  /** A pin that did not pin: the measurement would not be of what was asked. */
  public static final class NotHonouredException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was asked for and what was read back
     */
    public NotHonouredException(String message) {
      super(message);
    }
  }
}
