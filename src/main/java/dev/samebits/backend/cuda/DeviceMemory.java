package dev.samebits.backend.cuda;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdeviceptr;

/** An array in the device's memory, on a boundary of {@value #ALIGNMENT} bytes or behind one. */
final class DeviceMemory implements Memory {
  /** What the driver aligns allocations to, at least. */
  static final int ALIGNMENT = 256;

  private final Device device;
  private final DType dtype;
  private final long elements;
  private CUdeviceptr base;
  private final List<Block> blocks = new ArrayList<>();
  private int offset;
  private Pitch pitch = Pitch.DENSE;
  private boolean placed;
  private boolean closed;

  /**
   * Allocates and zeroes.
   *
   * @throws IllegalArgumentException naming the needed and the free bytes if there are too few
   */
  DeviceMemory(Device device, DType dtype, long elements) {
    this.device = device;
    this.dtype = dtype;
    this.elements = elements;
    this.base = device.allocate(Math.max(1, bytes()));
    device.zero(base, Math.max(1, bytes()));
  }

  /**
   * Memory as what it must be.
   *
   * @throws IllegalArgumentException if it is another backend's
   */
  static List<DeviceMemory> own(List<Memory> memory) {
    for (Memory m : memory) {
      if (!(m instanceof DeviceMemory)) {
        throw new IllegalArgumentException(
            "memory of another backend was given to the GPU: " + m.getClass().getSimpleName());
      }
    }
    return memory.stream().map(DeviceMemory.class::cast).toList();
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long elements() {
    return elements;
  }

  /** Where the elements begin. */
  CUdeviceptr pointer() {
    return base.withByteOffset(offset);
  }

  /**
   * Copies of the content, one behind the other.
   *
   * @param base what was allocated
   * @param count how many
   */
  private record Block(CUdeviceptr base, int count) {}

  /** Where the elements begin in a copy; copy 0 is what is read. */
  CUdeviceptr pointer(int copy) {
    int left = copy - 1;
    for (Block block : blocks) {
      if (left >= 0 && left < block.count()) {
        return at(block, left);
      }
      left -= block.count();
    }
    return pointer();
  }

  private CUdeviceptr at(Block block, long copy) {
    return block.base().withByteOffset(offset + copy * stride());
  }

  private long extent() {
    return pitch.extent(bytes());
  }

  /** From copy to copy: all have the same distance from a boundary. */
  long stride() {
    return (Math.max(1, extent()) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private long missing(long count) {
    return Math.max(0, count - blocks.stream().mapToLong(Block::count).sum());
  }

  /** What it needs to have so many further copies. */
  long bytesForCopies(long count) {
    long missing = missing(count);
    return missing == 0 ? 0 : missing * stride() + ALIGNMENT;
  }

  /**
   * Keeps so many further copies of what is written, or more. What a kernel writes reaches none of
   * them.
   *
   * @throws IllegalArgumentException if too few bytes are free
   */
  void copies(int count) {
    int missing = (int) missing(count);
    if (missing > 0) {
      blocks.add(new Block(device.allocate(bytesForCopies(count)), missing));
      spread(blocks.get(blocks.size() - 1));
    }
  }

  /** Each step doubles the copies. */
  private void spread(Block block) {
    device.copy(at(block, 0), pointer(), extent());
    for (long done = 1; done < block.count(); done *= 2) {
      long step = Math.min(done, block.count() - done);
      device.copy(at(block, done), at(block, 0), step * stride());
    }
  }

  /**
   * Moves the elements to another distance from a boundary and from row to row. Kernels keep the
   * address that they were bound with, so once one has been bound both stay.
   *
   * @throws IllegalArgumentException if a kernel has been bound with others
   */
  void place(int distance, Pitch rows) {
    if (placed && (distance != offset || !rows.equals(pitch))) {
      throw new IllegalArgumentException(
          "memory is bound with align=%d and %s and cannot be bound with align=%d and %s"
              .formatted(offset, pitch, distance, rows));
    }
    if (distance != offset || !rows.equals(pitch)) {
      move(distance, rows);
    }
    placed = true;
  }

  private void move(int distance, Pitch rows) {
    CUdeviceptr moved = device.allocate(Math.max(1, rows.extent(bytes())) + distance);
    CUdeviceptr to = moved.withByteOffset(distance);
    if (rows.equals(pitch)) {
      device.copy(to, pointer(), extent());
    } else {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(bytes()));
      read(content);
      device.toDevice(to, rows.spread(content.flip()));
    }
    device.free(base);
    base = moved;
    offset = distance;
    pitch = rows;
  }

  @Override
  public void write(ByteBuffer source) {
    Memory.requireSource(bytes(), source);
    device.toDevice(pointer(), pitch.spread(source));
    blocks.forEach(this::spread);
  }

  @Override
  public void read(ByteBuffer target) {
    Memory.requireRoom(bytes(), target);
    if (extent() == bytes()) {
      device.fromDevice(target, pointer(), bytes());
    } else {
      ByteBuffer all = pitch.buffer(bytes());
      device.fromDevice(all, pointer(), extent());
      pitch.gather(all.flip(), target);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.free(base);
      blocks.forEach(block -> device.free(block.base()));
    }
  }
}
