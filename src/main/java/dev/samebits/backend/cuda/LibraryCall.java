package dev.samebits.backend.cuda;

import java.util.Map;

/**
 * A call of one of NVIDIA's libraries, which {@link Gpu#bind(dev.samebits.kernel.Op,
 * dev.samebits.kernel.Conditions, java.util.List, java.util.List, LibraryCall)} makes a kernel of.
 */
public interface LibraryCall extends AutoCloseable {
  /**
   * Prepares the call on one stream: handles, descriptors, workspaces. Called once for each stream,
   * in order; the context is current.
   *
   * @return submits the call to the lane's stream and does not wait
   * @throws IllegalArgumentException if the library cannot do it
   */
  Runnable prepare(LibraryLane lane);

  /** Settings in force, read back, after every stream has been prepared. */
  Map<String, String> facts();

  /** Gives back handles and descriptors, not what the lanes own. Nothing is thrown. */
  @Override
  void close();
}
