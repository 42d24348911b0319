package dev.samebits.backend.blas;

import com.sun.jna.Pointer;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** An array outside the Java heap, on a 64-byte boundary. */
final class BlasMemory implements Memory {
  private static final int ALIGNMENT = 64;

  private final DType dtype;
  private final long elements;
  private final com.sun.jna.Memory block;
  private final long address;
  private final ByteBuffer bytes;

  BlasMemory(DType dtype, long elements) {
    this.dtype = dtype;
    this.elements = elements;
    this.block = new com.sun.jna.Memory(elements * dtype.bytes() + ALIGNMENT);
    block.clear();
    long offset = Math.floorMod(-Pointer.nativeValue(block), ALIGNMENT);
    this.address = Pointer.nativeValue(block) + offset;
    this.bytes =
        block.getByteBuffer(offset, elements * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long elements() {
    return elements;
  }

  long address() {
    return address;
  }

  /** The elements of an f32 array. */
  FloatBuffer floats() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  void putFloat(float value) {
    bytes.putFloat(0, value);
  }

  void putDouble(double value) {
    bytes.putDouble(0, value);
  }

  /** Every bit 0, which is +0 in all types. */
  void clear() {
    block.clear();
  }

  @Override
  public void write(ByteBuffer source) {
    Memory.requireSource(bytes(), source);
    bytes.duplicate().put(source.duplicate());
    source.position(source.limit());
  }

  @Override
  public void read(ByteBuffer target) {
    Memory.requireRoom(bytes(), target);
    target.put(bytes.duplicate());
  }

  @Override
  public void close() {
    block.close();
  }
}
