package dev.samebits.backend.cuda.blas;

import static dev.samebits.backend.cuda.blas.Cublas.NO_TRANS;
import static dev.samebits.backend.cuda.blas.Cublas.TRANS;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.samebits.backend.cuda.Device;
import dev.samebits.backend.cuda.LibraryCall;
import dev.samebits.backend.cuda.LibraryLane;
import dev.samebits.backend.cuda.blas.Setting.Handles;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;

/**
 * A product, gemv or dot by cuBLAS. cuBLAS is column-major; a row-major matrix is the transpose of
 * the column-major one in the same memory, so C = op(A) op(B) is asked for as C' = op(B)' op(A)',
 * with A and B in each other's place and nothing copied.
 */
final class CublasCall implements LibraryCall {
  /** What the manual recommends at most, for sm_90 (cublasSetWorkspace). */
  static final long WORKSPACE_BYTES = 32L << 20;

  private final Device device;
  private final Cublas blas;
  private final Op op;
  private final Setting setting;
  private final List<Long> handles = new ArrayList<>();
  private final Memory scalars = new Memory(2L * Double.BYTES);
  private final Map<String, String> facts = new TreeMap<>();

  CublasCall(Device device, Cublas blas, Op op, Setting setting) {
    this.device = device;
    this.blas = blas;
    this.op = op;
    this.setting = setting;
    boolean matmul = op.kernel() == dev.samebits.kernel.Kernel.MATMUL;
    Cublas.putScalar(scalars, 0, op.dtype(), matmul ? op.scalar("alpha") : 1);
    Cublas.putScalar(scalars, Double.BYTES, op.dtype(), matmul ? op.scalar("beta") : 0);
  }

  private long alpha() {
    return Pointer.nativeValue(scalars);
  }

  private long beta() {
    return alpha() + Double.BYTES;
  }

  /**
   * The column-major product that is asked for in place of a row-major one.
   *
   * @param padding elements behind each row of every operand
   */
  static Cublas.Gemm rowMajor(Shape z, int padding) {
    int m = z.i("m");
    int n = z.i("n");
    int k = z.i("k");
    boolean ta = z.get("ta") != 0;
    boolean tb = z.get("tb") != 0;
    int lda = Math.max(1, tb ? k : n) + padding;
    int ldb = Math.max(1, ta ? m : k) + padding;
    int ldc = Math.max(1, n) + padding;
    return new Cublas.Gemm(
        tb ? TRANS : NO_TRANS,
        ta ? TRANS : NO_TRANS,
        n,
        m,
        k,
        lda,
        ldb,
        ldc,
        (long) k * n + (tb ? n : k) * (long) padding,
        (long) m * k + (ta ? k : m) * (long) padding,
        (long) m * n + m * (long) padding,
        z.i("batch"));
  }

  @Override
  public Runnable prepare(LibraryLane lane) {
    long handle = handle(lane);
    LongToIntFunction call = call(lane);
    if (call == null) {
      return lane.zero(0);
    }
    String name = "cublas " + op.kernel().id() + " (" + op.shape() + ")";
    Runnable submit = () -> check(name, call.applyAsInt(handle));
    check("cublasSetStream", blas.setStream(handle, lane.stream()));
    long workspace = setting.handles() == Handles.ONE_WITH_WORKSPACES ? workspace(lane) : 0;
    if (workspace != 0) {
      check("cublasSetWorkspace", blas.setWorkspace(handle, workspace, WORKSPACE_BYTES));
    }
    if (lane.count() == 1 || setting.handles() == Handles.PER_STREAM) {
      return submit;
    }
    return () -> {
      check("cublasSetStream", blas.setStream(handle, lane.stream()));
      if (workspace != 0) { // setting a stream takes it away
        check("cublasSetWorkspace", blas.setWorkspace(handle, workspace, WORKSPACE_BYTES));
      }
      submit.run();
    };
  }

  private static long workspace(LibraryLane lane) {
    return lane.own(WORKSPACE_BYTES);
  }

