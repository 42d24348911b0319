package dev.samebits.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The condition {@code slice=N}: a call whose batch is computed N rows, images, products or
 * elements at a time, what is left over last, each by a call of its own on memory of its own. So
 * its outputs, whole, have the bits of the call without the condition wherever these do not depend
 * on what stands beside a row.
 *
 * <p>It stands above the backends: two calls are bound, one for N and one for the rest; an
 * invocation reads the whole operands, writes each part where its call reads, and gathers the
 * outputs. Operands that are not made of parts, such as weights, are shared. Times hold the copies,
 * and a device is not asked for its own.
 */
final class SlicedKernel implements BoundKernel {
  private final int extent;
  private final int size;
  private final List<Cut> cuts;
  private final List<Part> parts;

  private SlicedKernel(int extent, int size, List<Cut> cuts, List<Part> parts) {
    this.extent = extent;
    this.size = size;
    this.cuts = cuts;
    this.parts = parts;
  }

  /**
   * Binds a call that has been checked, with the condition.
   *
   * @throws IllegalArgumentException if there is no batch, or fewer than two parts in it
   */
  static BoundKernel bind(
      Op op, Backend backend, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    String asked = conditions.values().get(Conditions.SLICE);
    Batch batch = batch(op, asked);
    int size = Integer.parseInt(asked);
    List<Cut> cuts = cuts(batch, inputs, outputs);
    Conditions own = conditions.without(Conditions.SLICE);
    List<Part> parts = new ArrayList<>();
    try {
      parts.add(Part.bind(batch.part(size), backend, own, cuts, inputs));
      if (batch.extent() % size > 0) {
        parts.add(Part.bind(batch.part(batch.extent() % size), backend, own, cuts, inputs));
      }
      return new SlicedKernel(batch.extent(), size, cuts, parts);
    } catch (RuntimeException | Error e) {
      parts.forEach(Part::close);
      throw e;
    }
  }

  private static Batch batch(Op op, String asked) {
    String what = "condition " + Conditions.SLICE + "=" + asked;
    if (!asked.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(what + ": a number from 1");
    }
    Batch batch = Batch.of(what, op);
    if (Integer.parseInt(asked) >= batch.extent()) {
      throw new IllegalArgumentException(
          what
              + ": "
              + op.kernel().id()
              + " "
              + op.shape()
              + " has a batch of "
              + batch.extent()
              + ", which is not cut by that");
    }
    return batch;
  }

  private static List<Cut> cuts(Batch batch, List<Memory> inputs, List<Memory> outputs) {
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (batch.cuts(i)) {
        cuts.add(new Cut(inputs.get(i), i, false, batch.extent(), batch.strips(i)));
      }
    }
    for (int i = 0; i < outputs.size(); i++) {
      cuts.add(new Cut(outputs.get(i), i, true, batch.extent(), 1));
    }
    return cuts;
  }

  @Override
  public void invoke() {
    cuts.forEach(Cut::load);
    for (int from = 0; from < extent; from += size) {
      boolean whole = extent - from >= size;
      Part part = parts.get(whole ? 0 : 1);
      int count = whole ? size : extent - from;
      for (int i = 0; i < cuts.size(); i++) {
        // Outputs too: a call may add to what stands there.
        part.memory().get(i).write(cuts.get(i).slice(from, count));
      }
      part.kernel().invoke();
      for (int i = 0; i < cuts.size(); i++) {
        if (cuts.get(i).output()) {
          part.memory().get(i).read(cuts.get(i).slice(from, count));
        }
      }
    }
    cuts.forEach(Cut::store);
  }

  @Override
  public Map<String, String> effective() {
    Map<String, String> all = new TreeMap<>(parts.get(0).kernel().effective());
    all.put(Conditions.SLICE, Integer.toString(size));
    return all;
  }

  @Override
  public void close() {
    parts.forEach(Part::close);
  }

  /**
   * A whole operand that is cut, with its content on the host.
   *
   * @param whole where the caller keeps it
   * @param index which of the inputs or outputs
   * @param output whether it is an output
   * @param extent parts of size 1 in a strip
   * @param strips how often all parts follow each other
   * @param host its content while a call is computed
   */
  private record Cut(
      Memory whole, int index, boolean output, int extent, int strips, ByteBuffer host) {
    Cut(Memory whole, int index, boolean output, int extent, int strips) {
      this(whole, index, output, extent, strips, little(Math.toIntExact(whole.bytes())));
    }

    private static ByteBuffer little(int bytes) {
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    void load() {
      whole.read(host.clear());
    }

    void store() {
      if (output) {
        whole.write(host.clear());
      }
    }

    /** Parts of the content, one after another; of an output the content itself, no copy. */
    ByteBuffer slice(int from, int count) {
      int unit = host.capacity() / extent / Math.max(1, strips);
      if (strips <= 1) {
        return host.slice(from * unit, count * unit).order(ByteOrder.LITTLE_ENDIAN);
      }
      ByteBuffer gathered = little(strips * count * unit);
      for (int strip = 0; strip < strips; strip++) {
        gathered.put(host.slice((strip * extent + from) * unit, count * unit));
      }
      return gathered.flip();
    }
  }

  /**
   * A call on a part of the batch.
   *
   * @param kernel the call
   * @param memory what it reads and writes, in the order of the cuts
   */
  private record Part(BoundKernel kernel, List<Memory> memory) implements AutoCloseable {
    static Part bind(
        Op op, Backend backend, Conditions conditions, List<Cut> cuts, List<Memory> shared) {
      List<Memory> memory = new ArrayList<>();
      List<Memory> inputs = new ArrayList<>(shared);
      List<Memory> outputs = new ArrayList<>();
      try {
        for (Cut cut : cuts) {
          Operand operand = (cut.output() ? op.outputs() : op.inputs()).get(cut.index());
          Memory own = backend.allocate(operand.dtype(), operand.elements());
          memory.add(own);
          if (cut.output()) {
            outputs.add(own);
          } else {
            inputs.set(cut.index(), own);
          }
        }
        return new Part(op.bind(backend, conditions, inputs, outputs), memory);
      } catch (RuntimeException | Error e) {
        memory.forEach(Memory::close);
        throw e;
      }
    }

    @Override
    public void close() {
      kernel.close();
      memory.forEach(Memory::close);
    }
  }
}
