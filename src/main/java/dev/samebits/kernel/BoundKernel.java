package dev.samebits.kernel;

import java.util.Map;

/** A kernel call bound to its operands: {@link #invoke} is the timed region and nothing else. */
public interface BoundKernel extends AutoCloseable {
  /** Computes the outputs from the inputs once. */
  void invoke();

  /** The settings in force, read back from where they act, at least {@code threads}. */
  Map<String, String> effective();

  /** Releases threads and handles, not the operands. */
  @Override
  void close();
}
