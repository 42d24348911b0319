package dev.samebits.backend.jvm;

import dev.samebits.backend.jvm.Call.Algorithm;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An algorithm of f32 for inputs of f16 or bf16: every invocation converts them, exactly, and then
 * runs it. For a product of matrices that is n^2 conversions beside n^3 operations.
 */
record Widened(BoundKernel kernel, ThreadTeam team, List<HalfArray> from, List<F32Array> to)
    implements BoundKernel {
  /** Elements that are worth a second thread. */
  private static final int SHARED = 1 << 16;

  /** Binds an algorithm of f32 to a call with such inputs. */
  static BoundKernel bind(Algorithm algorithm, Call call) {
    List<HalfArray> from = new ArrayList<>();
    List<F32Array> to = new ArrayList<>();
    List<Memory> inputs = new ArrayList<>();
    for (Memory input : call.inputs()) {
      if (input instanceof HalfArray half) {
        from.add(half);
        to.add((F32Array) RealArray.of(DType.F32, half.length()));
        inputs.add(to.get(to.size() - 1));
      } else {
        inputs.add(input);
      }
    }
    Op op = call.op();
    Op single = new Op(op.kernel(), DType.F32, op.shape(), op.variant(), op.scalars());
    Call widened = new Call(single, call.threads(), inputs, call.outputs());
    ThreadTeam team = ThreadTeam.shared(call.threads());
    return new Widened(algorithm.bind(widened), team, from, to);
  }

  @Override
  public void invoke() {
    for (int i = 0; i < from.size(); i++) {
      HalfArray half = from.get(i);
      F32Array wide = to.get(i);
      if (half.length() < SHARED) {
        half.widen(wide, 0, half.length());
      } else {
        team.forRanges(half.length(), (worker, begin, end) -> half.widen(wide, begin, end));
      }
    }
    kernel.invoke();
  }

  @Override
  public Map<String, String> effective() {
    return kernel.effective();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
