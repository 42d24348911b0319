package dev.samebits.backend.jvm;

import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import java.util.List;
import java.util.Map;

/**
 * What an algorithm is bound to.
 *
 * @param op the call
 * @param threads the number of threads to use
 * @param inputs memory in the order of the kernel's inputs
 * @param outputs memory in the order of the kernel's outputs
 */
public record Call(Op op, int threads, List<Memory> inputs, List<Memory> outputs) {
  /** One algorithm for one kernel. */
  public interface Algorithm {
    /** Binds it; allocates all scratch memory. */
    BoundKernel bind(Call call);
  }

  /** An algorithm whose threads are a {@link ThreadTeam}. */
  public interface TeamAlgorithm {
    /** Allocates scratch memory and returns what one invocation does. */
    Runnable bind(Call call, ThreadTeam team);
  }

  /** Gives an algorithm its team. */
  static Algorithm onTeam(TeamAlgorithm algorithm) {
    return call -> {
      ThreadTeam team = ThreadTeam.shared(call.threads);
      return new TeamKernel(team, algorithm.bind(call, team));
    };
  }

  /** A floating-point input. */
  public RealArray in(int i) {
    return (RealArray) inputs.get(i);
  }

  /** An integer input. */
  public IntArray indices(int i) {
    return (IntArray) inputs.get(i);
  }

  /** An output. */
  public RealArray out(int i) {
    return (RealArray) outputs.get(i);
  }

  /** A dimension of the shape. */
  public int dim(String key) {
    return op.shape().i(key);
  }

  /** One new array per worker, of the outputs' type. */
  public RealArray[] scratch(int length) {
    RealArray[] perWorker = new RealArray[threads];
    for (int i = 0; i < threads; i++) {
      perWorker[i] = out(0).like(length);
    }
    return perWorker;
  }

  private record TeamKernel(ThreadTeam team, Runnable body) implements BoundKernel {
    @Override
    public void invoke() {
      body.run();
    }

    @Override
    public Map<String, String> effective() {
      return Map.of("threads", Integer.toString(team.size()));
    }

    @Override
    public void close() {}
  }
}
