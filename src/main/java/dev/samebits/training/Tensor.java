package dev.samebits.training;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An array that operations on several backends use: one memory per backend, copied from one to
 * another only when a backend reads what another one wrote.
 */
final class Tensor implements AutoCloseable {
  private final DType dtype;
  private final int elements;
  private final Map<Backend, Memory> memories = new LinkedHashMap<>();
  private final Set<Backend> current = new HashSet<>();
  private final ByteBuffer transfer;

  Tensor(DType dtype, int elements) {
    this.dtype = dtype;
    this.elements = elements;
    this.transfer = ByteBuffer.allocate(elements * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The memory on a backend; allocated on first use. */
  Memory on(Backend backend) {
    return memories.computeIfAbsent(backend, b -> b.allocate(dtype, elements));
  }

  int bytes() {
    return transfer.capacity();
  }

  /** Makes the memory of a backend hold the newest content. */
  void bringTo(Backend backend) {
    if (!current.isEmpty() && !current.contains(backend)) {
      transfer.clear();
      read(transfer);
      on(backend).write(transfer.flip());
      current.add(backend);
    }
  }

  /** Says that a backend has just written its memory. */
  void writtenBy(Backend backend) {
    current.clear();
    current.add(backend);
  }

  /** Replaces the content everywhere. */
  void write(ByteBuffer source) {
    for (Memory memory : memories.values()) {
      memory.write(source.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }
    current.addAll(memories.keySet());
  }

  /** Appends the newest content. */
  void read(ByteBuffer target) {
    on(current.iterator().next()).read(target);
  }

  @Override
  public void close() {
    memories.values().forEach(Memory::close);
  }
}
