package dev.samebits.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** A case bound on its backend: operands allocated and filled from the seed, ready to invoke. */
public final class BoundCase implements AutoCloseable {
  private final CaseId id;
  private final List<Memory> memory;
  private final List<Memory> outputs;
  private final BoundKernel kernel;

  private BoundCase(CaseId id, List<Memory> memory, List<Memory> outputs, BoundKernel kernel) {
    this.id = id;
    this.memory = memory;
    this.outputs = outputs;
    this.kernel = kernel;
  }

  /**
   * Allocates, copies, checks and binds.
   *
   * @throws IllegalArgumentException if the case or a condition cannot be honoured
   * @throws Op.NotHonouredException if a setting was accepted but not read back
   */
  public static BoundCase bind(Backend backend, CaseId id, Conditions conditions) {
    return bind(backend, id, conditions, Inputs::of);
  }

  /**
   * The same with inputs from elsewhere: large ones are drawn once for several cases.
   *
   * @param source operand number i of a case, as {@link Inputs#of(CaseId, int)} draws it
   */
  public static BoundCase bind(
      Backend backend,
      CaseId id,
      Conditions conditions,
      BiFunction<CaseId, Integer, ByteBuffer> source) {
    if (!backend.name().equals(id.backend())) {
      throw new IllegalArgumentException("case " + id + " given to backend " + backend.name());
    }
    Op op = Op.of(id.kernel(), id.dtype(), id.shape(), id.variant());
    op.offered(backend); // before memory is taken and filled
    List<Memory> memory = new ArrayList<>();
    try {
      List<Memory> inputs = new ArrayList<>();
      for (Operand operand : op.inputs()) {
        Memory m = backend.allocate(operand.dtype(), operand.elements());
        memory.add(m);
        m.write(source.apply(id, inputs.size())); // one at a time: they may be large
        inputs.add(m);
      }
      List<Memory> outputs = new ArrayList<>();
      for (Operand operand : op.outputs()) {
        Memory m = backend.allocate(operand.dtype(), operand.elements());
        memory.add(m);
        outputs.add(m);
      }
      return new BoundCase(id, memory, outputs, op.bind(backend, conditions, inputs, outputs));
    } catch (RuntimeException | Error e) {
      memory.forEach(Memory::close);
      throw e;
    }
  }

  /** The case. */
  public CaseId id() {
    return id;
  }

  /** The timed region. */
  public void invoke() {
    kernel.invoke();
  }

  /** Asks the device, if there is one, to time every invocation from now on. */
  public void timeOnDevice() {
    kernel.timeOnDevice();
  }

  /** What the device tells of the invocations since the last call; empty without one. */
  public Optional<DeviceSample> deviceSample() {
    return kernel.deviceSample();
  }

  /** The settings read back. */
  public Map<String, String> effective() {
    return kernel.effective();
  }

  /** A buffer of the right size for {@link #readOutput}. */
  public ByteBuffer newOutputBuffer() {
    long bytes = outputs.stream().mapToLong(Memory::bytes).sum();
    int size = new Operand("outputs", DType.F32, 1, bytes / Float.BYTES).bufferBytes();
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Raw bits of all outputs, one after another; the buffer is cleared first and flipped last. */
  public void readOutput(ByteBuffer target) {
    target.clear();
    outputs.forEach(m -> m.read(target));
    target.flip();
  }

  /** Bytes in one row of the output: what a row-block digest is cut at. */
  public int outputRowBytes() {
    Operand first = id.kernel().outputs(id.shape(), id.dtype()).get(0);
    return new Operand(first.name(), first.dtype(), 1, first.cols()).bufferBytes();
  }

  @Override
  public void close() {
    kernel.close();
    memory.forEach(Memory::close);
  }
}
