package dev.samebits.backend.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian views of the caller's buffers. */
final class Buffers {
  private Buffers() {}

  /** All that is left of {@code source}, which must be {@code bytes} long; its position moves. */
  static ByteBuffer take(ByteBuffer source, long bytes) {
    if (source.remaining() != bytes) {
      throw new IllegalArgumentException(
          "memory of " + bytes + " bytes cannot be written from " + source.remaining());
    }
    ByteBuffer view = source.slice().order(ByteOrder.LITTLE_ENDIAN);
    source.position(source.limit());
    return view;
  }

  /** The next {@code bytes} of {@code target}; its position moves. */
  static ByteBuffer room(ByteBuffer target, long bytes) {
    if (target.remaining() < bytes) {
      throw new IllegalArgumentException(
          "memory of " + bytes + " bytes cannot be read into " + target.remaining());
    }
    ByteBuffer view = target.slice().order(ByteOrder.LITTLE_ENDIAN);
    target.position(target.position() + (int) bytes);
    return view;
  }
}
