package dev.samebits.training;

import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** A planted fault: flips the second-lowest bit of every output element in one invocation. */
final class FlippingBackend extends RenamedBackend {
  private final int invocation;
  private int count;

  /**
   * @param invocation the faulty one, from 1
   */
  FlippingBackend(String name, int invocation) {
    super(name);
    this.invocation = invocation;
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    BoundKernel kernel = super.bind(op, conditions, inputs, outputs);
    return new BoundKernel() {
      @Override
      public void invoke() {
        kernel.invoke();
        if (++count == invocation) {
          outputs.forEach(FlippingBackend::flip);
        }
      }

      @Override
      public Map<String, String> effective() {
        return kernel.effective();
      }

      @Override
      public void close() {
        kernel.close();
      }
    };
  }

  private static void flip(Memory memory) {
    ByteBuffer bits = ByteBuffer.allocate((int) memory.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    memory.read(bits);
    bits.flip();
    for (int i = 0; i < bits.limit(); i += Float.BYTES) {
      bits.putInt(i, bits.getInt(i) ^ 2);
    }
    memory.write(bits);
  }
}
