package dev.samebits.backend.nd4j;

import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.reduce3.Dot;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's calls, apart from the backend: that one answers where ND4J's classes are missing. */
final class Nd4jCalls {
  private Nd4jCalls() {}

  static Runnable matmul(Op op, Nd4jMemory a, Nd4jMemory b, Nd4jMemory c) {
    Shape z = op.shape();
    boolean ta = z.get("ta") == 1;
    boolean tb = z.get("tb") == 1;
    long m = z.get("m");
    long n = z.get("n");
    long k = z.get("k");
    double alpha = op.scalar("alpha");
    double beta = op.scalar("beta");
    int batch = z.i("batch");
    INDArray[] left = new INDArray[batch];
    INDArray[] right = new INDArray[batch];
    INDArray[] result = new INDArray[batch];
    for (int p = 0; p < batch; p++) {
      left[p] = tb ? b.columns(p, k, n) : b.columns(p, n, k);
      right[p] = ta ? a.columns(p, m, k) : a.columns(p, k, m);
      result[p] = c.columns(p, n, m);
    }
    return () -> {
      for (int p = 0; p < batch; p++) {
        Nd4j.gemm(left[p], right[p], result[p], tb, ta, alpha, beta);
      }
    };
  }

  static Runnable sum(Nd4jMemory x, Nd4jMemory out) {
    ReduceOp op = new Sum(x.rows(x.elements()), null, out.rows(), false, new int[0]);
    return () -> Nd4j.getExecutioner().exec(op);
  }

  static Runnable dot(Nd4jMemory x, Nd4jMemory y, Nd4jMemory out) {
    ReduceOp op = new Dot(x.rows(x.elements()), y.rows(y.elements()), out.rows(), false, false, 0);
    return () -> Nd4j.getExecutioner().exec(op);
  }
}
