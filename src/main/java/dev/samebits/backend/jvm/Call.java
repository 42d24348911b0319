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
record Call(Op op, int threads, List<Memory> inputs, List<Memory> outputs) {
  /** One algorithm for one kernel. */
  interface Algorithm {
    /** Binds it; allocates all scratch memory. */
    BoundKernel bind(Call call);
  }

  /** An algorithm whose threads are a {@link ThreadTeam}. */
  interface TeamAlgorithm {
    /** Allocates scratch memory and returns what one invocation does. */
    Runnable bind(Call call, ThreadTeam team);
  }

  /** Gives an algorithm its team. */
  static Algorithm onTeam(TeamAlgorithm algorithm) {
    return call -> {
      ThreadTeam team = new ThreadTeam(call.threads);
      try {
        return new TeamKernel(team, algorithm.bind(call, team));
      } catch (RuntimeException | Error e) {
        team.close();
        throw e;
      }
    };
  }

  /** A floating-point input. */
  RealArray in(int i) {
    return (RealArray) inputs.get(i);
  }

  /** An integer input. */
  IntArray indices(int i) {
    return (IntArray) inputs.get(i);
  }

  /** An output. */
  RealArray out(int i) {
    return (RealArray) outputs.get(i);
  }

  /** A dimension of the shape. */
  int dim(String key) {
    return op.shape().i(key);
  }

  /** One new array per worker, of the outputs' type. */
  RealArray[] scratch(int length) {
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
    public void close() {
      team.close();
    }
  }
}
