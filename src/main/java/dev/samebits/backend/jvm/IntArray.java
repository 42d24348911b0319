package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Indices;
import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;

/** An array of i32: indices and labels. */
public final class IntArray implements Memory {
  private final int[] x;

  IntArray(int length) {
    x = new int[length];
  }

  /** The elements themselves, no copy. */
  public int[] values() {
    return x;
  }

  /**
   * Element i, which must be in 0 to {@code bound - 1}.
   *
   * @throws IndexOutOfBoundsException naming both
   */
  public int index(int i, int bound) {
    return Indices.require(i, x[i], bound);
  }

  /**
   * Requires every element to be in 0 to {@code bound - 1}.
   *
   * @throws IndexOutOfBoundsException naming the first that is not
   */
  public void requireBelow(int bound) {
    for (int i = 0; i < x.length; i++) {
      index(i, bound);
    }
  }

  /** Number of elements. */
  public int length() {
    return x.length;
  }

  @Override
  public DType dtype() {
    return DType.I32;
  }

  @Override
  public long elements() {
    return x.length;
  }

  @Override
  public void write(ByteBuffer source) {
    Buffers.take(source, bytes()).asIntBuffer().get(x);
  }

  @Override
  public void read(ByteBuffer target) {
    Buffers.room(target, bytes()).asIntBuffer().put(x);
  }

  @Override
  public void close() {}
}
