package dev.samebits.backend.cuda.blas;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.samebits.backend.cuda.Device;
import dev.samebits.backend.cuda.LibraryCall;
import dev.samebits.backend.cuda.LibraryLane;
import dev.samebits.backend.cuda.NativeAddress;
import dev.samebits.backend.cuda.blas.CublasLt.Layouts;
import dev.samebits.backend.cuda.blas.CublasVariants.LtChoice;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A product by cuBLASLt with an algorithm that is named: the one at a place in the heuristic's list
 * of those that leave K whole, or the first of them with K split. It is chosen for the addresses'
 * true alignment; what is set is read back. Column-major as in {@link CublasCall}.
 */
final class LtCall implements LibraryCall {
  private static final int MOST_ALGORITHMS = 16;
  private static final long BEST_ALIGNMENT = 256;

  private final Device device;
  private final CublasLt lt;
  private final Op op;
  private final LtChoice choice;
  private Cublas.Gemm gemm;
  private final Memory scalars = new Memory(2L * Double.BYTES);
  private final Memory value = new Memory(Long.BYTES);
  private final List<Memory> algorithms = new ArrayList<>();
  private final List<Runnable> release = new ArrayList<>();
  private final Map<String, String> facts = new TreeMap<>();
  private long handle;
  private long descriptor;
  private Layouts layouts;

  LtCall(Device device, CublasLt lt, Op op, LtChoice choice) {
    this.device = device;
    this.lt = lt;
    this.op = op;
    this.choice = choice;
    Cublas.putScalar(scalars, 0, op.dtype(), op.scalar("alpha"));
    Cublas.putScalar(scalars, Double.BYTES, op.dtype(), op.scalar("beta"));
  }

  private boolean f64() {
    return op.dtype() == DType.F64;
  }

  private void check(String call, int status) {
    CublasStatus.check(device, call, status);
  }

  @Override
  public Runnable prepare(LibraryLane lane) {
    gemm = CublasCall.rowMajor(op.shape(), lane.padding());
    if (gemm.m() == 0 || gemm.n() == 0 || gemm.k() == 0) {
      if (gemm.m() > 0 && gemm.n() > 0 && op.scalar("beta") != 0) {
        throw new IllegalArgumentException("cublasLtMatmul takes no k=0 with beta");
      }
      return lane.zero(0);
    }
    if (lane.number() == 0) {
      describe();
    }
    Memory algorithm = algorithm(lane);
    long bytes = algorithm.getLong(CublasLt.RESULT_WORKSPACE);
    long workspace = lane.own(bytes);
    long stream = NativeAddress.of(lane.stream());
    return () -> {
      int status =
          lt.matmul(
              handle, descriptor, layouts, operands(lane), algorithm, workspace, bytes, stream);
      if (status != CublasStatus.SUCCESS) {
        check("cublasLtMatmul (" + op.shape() + ")", status);
      }
    };
  }

  private CublasLt.Operands operands(LibraryLane lane) {
    long alpha = Pointer.nativeValue(scalars);
    return new CublasLt.Operands(alpha, lane.in(1), lane.in(0), alpha + Double.BYTES, lane.out(0));
  }

  private void describe() {
    LongByReference created = new LongByReference();
    check("cublasLtCreate", lt.create(created));
    handle = created.getValue();
    release.add(() -> lt.destroy(handle));
    check(
        "cublasLtMatmulDescCreate",
        lt.createDescriptor(
            created,
            f64() ? Cublas.COMPUTE_64F : Cublas.COMPUTE_32F,
            Cublas.dataType(op.dtype().result())));
    descriptor = created.getValue();
    release.add(() -> lt.destroyDescriptor(descriptor));
    describe(CublasLt.DESC_TRANS_A, gemm.transA());
    describe(CublasLt.DESC_TRANS_B, gemm.transB());
    boolean ta = gemm.transA() == Cublas.TRANS;
    boolean tb = gemm.transB() == Cublas.TRANS;
    int m = gemm.m();
    int n = gemm.n();
    int k = gemm.k();
    layouts =
        new Layouts(
            layout(op.dtype(), ta ? k : m, ta ? m : k, gemm.lda(), gemm.strideA()),
            layout(op.dtype(), tb ? n : k, tb ? k : n, gemm.ldb(), gemm.strideB()),
            layout(op.dtype().result(), m, n, gemm.ldc(), gemm.strideC()));
  }

  private void describe(int attribute, int setting) {
    check(
        "cublasLtMatmulDescSetAttribute",
        lt.setDescriptor(descriptor, attribute, int32(setting), Integer.BYTES));
  }

  private Pointer int32(int setting) {
    value.setInt(0, setting);
    return value;
  }

  private Pointer int64(long setting) {
    value.setLong(0, setting);
    return value;
  }

  private long layout(DType dtype, long rows, long cols, long ld, long stride) {
    LongByReference created = new LongByReference();
    int type = Cublas.dataType(dtype);
    check("cublasLtMatrixLayoutCreate", lt.createLayout(created, type, rows, cols, ld));
    long layout = created.getValue();
    release.add(() -> lt.destroyLayout(layout));
    if (gemm.count() > 1) {
      String call = "cublasLtMatrixLayoutSetAttribute";
      check(
          call,
          lt.setLayout(layout, CublasLt.LAYOUT_BATCH_COUNT, int32(gemm.count()), Integer.BYTES));
      check(call, lt.setLayout(layout, CublasLt.LAYOUT_BATCH_OFFSET, int64(stride), Long.BYTES));
    }
    return layout;
  }