  /** A check that costs nothing where there is nothing to say. */
  private void check(String call, int status) {
    if (status != CublasStatus.SUCCESS) {
      CublasStatus.check(device, call, status);
    }
  }

  private long handle(LibraryLane lane) {
    if (setting.handles() != Handles.PER_STREAM && lane.number() > 0) {
      return handles.get(0);
    }
    long[] created = new long[1];
    check("cublasCreate", blas.create(created));
    long handle = created[0];
    handles.add(handle);
    boolean dot = op.kernel() == dev.samebits.kernel.Kernel.DOT;
    int mode = dot ? Cublas.DEVICE : Cublas.HOST;
    check("cublasSetPointerMode", blas.setPointerMode(handle, mode));
    check("cublasSetMathMode", blas.setMathMode(handle, setting.math()));
    check("cublasSetAtomicsMode", blas.setAtomicsMode(handle, setting.atomics()));
    int[] math = new int[1];
    int[] atomics = new int[1];
    check("cublasGetMathMode", blas.getMathMode(handle, math));
    check("cublasGetAtomicsMode", blas.getAtomicsMode(handle, atomics));
    requireSame("math mode", setting.math(), math[0]);
    requireSame("atomics mode", setting.atomics(), atomics[0]);
    facts.put("math", Setting.mathName(math[0]));
    facts.put("atomics", atomics[0] == 0 ? "not_allowed" : "allowed");
    facts.put("handles", Integer.toString(handles.size()));
    return handle;
  }

  private void requireSame(String what, int asked, int got) {
    if (asked != got) {
      throw new Op.NotHonouredException(
          "cublas/"
              + op.variant()
              + ": "
              + what
              + " "
              + asked
              + " was asked for, but "
              + got
              + " was read back");
    }
  }

  /** The call on a handle; null where there is nothing to add up. */
  private LongToIntFunction call(LibraryLane lane) {
    boolean f64 = op.dtype() == DType.F64;
    return switch (op.kernel()) {
      case MATMUL -> matmul(f64, lane);
      case GEMV -> gemv(f64, lane);
      case DOT -> dot(f64, lane);
      default -> throw new IllegalArgumentException("cublas has no " + op.kernel().id());
    };
  }

  private LongToIntFunction matmul(boolean f64, LibraryLane lane) {
    Cublas.Gemm g = rowMajor(op.shape(), lane.padding());
    if (g.m() == 0 || g.n() == 0 || g.k() == 0 && op.scalar("beta") == 0) {
      return null;
    }
    long c = lane.out(0);
    if (op.dtype().result() != op.dtype()) {
      boolean pedantic = setting.math() == Setting.PEDANTIC_MATH;
      int compute = pedantic ? Cublas.COMPUTE_32F_PEDANTIC : Cublas.COMPUTE_32F;
      int type = Cublas.dataType(op.dtype());
      return h -> blas.gemmEx(type, compute, h, g, alpha(), lane.in(1), lane.in(0), beta(), c);
    }
    return g.count() == 1
        ? h -> blas.gemm(f64, h, g, alpha(), lane.in(1), lane.in(0), beta(), c)
        : h -> blas.gemmBatched(f64, h, g, alpha(), lane.in(1), lane.in(0), beta(), c);
  }

  private LongToIntFunction gemv(boolean f64, LibraryLane lane) {
    int m = op.shape().i("m");
    int n = op.shape().i("n");
    if (m == 0 || n == 0) {
      return null; // BLAS returns at once then and leaves y as it was
    }
    long y = lane.out(0);
    return h -> blas.gemv(f64, h, TRANS, n, m, alpha(), lane.in(0), n, lane.in(1), beta(), y);
  }

  private LongToIntFunction dot(boolean f64, LibraryLane lane) {
    int n = op.shape().i("n");
    long result = lane.out(0);
    return n == 0 ? null : h -> blas.dot(f64, h, n, lane.in(0), lane.in(1), result);
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void close() {
    handles.forEach(blas::destroy); // a status would only say that the device is lost
    handles.clear();
    scalars.close();
  }
}
