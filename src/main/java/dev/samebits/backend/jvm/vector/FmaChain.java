package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.kernel.DType;

/**
 * {@code fma_chain}: chains of fused multiply-adds in registers, {@value #CHAINS} vectors at a
 * time. That is enough to hide the latency of the operation (4 cycles on two units), and leaves
 * registers for the constants where there are only 16: it runs at the peak of the machine.
 */
interface FmaChain {
  /** Vectors at work at the same time. */
  int CHAINS = 12;

  /** Elements of {@value #CHAINS} vectors. */
  int block();

  /** One block of elements from {@code at} on. */
  void block(RealArray x, RealArray y, int at, int rounds);

  /** Binds the kernel; blocks go to the threads, the rest is computed one element at a time. */
  static Runnable bind(Call call, ThreadTeam team) {
    RealArray x = call.in(0);
    RealArray y = call.out(0);
    int rounds = call.dim("r");
    FmaChain chain = x.dtype() == DType.F32 ? new F32FmaChain() : new F64FmaChain();
    int block = chain.block();
    int blocks = y.length() / block;
    return () -> {
      team.forEach(
          blocks,
          (worker, i) -> {
            chain.block(x, y, i * block, rounds);
            y.canonicalizeNaN(i * block, block);
          });
      rest(x, y, blocks * block, rounds);
    };
  }

  private static void rest(RealArray x, RealArray y, int from, int rounds) {
    for (int i = from; i < y.length(); i++) {
      double value = x.get(i);
      for (int j = 0; j < rounds; j++) {
        value = y.fma(value, -0.75, 1);
      }
      y.set(i, value);
    }
    y.canonicalizeNaN(from, y.length() - from);
  }
}
