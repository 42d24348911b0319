package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.HalfPrecision;
import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;

/** An array of f16 or bf16: an input of a kernel that computes in f32. */
final class HalfArray implements Memory {
  private final DType dtype;
  private final short[] x;

  HalfArray(DType dtype, int length) {
    this.dtype = dtype;
    this.x = new short[length];
  }

  /** Converts elements {@code from} to {@code to - 1}, exactly. */
  void widen(F32Array target, int from, int to) {
    float[] y = target.values();
    if (dtype == DType.BF16) {
      for (int i = from; i < to; i++) {
        y[i] = HalfPrecision.fromBf16(x[i]);
      }
    } else {
      for (int i = from; i < to; i++) {
        y[i] = HalfPrecision.fromF16(x[i]);
      }
    }
  }

  /** Number of elements. */
  int length() {
    return x.length;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long elements() {
    return x.length;
  }

  @Override
  public void write(ByteBuffer source) {
    Buffers.take(source, bytes()).asShortBuffer().get(x);
  }

  @Override
  public void read(ByteBuffer target) {
    Buffers.room(target, bytes()).asShortBuffer().put(x);
  }

  @Override
  public void close() {}
}
