package dev.samebits.backend.nd4j;

import dev.samebits.kernel.BoundKernel;
import java.util.Map;
import java.util.TreeMap;

/**
 * A call bound to ND4J. A call of OpenBLAS runs with the threads it asks for; an operation of
 * ND4J's own with those of the process, and what these are is read back.
 */
final class Nd4jKernel implements BoundKernel {
  private final Nd4jRuntime runtime;
  private final int threads;
  private final Runnable call;
  private final Runnable release;

  /**
   * @param threads for a call of OpenBLAS; 0 for an operation of ND4J's own
   * @param release gives back memory that belongs to this call
   */
  Nd4jKernel(Nd4jRuntime runtime, int threads, Runnable call, Runnable release) {
    this.runtime = runtime;
    this.threads = threads;
    this.call = call;
    this.release = release;
  }

  @Override
  public void invoke() {
    // The setting is the process's, not the call's: another bound call may have changed it.
    pin();
    call.run();
  }

  private void pin() {
    runtime.useBlas(threads > 0 ? threads : runtime.startThreads());
  }

  @Override
  public Map<String, String> effective() {
    Map<String, String> read = new TreeMap<>();
    pin();
    int n = threads > 0 ? runtime.blasThreads() : runtime.threads();
    if (n > 0) {
      read.put("threads", Integer.toString(n));
    }
    read.put("isa", runtime.core());
    return read;
  }

  @Override
  public void close() {
    release.run();
  }
}
