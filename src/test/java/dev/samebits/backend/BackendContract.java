package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Axis;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * What every variant of every backend must do, on awkward sizes. A subclass names the backend and
 * the conditions that it can be bound with in this process.
 */
public abstract class BackendContract {
  private static final int SAMPLED_OUTPUTS = 24;

  /** The backend under test. */
  protected abstract Backend backend();

  /** Conditions to bind with; the first is used where one is enough. */
  protected abstract List<Conditions> conditions();

  /** Whether to test a variant in this process. */
  protected boolean covers(Variant variant) {
    return true;
  }

  /** Whether to test a variant on one shape; where not, the subclass says why. */
  protected boolean covers(Variant variant, Shape shape) {
    return true;
  }

  /** The inputs on which canonical variants are compared bit for bit. */
  protected List<InputKind> kinds() {
    return List.of(InputKind.values());
  }

  private Stream<DynamicTest> perVariant(Consumer<Op> body, boolean withEmpty) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Variant v : backend().variants()) {
      if (!covers(v)) {
        continue;
      }
      for (DType dtype : v.dtypes()) {
        String name = v.kernel().id() + "/" + dtype.id() + "/" + v.name();
        List<Shape> shapes = new ArrayList<>(ContractShapes.of(v.kernel()));
        shapes.addAll(withEmpty ? ContractShapes.empty(v.kernel()) : List.of());
        shapes.removeIf(s -> !covers(v, s));
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () -> shapes.forEach(s -> body.accept(Op.of(v.kernel(), dtype, s, v.name())))));
      }
    }
    return tests.stream();
  }

  private List<double[]> run(Op op, List<double[]> inputs) {
    return KernelRunner.run(backend(), op, conditions().get(0), inputs);
  }

  /** Null and buffers of another size than the memory's are rejected with both sizes. */
  @TestFactory
  Stream<DynamicTest> buffersOfTheWrongSizeAreRejected() {
    return backend().variants().stream()
        .flatMap(v -> v.dtypes().stream())
        .distinct()
        .sorted()
        .map(t -> DynamicTest.dynamicTest("memory of " + t.id(), () -> checkBuffers(t)));
  }

  private void checkBuffers(DType dtype) {
    try (Memory memory = backend().allocate(dtype, 3)) {
      int bytes = (int) memory.bytes();
      String of = "memory of " + bytes + " bytes cannot be ";
      for (int wrong : new int[] {0, bytes - 1, bytes + 1}) {
        assertEquals(
            of + "written from a buffer with " + wrong + " left",
            refused(() -> memory.write(ByteBuffer.allocate(wrong))));
      }
      assertEquals(
          of + "read into a buffer with room for " + (bytes - 1),
          refused(() -> memory.read(ByteBuffer.allocate(bytes - 1))));
      assertEquals(of + "written from null", refused(() -> memory.write(null)));
      assertEquals(of + "read into null", refused(() -> memory.read(null)));
    }
  }

  private static String refused(Executable body) {
    return assertThrows(IllegalArgumentException.class, body).getMessage();
  }

  /** Sums of small integers are exact in every order, so every variant gives these values. */
  @TestFactory
  Stream<DynamicTest> integerInputsGiveTheExactResult() {
    return perVariant(this::checkIntegers, false);
  }

  private void checkIntegers(Op op) {
    if (LinearTerms.isLinear(op)) {
      List<double[]> inputs = KernelRunner.inputs(op, InputKind.INTEGER, 1);
      double[] got = run(op, inputs).get(0);
      LinearTerms terms = new LinearTerms(op, inputs);
      for (int i = 0; i < got.length; i++) {
        double exact = 0;
        for (double[] t : terms.of(i)) {
          exact += t == null ? 0 : t[0] * t[1];
        }
        assertTrue(got[i] == exact, op + " output " + i + ": " + got[i] + ", not " + exact);
      }
    }
  }

  /** |computed - exact| is at most gamma(n + 2) times the sum of |a b|. */
  @TestFactory
  Stream<DynamicTest> errorIsWithinTheDerivedBound() {
    return perVariant(
        op -> {
          checkBound(op, InputKind.NORMAL);
          checkBound(op, InputKind.WIDE);
        },
        false);
  }

  /**
   * N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, SIAM 2002, section
   * 3.1 and 4.2: any order of n products and n - 1 additions is within gamma(n) = n u / (1 - n u).
   * The two more cover partial sums that start at zero.
   */
  private void checkBound(Op op, InputKind kind) {
    if (!LinearTerms.isLinear(op)) {
      return;
    }
    List<double[]> inputs = KernelRunner.inputs(op, kind, 7);
    double[] got = run(op, inputs).get(0);
    LinearTerms terms = new LinearTerms(op, inputs);
    for (int i = 0; i < got.length; i += 1 + got.length / SAMPLED_OUTPUTS) {
      BigDecimal exact = BigDecimal.ZERO;
      BigDecimal magnitude = BigDecimal.ZERO;
      List<double[]> pairs = terms.of(i);
      for (double[] t : pairs) {
        if (t != null) {
          BigDecimal product = new BigDecimal(t[0]).multiply(new BigDecimal(t[1]));
          exact = exact.add(product);
          magnitude = magnitude.add(product.abs());
        }
      }
      double u = op.dtype().result() == DType.F32 ? 0x1p-24 : 0x1p-53;
      double gamma = (pairs.size() + 2) * u / (1 - (pairs.size() + 2) * u);
      assertTrue(Double.isFinite(got[i]), op + " output " + i + " is " + got[i]);
      BigDecimal error = new BigDecimal(got[i]).subtract(exact).abs();
      BigDecimal bound = magnitude.multiply(new BigDecimal(gamma));
      assertTrue(error.compareTo(bound) <= 0, op + " output " + i + ": error " + error);
    }
  }

  /** A NaN operand reaches the outputs it is a term of, and no other. */
  @TestFactory
  Stream<DynamicTest> nanReachesItsOutputs() {
    return perVariant(this::checkNaN, false);
  }

  private void checkNaN(Op op) {
    if (!LinearTerms.isLinear(op)) {
      return;
    }
    List<double[]> inputs = KernelRunner.inputs(op, InputKind.INTEGER, 3);
    inputs.get(0)[inputs.get(0).length / 2] = Double.NaN;
    double[] got = run(op, inputs).get(0);
    LinearTerms terms = new LinearTerms(op, inputs);
    for (int i = 0; i < got.length; i++) {
      boolean expected = terms.of(i).stream().anyMatch(t -> t != null && Double.isNaN(t[0] * t[1]));
      assertTrue(Double.isNaN(got[i]) == expected, op + " output " + i + " is " + got[i]);
    }
  }

  /** Bit for bit the naive oracle's result, special values and empty operands included. */
  @TestFactory
  Stream<DynamicTest> reproducibleVariantsFollowTheCanonicalOrder() {
    return perVariant(this::checkCanonical, true);
  }

  private void checkCanonical(Op op) {
    if (backend().variant(op.kernel(), op.variant()).mode() != Mode.REPRODUCIBLE) {
      return;
    }
    for (InputKind kind : kinds()) {
      for (Special special : Special.values()) {
        List<double[]> inputs = KernelRunner.inputs(op, kind, 5);
        special.plant(op, inputs);
        List<double[]> expected = NaiveOracle.compute(op, inputs);
        List<double[]> got = run(op, inputs);
        for (int i = 0; i < got.size(); i++) {
          assertArrayEquals(
              KernelRunner.bits(op.dtype(), expected.get(i)),
              KernelRunner.bits(op.dtype(), got.get(i)),
              op + " input " + kind.id() + " with " + special);
        }
      }
    }
  }

  /** What is put into the operands: an infinite weight meets the zeros of a border. */
  private enum Special {
    NOTHING,
    INFINITY,
    INFINITY_IN_SECOND,
    NAN,
    ALL_NEGATIVE_ZERO,
    TINY;

    void plant(Op op, List<double[]> inputs) {
      double[] x = inputs.get(0);
      switch (this) {
        case NOTHING -> {}
        case INFINITY -> put(x, Double.POSITIVE_INFINITY);
        case INFINITY_IN_SECOND -> {
          if (inputs.size() > 1 && op.inputs().get(1).dtype().floating()) {
            put(inputs.get(1), Double.POSITIVE_INFINITY);
          }
        }
        case NAN -> put(x, Double.longBitsToDouble(0xfff8000040000000L));
        case ALL_NEGATIVE_ZERO -> Arrays.fill(x, -0.0);
        // Products with these underflow, many to -0; those of f16 are too large to.
        case TINY -> {
          switch (op.dtype()) {
            case F32 -> scale(op, x, Float.MIN_VALUE);
            case F64 -> scale(op, x, Double.MIN_VALUE);
            case F16 -> scale(op, x, 0x1p-24);
            default -> {
              scale(op, x, 0x1p-133);
              scale(op, inputs.get(1), 0x1p-16);
            }
          }
        }
      }
    }

    private static void scale(Op op, double[] x, double factor) {
      Arrays.setAll(x, i -> KernelRunner.rounded(op.dtype(), x[i] * factor));
    }

    private static void put(double[] x, double value) {
      if (x.length > 0) {
        x[0] = value;
        x[x.length / 3] = value;
      }
    }
  }

  /** What promises the same bits when repeated or on other thread counts keeps the promise. */
  @TestFactory
  Stream<DynamicTest> promisesAreKept() {
    return perVariant(this::checkPromises, true);
  }

  private void checkPromises(Op op) {
    Variant variant = backend().variant(op.kernel(), op.variant());
    List<double[]> inputs = KernelRunner.inputs(op, InputKind.WIDE, 11);
    List<double[]> reference = null;
    for (Conditions c : conditions()) {
      List<List<double[]>> repeats = KernelRunner.run(backend(), op, c, inputs, 3);
      if (variant.guarantee().covers(Axis.REPEAT)) {
        requireSame(op, c + " repeat 1", repeats.get(0), repeats.get(1));
        requireSame(op, c + " repeat 2", repeats.get(0), repeats.get(2));
      }
      if (variant.guarantee().covers(Axis.THREADS)) {
        reference = reference == null ? repeats.get(0) : reference;
        requireSame(op, c.toString(), reference, repeats.get(0));
      }
    }
  }

  /** The first index out of range is named by all backends in the same words. */
  @TestFactory
  Stream<DynamicTest> indicesOutOfRangeAreRejected() {
    return perVariant(this::checkIndices, false);
  }

  private void checkIndices(Op op) {
    List<double[]> good = KernelRunner.inputs(op, InputKind.NORMAL, 1);
    int last = good.size() - 1;
    if (op.inputs().get(last).dtype() != DType.I32) {
      return;
    }
    int bound = op.shape().i(op.kernel() == Kernel.SCATTER_ADD ? "t" : "n");
    int at = good.get(last).length / 2;
    for (int bad : new int[] {bound, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      List<double[]> inputs = new ArrayList<>(good);
      inputs.set(last, good.get(last).clone());
      inputs.get(last)[at] = bad;
      assertEquals(
          "index operand: element %d is %d; there are %d targets or classes, 0 to %d"
              .formatted(at, bad, bound, bound - 1),
          assertThrows(IndexOutOfBoundsException.class, () -> run(op, inputs)).getMessage());
    }
  }

  /** A batch in pieces: exact inputs give the same values, and a promise of the same bits holds. */
  @TestFactory
  Stream<DynamicTest> piecesOfABatchGiveTheWhole() {
    return perVariant(this::checkPieces, false);
  }

  private void checkPieces(Op op) {
    Conditions whole = conditions().get(0);
    boolean promised = backend().variant(op.kernel(), op.variant()).guarantee().covers(Axis.SLICE);
    for (String size : List.of("1", "2")) { // 2 may leave 1 over
      Conditions pieces = whole.with(Conditions.SLICE, size);
      try {
        if (promised) {
          List<double[]> inputs = KernelRunner.inputs(op, InputKind.WIDE, 13);
          requireSame(op, "slice=" + size, run(op, inputs), sliced(op, pieces, inputs));
        } else if (LinearTerms.isLinear(op)) {
          List<double[]> inputs = KernelRunner.inputs(op, InputKind.INTEGER, 13);
          double[] expected = run(op, inputs).get(0);
          double[] got = sliced(op, pieces, inputs).get(0);
          for (int i = 0; i < got.length; i++) {
            assertTrue(got[i] == expected[i], op + " slice=" + size + " output " + i);
          }
        }
      } catch (IllegalArgumentException e) { // no batch, or one of no more than that
        assertTrue(e.getMessage().startsWith("condition slice="), e.getMessage());
      }
    }
  }

  private List<double[]> sliced(Op op, Conditions pieces, List<double[]> inputs) {
    return KernelRunner.run(backend(), op, pieces, inputs);
  }

  private static void requireSame(Op op, String what, List<double[]> a, List<double[]> b) {
    for (int i = 0; i < a.size(); i++) {
      assertArrayEquals(
          KernelRunner.bits(op.dtype(), a.get(i)),
          KernelRunner.bits(op.dtype(), b.get(i)),
          op + " " + what);
    }
  }
}
