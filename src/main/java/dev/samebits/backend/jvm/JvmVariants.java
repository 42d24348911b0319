package dev.samebits.backend.jvm;

import static dev.samebits.kernel.Guarantee.ANY_ORDER;
import static dev.samebits.kernel.Guarantee.EVERYWHERE;
import static dev.samebits.kernel.Guarantee.NOT_GUARANTEED;
import static dev.samebits.kernel.Guarantee.RUN_TO_RUN;
import static dev.samebits.kernel.Mode.DETERMINISTIC;
import static dev.samebits.kernel.Mode.NONDETERMINISTIC;
import static dev.samebits.kernel.Mode.REPRODUCIBLE;

import dev.samebits.backend.jvm.Call.Algorithm;
import dev.samebits.backend.jvm.Call.TeamAlgorithm;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import dev.samebits.kernel.Variant.Control;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every variant with its algorithm, in the order to show them.
 *
 * <p>A variant whose order of operations is fixed promises {@code EVERYWHERE}: the Java language
 * specifies the result of each operation (JLS 15.17, 15.18, {@code Math.fma}; strict everywhere
 * since JDK 17, JEP 306), so that thread count, JIT tier and machine cannot change it. What the
 * language leaves open, the payload of a NaN, these variants replace when they store.
 */
final class JvmVariants {
  private static final Set<DType> BOTH = Set.of(DType.F32, DType.F64);

  private static final Set<DType> WITH_HALVES = Set.of(DType.F32, DType.F64, DType.F16, DType.BF16);

  /** A variant and how to run it without the Vector API, if it can be. */
  record Entry(Variant variant, Optional<Algorithm> plain) {
    Entry(Variant variant, Algorithm plain) {
      this(variant, Optional.of(plain));
    }
  }

  private JvmVariants() {}

