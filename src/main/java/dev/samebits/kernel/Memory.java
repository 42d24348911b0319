package dev.samebits.kernel;

import java.nio.ByteBuffer;

/** An operand's elements where a backend keeps them, dense and in row-major order. */
public interface Memory extends AutoCloseable {
  /** Element type. */
  DType dtype();

  /** Number of elements. */
  long elements();

  /** Replaces the whole content from a little-endian buffer with exactly that many bytes left. */
  void write(ByteBuffer source);

  /** Appends the whole content, raw bits, to a little-endian buffer. */
  void read(ByteBuffer target);

  @Override
  void close();

  /** Size in bytes. */
  default long bytes() {
    return elements() * dtype().bytes();
  }
}
