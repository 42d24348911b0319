package dev.samebits.backend.jvm;

import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian views of the caller's buffers. */
final class Buffers {
  private Buffers() {}

  /** All that is left of {@code source}, which must be {@code bytes} long; its position moves. */
  static ByteBuffer take(ByteBuffer source, long bytes) {
    Memory.requireSource(bytes, source);
    ByteBuffer view = source.slice().order(ByteOrder.LITTLE_ENDIAN);
    source.position(source.limit());
    return view;
  }

  /** The next {@code bytes} of {@code target}; its position moves. */
  static ByteBuffer room(ByteBuffer target, long bytes) {
    Memory.requireRoom(bytes, target);
    ByteBuffer view = target.slice().order(ByteOrder.LITTLE_ENDIAN);
    target.position(target.position() + (int) bytes);
    return view;
  }
}
