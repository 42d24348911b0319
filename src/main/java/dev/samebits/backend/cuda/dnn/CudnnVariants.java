package dev.samebits.backend.cuda.dnn;

import dev.samebits.backend.cuda.dnn.Cudnn.Pass;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Variant;
import dev.samebits.kernel.Variant.Control;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variants of cuDNN and what its manual promises of them.
 *
 * <p>cuDNN Developer Guide, "Odds and Ends", "Reproducibility (Determinism)": most routines of one
 * release give the same bits across runs on devices of one architecture. Exceptions, among others,
 * because of atomic operations: {@code cudnnConvolutionBackwardFilter} with ALGO_0 or ALGO_3 and
 * {@code cudnnConvolutionBackwardData} with ALGO_0. Across architectures nothing is promised. The
 * enumerations of the gradients' algorithms call each of them deterministic or not. That the other
 * algorithms of the forward pass are among the "most", and that load changes nothing, is inferred.
 *
 * <p>{@code algo_N} is algorithm N of the enumeration with fused multiply-adds only; {@code
 * algo_N_tf32} the same with TF32 on tensor cores allowed. {@code default} is what the heuristic
 * puts first, with its math type; {@code deterministic} what it puts first among those that it
 * calls deterministic; {@code deterministic_fma} the same without tensor cores.
 */
final class CudnnVariants {
  private static final Set<DType> BOTH = Set.of(DType.F32, DType.F64);
  private static final Set<DType> SINGLE = Set.of(DType.F32);

  private static final Map<Pass, Map<Integer, String>> ALGORITHMS = algorithms();

  private CudnnVariants() {}

  /**
   * How an algorithm is chosen.
   *
   * @param algorithm its number; {@link #ANY} leaves it to the heuristic
   * @param deterministic whether the heuristic's list is filtered
   * @param math {@code cudnnMathType_t}
   */
  record Choice(int algorithm, boolean deterministic, int math) {
    /** Leaves the choice to the heuristic. */
    static final int ANY = -1;
  }

  /** Numbers and names; those that the manual calls not implemented are left out. */
  private static Map<Pass, Map<Integer, String>> algorithms() {
    Map<Pass, Map<Integer, String>> all = new EnumMap<>(Pass.class);
    all.put(
        Pass.FORWARD,
        named(
            "0 implicit GEMM; 1 implicit GEMM with precomputed indices; 2 GEMM; 4 FFT; 5 tiled FFT;"
                + " 6 Winograd; 7 Winograd, not fused"));
    all.put(
        Pass.BACKWARD_DATA,
        named(
            "0 sum of products by atomics; 1 GEMM; 2 FFT; 3 tiled FFT; 4 Winograd;"
                + " 5 Winograd, not fused"));
    all.put(
        Pass.BACKWARD_FILTER,
        named(
            "0 sum of products by atomics; 1 GEMM; 2 FFT;"
                + " 3 sum of products by atomics with precomputed indices; 5 Winograd, not fused;"
                + " 6 tiled FFT"));
    return all;
  }

  private static Map<Integer, String> named(String text) {
    Map<Integer, String> all = new LinkedHashMap<>();
    for (String part : text.split("; ?")) {
      String[] p = part.strip().split(" ", 2);
      all.put(Integer.valueOf(p[0]), p[1]);
    }
    return all;
  }

  /** The convolution of a kernel. */
  static Pass pass(Kernel kernel) {
    return switch (kernel) {
      case CONV2D_FORWARD -> Pass.FORWARD;
      case CONV2D_BACKWARD_DATA -> Pass.BACKWARD_DATA;
      case CONV2D_BACKWARD_FILTER -> Pass.BACKWARD_FILTER;
      default -> throw new IllegalArgumentException("cudnn has no " + kernel.id());
    };
  }

  /** How the algorithm of a variant is chosen. */
  static Choice choice(String variant) {
    return switch (variant) {
      case "default" -> new Choice(Choice.ANY, false, Cudnn.DEFAULT_MATH);
      case "deterministic" -> new Choice(Choice.ANY, true, Cudnn.DEFAULT_MATH);
      case "deterministic_fma" -> new Choice(Choice.ANY, true, Cudnn.FMA_MATH);
      default -> {
        String[] p = variant.split("_");
        int math = p.length > 2 ? Cudnn.DEFAULT_MATH : Cudnn.FMA_MATH;
        yield new Choice(Integer.parseInt(p[1]), false, math);
      }
    };
  }

  /** Whether the manual names it as not repeatable. */
  private static boolean exception(Pass pass, int algorithm) {
    return switch (pass) {
      case FORWARD -> false;
      case BACKWARD_DATA -> algorithm == 0;
      case BACKWARD_FILTER -> algorithm == 0 || algorithm == 3;
    };
  }

  static List<Variant> table() {
    List<Variant> all = new ArrayList<>();
    for (Kernel kernel :
        List.of(
            Kernel.CONV2D_FORWARD, Kernel.CONV2D_BACKWARD_DATA, Kernel.CONV2D_BACKWARD_FILTER)) {
      chosen(all, kernel);
      Pass pass = pass(kernel);
      ALGORITHMS.get(pass).forEach((number, name) -> all.addAll(numbered(kernel, number, name)));
    }
    return List.copyOf(all);
  }

  private static void chosen(List<Variant> all, Kernel kernel) {
    all.add(
        variant(kernel, "default", BOTH, false, "the heuristic's first algorithm; none is promised")
            .pairedWith("deterministic", Control.NONE));
    all.add(
        variant(
                kernel,
                "deterministic",
                BOTH,
                true,
                "the heuristic's first algorithm that it calls deterministic")
            .pairedWith("default", Control.NONE));
    all.add(
        variant(
                kernel,
                "deterministic_fma",
                BOTH,
                true,
                "the heuristic's first deterministic algorithm, without tensor cores")
            .pairedWith("deterministic", Control.NONE));
  }

  private static List<Variant> numbered(Kernel kernel, int number, String name) {
    boolean promised = !exception(pass(kernel), number);
    boolean plain = name.contains("GEMM") || name.contains("products");
    String documented = promised ? "" : "; documented as not repeatable";
    String own = "algo_" + number;
    Variant fma =
        variant(kernel, own, plain ? BOTH : SINGLE, promised, name + ", fma only" + documented);
    if (number != 1) {
      return List.of(fma);
    }
    // The one algorithm of all three passes that is promised and has a form for tensor cores.
    String tf32 = own + "_tf32";
    return List.of(
        fma.pairedWith(tf32, Control.NONE),
        variant(kernel, tf32, SINGLE, promised, name + ", TF32 on tensor cores allowed")
            .pairedWith(own, Control.NONE));
  }

  private static Variant variant(
      Kernel kernel, String name, Set<DType> dtypes, boolean promised, String about) {
    return new Variant(
        kernel,
        name,
        dtypes,
        promised ? Mode.DETERMINISTIC : Mode.NONDETERMINISTIC,
        promised ? Guarantee.RUN_TO_RUN : Guarantee.NOT_GUARANTEED,
        false,
        about);
  }
}
