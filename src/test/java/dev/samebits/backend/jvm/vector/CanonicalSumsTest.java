package dev.samebits.backend.jvm.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rounds over the results of blocks, on blocks short enough for several of them. */
class CanonicalSumsTest {
  @Test
  void roundsAreSummedUntilOneValueIsLeft() {
    Random random = new Random(3);
    for (int block : new int[] {2, 5, 128}) {
      for (int n : new int[] {1, 2, 3, 25, 26, 127, 1000, 16385, 20001}) {
        double[] x = random.doubles(n, -1, 1).map(v -> v * v * v).toArray();
        Shape shape = Shape.parse(Kernel.SUM, "n" + n);
        RealArray in = RealArray.of(DType.F64, n);
        RealArray out = RealArray.of(DType.F64, 1);
        for (int i = 0; i < n; i++) {
          in.set(i, x[i]);
        }
        Op op = Op.of(Kernel.SUM, DType.F64, shape, "canonical");
        CanonicalSums.bind(new Call(op, 1, List.of(in), List.of(out)), null, block).run();
        assertEquals(
            Double.doubleToRawLongBits(rounds(x, block)),
            Double.doubleToRawLongBits(out.get(0)),
            n + " elements in blocks of " + block);
      }
    }
  }

  /** Blocks of at most 128 elements have one element in a lane, so a block is a halving tree. */
  private static double rounds(double[] x, int block) {
    double[] results = new double[(x.length + block - 1) / block];
    for (int b = 0; b < results.length; b++) {
      double[] lanes = new double[128];
      Arrays.fill(lanes, -0.0);
      int from = b * block;
      System.arraycopy(x, from, lanes, 0, Math.min(block, x.length - from));
      results[b] = tree(lanes, 0, 1);
    }
    return results.length == 1 ? results[0] : rounds(results, block);
  }

  private static double tree(double[] lanes, int at, int step) {
    return step == 128 ? lanes[at] : tree(lanes, at, 2 * step) + tree(lanes, at + step, 2 * step);
  }
}
