package dev.samebits.backend.cuda;

import dev.samebits.backend.cuda.Row.Sizes;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape.Dim;
import java.util.List;

/** The sizes and scalars that the functions of a kernel take behind their pointers. */
final class Signatures {
  private Signatures() {}

  /** Element counts are 64 bits wide, extents of matrices and images 32. */
  static Sizes of(Kernel kernel) {
    return switch (kernel) {
      case MATMUL ->
          extents(kernel)
              .and(Signatures::leadingDimensions)
              .and((c, to) -> to.real(c.op().scalar("alpha")).real(c.op().scalar("beta")));
      case SGD_UPDATE ->
          counts(kernel)
              .and(
                  (c, to) ->
                      to.real(c.op().scalar("lr"))
                          .real(c.op().scalar("mu"))
                          .real(c.op().scalar("wd")));
      case SUM,
          DOT,
          MEAN,
          NRM2,
          SCATTER_ADD,
          EXP,
          LOG,
          TANH,
          SIGMOID,
          RELU,
          RELU_BACKWARD,
          FMA_CHAIN ->
          counts(kernel);
      default -> extents(kernel);
    };
  }

  /** The number of elements, and what else there is. */
  private static Sizes counts(Kernel kernel) {
    return (call, to) -> {
      for (Dim d : kernel.dims()) {
        if (d.key().equals("n")) {
          to.int64(call.size(d.key()));
        } else {
          to.int32(call.size(d.key()));
        }
      }
    };
  }

  private static Sizes extents(Kernel kernel) {
    return (call, to) -> {
      for (Dim d : kernel.dims()) {
        to.int32(call.size(d.key()));
      }
    };
  }

  /** Operands are row-major; under the condition {@code ld} padding follows each row. */
  private static void leadingDimensions(Call call, Arguments to) {
    boolean ta = call.size("ta") == 1;
    boolean tb = call.size("tb") == 1;
    for (String columns : List.of(ta ? "m" : "k", tb ? "k" : "n", "n")) {
      to.int32(call.size(columns) + call.padding());
    }
  }
}
