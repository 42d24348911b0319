package dev.samebits.backend.nd4j;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A flat INDArray outside the Java heap; raw bits go in and out without conversion. */
final class Nd4jMemory implements Memory {
  private final DType dtype;
  private final long elements;
  private final INDArray flat;
  private final ByteBuffer bytes;

  Nd4jMemory(DType dtype, long elements) {
    this.dtype = dtype;
    this.elements = elements;
    // ND4J has no arrays of length 0 with memory of their own.
    this.flat = Nd4j.create(type(dtype), Math.max(1, elements));
    // A view without a deallocator: the array owns the memory.
    BytePointer view = new BytePointer(flat.data().pointer());
    this.bytes =
        view.position(0)
            .capacity(Math.max(1, elements) * dtype.bytes())
            .asByteBuffer()
            .slice(0, Math.toIntExact(elements * dtype.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static DataType type(DType dtype) {
    return switch (dtype) {
      case F32 -> DataType.FLOAT;
      case F64 -> DataType.DOUBLE;
      case I32 -> DataType.INT32;
      default -> throw new IllegalArgumentException("nd4j is given no " + dtype.id());
    };
  }

  /** A row-major array of the given shape over the same memory. */
  INDArray rows(long... shape) {
    return Nd4j.create(flat.data(), shape, strides(shape, false), 0, 'c');
  }

  /** The column-major matrix {@code part} of those that stand one after another. */
  INDArray columns(int part, long rows, long cols) {
    long[] shape = {rows, cols};
    return Nd4j.create(flat.data(), shape, strides(shape, true), part * rows * cols, 'f');
  }

  private static long[] strides(long[] shape, boolean firstFastest) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = 0; i < shape.length; i++) {
      int at = firstFastest ? i : shape.length - 1 - i;
      strides[at] = step;
      step *= shape[at];
    }
    return strides;
  }

  /** Every bit 0, which is +0 in all types. */
  void clear() {
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) 0);
    }
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long elements() {
    return elements;
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
    flat.close();
  }
}
