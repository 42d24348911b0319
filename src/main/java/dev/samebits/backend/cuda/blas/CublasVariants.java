package dev.samebits.backend.cuda.blas;

import dev.samebits.backend.cuda.blas.Setting.Handles;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Variant;
import dev.samebits.kernel.Variant.Control;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variants of cuBLAS and what its manual promises of them.
 *
 * <p>cuBLAS Library User Guide, section 2.1.4 "Results Reproducibility": the routines of one
 * release give the same bits at every run on devices of one architecture with one number of
 * multiprocessors, as long as a single stream is active. With several, a library that shares one
 * handle between them may choose a workspace, and with it an implementation, by chance; a handle or
 * a workspace for each stream, {@code cublasLtMatmul} with workspaces of the caller's, or {@code
 * CUBLAS_WORKSPACE_CONFIG} at {@code :16:8} or {@code :4096:8} prevent that. So {@code default}
 * takes one stream, and {@code shared_handle} is the same with several. Section 2.2
 * "cublasAtomicsMode_t": routines that have a form with atomics may then give other bits from run
 * to run; symv and hemv are named. Of gemm, gemv and dot it is not said whether they have one.
 */
final class CublasVariants {
  /** The promise of section 2.1.4 while one stream is active: what it is given to takes no more. */
  static final Guarantee ONE_STREAM = Guarantee.RUN_TO_RUN;

  /** The same whatever the number of streams, which is an axis with that of threads. */
  static final Guarantee ANY_STREAMS =
      new Guarantee(EnumSet.of(Axis.REPEAT, Axis.PROCESS, Axis.LOAD, Axis.THREADS));

  /** A setting of {@code CUBLAS_WORKSPACE_CONFIG} is named {@code workspace_SIZE_COUNT}. */
  private static final Map<String, Setting> SETTINGS = settings();

  /** Algorithms offered by rank in the heuristic's list. */
  private static final int RANKS = 4;

  private static final Map<String, LtChoice> LT = ltChoices();

  private static final Set<DType> BOTH = Set.of(DType.F32, DType.F64);

  private static final Set<DType> WITH_HALVES = Set.of(DType.F32, DType.F64, DType.F16, DType.BF16);

  private CublasVariants() {}

  /**
   * Which algorithm of cuBLASLt.
   *
   * @param rank place in the heuristic's list, best first, from 0
   * @param parts parts that K is split into; 1 leaves it whole
   * @param scheme {@code cublasLtReductionScheme_t}
   */
  record LtChoice(int rank, int parts, int scheme) {
    /** CUBLASLT_REDUCTION_SCHEME_NONE. */
    static final int NONE = 0;

    /** CUBLASLT_REDUCTION_SCHEME_INPLACE: parts are added in the output, one after another. */
    static final int IN_PLACE = 1;

    /** CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE: parts are kept and added in a second step. */
    static final int COMPUTE_TYPE = 2;
  }

  private static Map<String, Setting> settings() {
    Map<String, Setting> all = new LinkedHashMap<>();
    all.put("default", new Setting(Setting.DEFAULT_MATH, 0, Handles.ONE, ""));
    all.put("shared_handle", new Setting(Setting.DEFAULT_MATH, 0, Handles.SHARED, ""));
    all.put("workspace_16_8", new Setting(Setting.DEFAULT_MATH, 0, Handles.SHARED, ":16:8"));
    all.put("workspace_4096_8", new Setting(Setting.DEFAULT_MATH, 0, Handles.SHARED, ":4096:8"));
    all.put("own_workspace", new Setting(Setting.DEFAULT_MATH, 0, Handles.ONE_WITH_WORKSPACES, ""));
    all.put("handle_per_stream", new Setting(Setting.DEFAULT_MATH, 0, Handles.PER_STREAM, ""));
    all.put("pedantic", new Setting(Setting.PEDANTIC_MATH, 0, Handles.PER_STREAM, ""));
    all.put("tf32", new Setting(Setting.TF32_MATH, 0, Handles.PER_STREAM, ""));
    all.put("atomics", new Setting(Setting.DEFAULT_MATH, 1, Handles.PER_STREAM, ""));
    return all;
  }