  /** All entries. */
  static List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    matmul(all);
    reductions(all, Kernel.SUM);
    reductions(all, Kernel.DOT);
    convolutions(all);
    scatter(all);
    elementwise(all);
    functions(all);
    return List.copyOf(all);
  }

  private static void matmul(List<Entry> all) {
    canonical(all, Kernel.MATMUL, "fma chains over panels of 2048 terms of K", Matmul::canonical);
    serial(all, Kernel.MATMUL, "serial_ijk", "three loops, no fma", Matmul::serialIjk);
    arrival(
        all,
        Kernel.MATMUL,
        "split_k_atomic",
        "split_k_ordered",
        "K in 32 parts, added by compare-and-set on arrival",
        Matmul::splitKAtomic);
    twin(
        all,
        Kernel.MATMUL,
        "split_k_ordered",
        "split_k_atomic",
        "K in 32 parts, added in index order",
        Matmul::splitKOrdered);
    canonical(all, Kernel.GEMV, "fma chains over panels of 2048 terms", Matmul::gemv);
    serial(all, Kernel.GEMV, "serial", "one chain per row, no fma", Matmul::gemvSerial);
  }

  private static void reductions(List<Entry> all, Kernel kernel) {
    canonical(all, kernel, "blocks of 16384, 128 lanes, halving tree", CanonicalSum::bind);
    all.add(
        new Entry(
            new Variant(
                kernel,
                "exact",
                BOTH,
                REPRODUCIBLE,
                ANY_ORDER,
                true,
                "no rounding but the last; any order of the inputs"),
            Call.onTeam(ExactReduction::bind)));
    serial(all, kernel, "serial", "one chain in index order", Reductions::serial);
    serial(all, kernel, "pairwise", "halves down to 32 elements", Reductions::pairwise);
    serial(all, kernel, "kahan", "compensated sum in index order", Reductions::kahan);
    all.add(
        new Entry(
            new Variant(
                kernel,
                "parallel_stream",
                BOTH,
                NONDETERMINISTIC,
                NOT_GUARANTEED,
                true,
                "java.util.stream; the order depends on its splits"),
            ParallelStream::bind));
    all.add(
        new Entry(
            new Variant(
                kernel,
                "eight_accumulators",
                BOTH,
                NONDETERMINISTIC,
                RUN_TO_RUN,
                true,
                "vectors in turn to eight accumulators, 8 parts per thread"),
            Optional.empty()));
    all.add(
        new Entry(
            new Variant(
                kernel,
                "lane_reduce",
                BOTH,
                NONDETERMINISTIC,
                NOT_GUARANTEED,
                false,
                "Vector API reduceLanes, order undefined by the JDK"),
            Optional.empty()));
    arrival(
        all,
        kernel,
        "atomic_arrival",
        "ordered",
        "256 parts, added by compare-and-set on arrival",
        Reductions::atomicArrival);
    twin(
        all,
        kernel,
        "ordered",
        "atomic_arrival",
        "256 parts, added in index order",
        Reductions::ordered);
  }

  private static void convolutions(List<Entry> all) {
    String order = "fma chains over panels of 2048 terms";
    canonical(all, Kernel.CONV2D_FORWARD, order, Conv2d::forward);
    canonical(all, Kernel.CONV2D_BACKWARD_DATA, order, Conv2d::backwardData);
    Kernel filter = Kernel.CONV2D_BACKWARD_FILTER;
    canonical(all, filter, order, Conv2d::backwardFilter);
    arrival(
        all,
        filter,
        "atomic_arrival",
        "ordered",
        "output positions in 64 parts, added by compare-and-set on arrival",
        Conv2d::filterAtomic);
    twin(
        all,
        filter,
        "ordered",
        "atomic_arrival",
        "output positions in 64 parts, added in index order",
        Conv2d::filterOrdered);
  }

  private static void scatter(List<Entry> all) {
    canonical(all, Kernel.SCATTER_ADD, "adds in order of the sources", Scatter::canonical);
    arrival(
        all,
        Kernel.SCATTER_ADD,
        "atomic_arrival",
        "canonical",
        "64 sources at a time, added by compare-and-set on arrival",
        Scatter::atomicArrival);
    EnumSet<Axis> fixed = EnumSet.copyOf(EVERYWHERE.axes());
    fixed.remove(Axis.THREADS);
    all.add(
        new Entry(
            new Variant(
                Kernel.SCATTER_ADD,
                "private_copies",
                BOTH,
                DETERMINISTIC,
                new Guarantee(fixed),
                true,
                "a part of the sources per thread, added to its own targets; these joined in order"),
            Call.onTeam(Scatter::privateCopies)));
  }

  private static void elementwise(List<Entry> all) {
    String pool = "the first largest of a window; NaN is the largest";
    canonical(all, Kernel.MAX_POOL, pool, MaxPool::forward);
    canonical(all, Kernel.MAX_POOL_BACKWARD, pool, MaxPool::backward);
    canonical(all, Kernel.COL_SUM, "the canonical sum of each column", CanonicalSum::bindColumns);
    canonical(all, Kernel.ROW_SUM, "the canonical sum of each row", CanonicalSum::bindRows);
    canonical(all, Kernel.MEAN, "canonical sum / n", CanonicalSum::bind);
    canonical(all, Kernel.NRM2, "sqrt of the canonical dot(x, x)", CanonicalSum::bind);
    canonical(all, Kernel.SOFTMAX, "exp(x - max) / canonical sum", Elementwise::softmax);
    canonical(all, Kernel.FMA_CHAIN, "r fma in a chain for each element", Elementwise::fmaChain);
    canonical(all, Kernel.COPY, "x as it is", Elementwise::copy);
    canonical(all, Kernel.RELU, "max(x, +0)", Elementwise::relu);
    canonical(all, Kernel.RELU_BACKWARD, "y > 0 ? dy : +0", Elementwise::reluBackward);
    canonical(all, Kernel.BIAS_ADD, "x + b", Elementwise::biasAdd);
    canonical(
        all,
        Kernel.CROSS_ENTROPY_GRADIENT,
        "(p - onehot) / m by division",
        Elementwise::crossEntropyGradient);
    canonical(all, Kernel.SGD_UPDATE, "three fma", Elementwise::sgdUpdate);
  }

  private static void functions(List<Entry> all) {
    for (Kernel kernel : List.of(Kernel.EXP, Kernel.LOG, Kernel.TANH, Kernel.SIGMOID)) {
      canonical(all, kernel, "fma, add, multiply, divide; below 1 ULP", Functions::canonical);
      all.add(
          new Entry(
              new Variant(
                  kernel,
                  "math",
                  BOTH,
                  NONDETERMINISTIC,
                  NOT_GUARANTEED,
                  true,
                  "java.lang.Math in f64, whose bits the JDK leaves open"),
              Call.onTeam(Functions::math)));
    }
  }

  /** The element types that all variants of a kernel take. */
  private static Set<DType> dtypes(Kernel kernel) {
    return kernel == Kernel.MATMUL ? WITH_HALVES : BOTH;
  }

  private static void canonical(
      List<Entry> all, Kernel kernel, String about, TeamAlgorithm algorithm) {
    all.add(
        new Entry(
            new Variant(kernel, "canonical", dtypes(kernel), REPRODUCIBLE, EVERYWHERE, true, about),
            Call.onTeam(algorithm)));
  }

  private static void serial(
      List<Entry> all, Kernel kernel, String name, String about, TeamAlgorithm algorithm) {
    all.add(
        new Entry(
            new Variant(kernel, name, dtypes(kernel), DETERMINISTIC, EVERYWHERE, false, about),
            Call.onTeam(algorithm)));
  }

  private static void arrival(
      List<Entry> all,
      Kernel kernel,
      String name,
      String twin,
      String about,
      TeamAlgorithm algorithm) {
    all.add(
        new Entry(
            new Variant(kernel, name, dtypes(kernel), NONDETERMINISTIC, NOT_GUARANTEED, true, about)
                .pairedWith(twin, Control.POSITIVE),
            Call.onTeam(algorithm)));
  }

  private static void twin(
      List<Entry> all,
      Kernel kernel,
      String name,
      String twin,
      String about,
      TeamAlgorithm algorithm) {
    all.add(
        new Entry(
            new Variant(kernel, name, dtypes(kernel), DETERMINISTIC, EVERYWHERE, true, about)
                .pairedWith(twin, Control.NEGATIVE),
            Call.onTeam(algorithm)));
  }
}
