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

  /**
   * Requires a buffer to hold exactly what a memory of {@code bytes} bytes is written from.
   *
   * @throws IllegalArgumentException naming both sizes, or that the buffer is null
   */
  static void requireSource(long bytes, ByteBuffer source) {
    if (source == null || source.remaining() != bytes) {
      throw new IllegalArgumentException(
          "memory of "
              + bytes
              + " bytes cannot be written from "
              + (source == null ? "null" : "a buffer with " + source.remaining() + " left"));
    }
  }

  /**
   * Requires a buffer to have room for a memory of {@code bytes} bytes.
   *
   * @throws IllegalArgumentException naming both sizes, or that the buffer is null
   */
  static void requireRoom(long bytes, ByteBuffer target) {
    if (target == null || target.remaining() < bytes) {
      throw new IllegalArgumentException(
          "memory of "
              + bytes
              + " bytes cannot be read into "
              + (target == null ? "null" : "a buffer with room for " + target.remaining()));
    }
  }
}