  private static Map<String, LtChoice> ltChoices() {
    Map<String, LtChoice> all = new LinkedHashMap<>();
    for (int rank = 0; rank < RANKS; rank++) {
      all.put("lt_" + rank, new LtChoice(rank, 1, LtChoice.NONE));
    }
    all.put("lt_split_k_4", new LtChoice(0, 4, LtChoice.COMPUTE_TYPE));
    all.put("lt_split_k_16", new LtChoice(0, 16, LtChoice.COMPUTE_TYPE));
    all.put("lt_split_k_4_in_place", new LtChoice(0, 4, LtChoice.IN_PLACE));
    return all;
  }

  /** The setting of a variant; null for one of cuBLASLt. */
  static Setting setting(String variant) {
    return SETTINGS.get(variant);
  }

  /** The algorithm of a variant; null for one that is not of cuBLASLt. */
  static LtChoice lt(String variant) {
    return LT.get(variant);
  }

  /**
   * The table.
   *
   * @param lt whether those of cuBLASLt are offered
   */
  static List<Variant> table(boolean lt) {
    List<Variant> all = new ArrayList<>();
    plain(all, Kernel.MATMUL, "cublas?gemm");
    if (lt) {
      LT.forEach((name, choice) -> all.add(lt(name, choice)));
    }
    plain(all, Kernel.GEMV, "cublas?gemv");
    plain(all, Kernel.DOT, "cublas?dot");
    return List.copyOf(all);
  }

  private static void plain(List<Variant> all, Kernel kernel, String call) {
    SETTINGS.forEach(
        (name, setting) -> {
          boolean tf32 = setting.math() == Setting.TF32_MATH;
          if (!tf32 || kernel == Kernel.MATMUL) {
            all.add(plain(kernel, name, setting, call));
          }
        });
  }

  private static Variant plain(Kernel kernel, String name, Setting setting, String call) {
    boolean atomics = setting.atomics() != 0;
    boolean one = setting.handles() == Handles.ONE;
    boolean shared = setting.handles() == Handles.SHARED && setting.config().isEmpty();
    boolean tf32 = setting.math() == Setting.TF32_MATH;
    Guarantee guarantee =
        atomics || shared ? Guarantee.NOT_GUARANTEED : one ? ONE_STREAM : ANY_STREAMS;
    Mode mode = atomics || shared || one ? Mode.NONDETERMINISTIC : Mode.DETERMINISTIC;
    return new Variant(
            kernel,
            name,
            tf32 ? Set.of(DType.F32) : kernel == Kernel.MATMUL ? WITH_HALVES : BOTH,
            mode,
            guarantee,
            false,
            call + " " + about(setting))
        .pairedWith(one || shared ? "handle_per_stream" : "default", Control.NONE);
  }

  private static String about(Setting setting) {
    if (setting.atomics() != 0) {
      return "with atomics allowed; nothing is promised of routines that use them";
    }
    return switch (setting.math()) {
      case Setting.PEDANTIC_MATH -> "in pedantic math: the prescribed precision in every step";
      case Setting.TF32_MATH -> "with operands rounded to TF32, on tensor cores";
      default ->
          switch (setting.handles()) {
            case ONE_WITH_WORKSPACES -> "with a workspace of ours for each stream";
            case PER_STREAM -> "with a handle for each stream";
            case ONE -> "on one handle and one stream";
            case SHARED ->
                setting.config().isEmpty()
                    ? "on one handle for all streams; documented as not repeatable with several"
                    : "on one handle with " + Setting.CONFIG + "=" + setting.config();
          };
    };
  }

  private static Variant lt(String name, LtChoice choice) {
    String how =
        choice.parts() == 1
            ? "algorithm " + choice.rank() + " of the heuristic, K whole"
            : "K in "
                + choice.parts()
                + " parts, added "
                + (choice.scheme() == LtChoice.IN_PLACE
                    ? "in the output in sequence"
                    : "in a second step");
    return new Variant(
            Kernel.MATMUL,
            name,
            WITH_HALVES,
            Mode.DETERMINISTIC,
            ANY_STREAMS,
            false,
            "cublasLtMatmul, " + how + ", in workspaces of ours")
        .pairedWith(choice.parts() == 1 ? "default" : "lt_0", Control.NONE);
  }
}