  /** A result of the heuristic, which begins with the algorithm. */
  private Memory algorithm(LibraryLane lane) {
    LongByReference created = new LongByReference();
    check("cublasLtMatmulPreferenceCreate", lt.createPreference(created));
    long preference = created.getValue();
    try (Memory results = new Memory((long) MOST_ALGORITHMS * CublasLt.RESULT_BYTES)) {
      results.clear();
      prefer(preference, CublasLt.PREF_WORKSPACE, int64(CublasCall.WORKSPACE_BYTES), Long.BYTES);
      prefer(preference, CublasLt.PREF_SCHEMES, int32(LtChoice.NONE), Integer.BYTES);
      long[] addresses = {lane.in(1), lane.in(0), lane.out(0), lane.out(0)};
      long[] strides = {gemm.strideA(), gemm.strideB(), gemm.strideC(), gemm.strideC()};
      for (int i = 0; i < addresses.length; i++) {
        DType dtype = i < 2 ? op.dtype() : op.dtype().result();
        int alignment = (int) alignment(addresses[i], strides[i] * dtype.bytes());
        prefer(preference, CublasLt.PREF_ALIGNMENT_A + i, int32(alignment), Integer.BYTES);
      }
      IntByReference found = new IntByReference();
      check(
          "cublasLtMatmulAlgoGetHeuristic",
          lt.heuristic(handle, descriptor, layouts, preference, MOST_ALGORITHMS, results, found));
      Memory chosen = chosen(results, found.getValue());
      algorithms.add(chosen);
      split(chosen);
      return chosen;
    } finally {
      lt.destroyPreference(preference);
    }
  }

  private void prefer(long preference, int attribute, Pointer setting, long bytes) {
    check(
        "cublasLtMatmulPreferenceSetAttribute",
        lt.setPreference(preference, attribute, setting, bytes));
  }

  private long alignment(long address, long strideBytes) {
    long steps = gemm.count() > 1 ? strideBytes : 0;
    return Long.lowestOneBit(address | steps | BEST_ALIGNMENT);
  }

  private Memory chosen(Memory results, int found) {
    int left = choice.rank();
    for (int i = 0; i < found; i++) {
      long at = (long) i * CublasLt.RESULT_BYTES;
      if (results.getInt(at + CublasLt.RESULT_STATE) == CublasStatus.SUCCESS && left-- == 0) {
        Memory chosen = new Memory(CublasLt.RESULT_BYTES);
        chosen.write(0, results.getByteArray(at, CublasLt.RESULT_BYTES), 0, CublasLt.RESULT_BYTES);
        return chosen;
      }
    }
    throw new IllegalArgumentException(
        "the heuristic of cuBLASLt offers "
            + (choice.rank() - left)
            + " algorithms for "
            + op.shape()
            + " with K whole, so none of rank "
            + choice.rank());
  }

  /** Splits K if that is asked for, and reads back what the algorithm does. */
  private void split(Memory algorithm) {
    if (choice.parts() > 1) {
      set(algorithm, CublasLt.ALGO_SPLIT_K, choice.parts());
      set(algorithm, CublasLt.ALGO_SCHEME, choice.scheme());
      try (Memory result = new Memory(CublasLt.RESULT_BYTES)) {
        result.clear();
        int status = lt.checkAlgorithm(handle, descriptor, layouts, algorithm, result);
        if (status != CublasStatus.SUCCESS) {
          throw new IllegalArgumentException(
              "cublasLtMatmulAlgoCheck of "
                  + choice.parts()
                  + " parts of K for "
                  + op.shape()
                  + " returned "
                  + CublasStatus.describe(status));
        }
        algorithm.setLong(CublasLt.RESULT_WORKSPACE, result.getLong(CublasLt.RESULT_WORKSPACE));
      }
    }
    int parts = get(algorithm, CublasLt.ALGO_SPLIT_K);
    int scheme = get(algorithm, CublasLt.ALGO_SCHEME);
    // An algorithm that cannot split K may tell 0 parts.
    if (Math.max(1, parts) != choice.parts() || scheme != choice.scheme()) {
      throw new Op.NotHonouredException(
          "cublas/%s: K in %d parts with scheme %d was asked for, but %d parts with scheme %d were read back"
              .formatted(op.variant(), choice.parts(), choice.scheme(), parts, scheme));
    }
    facts.put("algorithm", Integer.toString(get(algorithm, CublasLt.ALGO_ID)));
    facts.put("tile", Integer.toString(get(algorithm, CublasLt.ALGO_TILE)));
    facts.put("split_k", Integer.toString(choice.parts()));
    facts.put("reduction_scheme", Integer.toString(scheme));
    facts.put("workspace", Long.toString(algorithm.getLong(CublasLt.RESULT_WORKSPACE)));
  }

  private void set(Memory algorithm, int attribute, int setting) {
    int status = lt.setAlgorithm(algorithm, attribute, int32(setting), Integer.BYTES);
    if (status != CublasStatus.SUCCESS) {
      throw new IllegalArgumentException(
          "the first algorithm of cuBLASLt for "
              + op.shape()
              + " cannot split K in this way: cublasLtMatmulAlgoConfigSetAttribute returned "
              + CublasStatus.describe(status));
    }
  }

  private int get(Memory algorithm, int attribute) {
    LongByReference written = new LongByReference();
    value.clear();
    check(
        "cublasLtMatmulAlgoConfigGetAttribute",
        lt.getAlgorithm(algorithm, attribute, value, Integer.BYTES, written));
    return value.getInt(0);
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void close() {
    Collections.reverse(release);
    release.forEach(Runnable::run);
    release.clear();
    algorithms.forEach(Memory::close);
    algorithms.clear();
    scalars.close();
    value.close();
  }
}
