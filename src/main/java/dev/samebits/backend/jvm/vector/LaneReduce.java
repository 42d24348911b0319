package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.kernel.DType;

/**
 * {@code sum} and {@code dot} whose vectors are reduced across their lanes by {@code reduceLanes},
 * whose order the JDK leaves undefined on purpose; the results are added in index order from +0,
 * then the elements that fill no vector. Products are rounded before they are added.
 */
interface LaneReduce {
  /** Sum of all elements. */
  double sum(RealArray x);

  /** Inner product. */
  double dot(RealArray x, RealArray y);

  /** Binds either kernel. */
  static Runnable bind(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    LaneReduce lanes = x.dtype() == DType.F32 ? new F32LaneReduce() : new F64LaneReduce();
    return call.inputs().size() == 1
        ? () -> call.out(0).set(0, lanes.sum(x))
        : () -> call.out(0).set(0, lanes.dot(x, call.in(1)));
  }
}
