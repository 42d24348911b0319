package dev.samebits.metric;

import dev.samebits.kernel.DType;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** Which elements ever differed, in raw bits, from the first output of a case. */
public final class EverChanged {
  private final int elementBytes;
  private final ByteBuffer reference;
  private final BitSet changed = new BitSet();

  /**
   * Copies the reference, position to limit.
   *
   * @param dtype element type
   * @param reference the first output
   */
  public EverChanged(DType dtype, ByteBuffer reference) {
    this.elementBytes = dtype.bytes();
    this.reference = ByteBuffer.allocate(reference.remaining()).put(reference.duplicate()).flip();
  }

  /** Compares another output, position to limit; its position stays. */
  public void add(ByteBuffer output) {
    ByteBuffer other = output.slice();
    Divergence.requireSameSize(reference.remaining(), other.remaining());
    int from = 0;
    while (from < reference.limit()) {
      int at = reference.position(from).mismatch(other.position(from));
      if (at < 0) {
        break;
      }
      int element = (from + at) / elementBytes;
      changed.set(element);
      from = (element + 1) * elementBytes;
    }
    reference.position(0);
  }

  /** Elements that ever differed / elements; 0 without elements. */
  public double share() {
    int elements = reference.limit() / elementBytes;
    return elements == 0 ? 0 : (double) changed.cardinality() / elements;
  }
}
