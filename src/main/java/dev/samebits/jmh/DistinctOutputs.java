package dev.samebits.jmh;

import dev.samebits.kernel.DType;
import dev.samebits.metric.Divergence;
import dev.samebits.metric.EverChanged;
import dev.samebits.metric.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outputs of one case in one process: the first one whole, the others by their difference. */
final class DistinctOutputs {
  private final DType dtype;
  private final int rowBytes;
  private final Map<String, Pattern> patterns = new LinkedHashMap<>();
  private ByteBuffer reference;
  private List<String> referenceBlocks;
  private EverChanged everChanged;
  private long added;
  private long maxUlp;

  /**
   * One distinct output.
   *
   * @param fingerprint its digest
   * @param invocation the first invocation that gave it
   * @param count how many gave it
   * @param difference from the first output; null for the first itself
   */
  record Pattern(String fingerprint, long invocation, long count, Divergence difference) {
    Pattern again() {
      return new Pattern(fingerprint, invocation, count + 1, difference);
    }
  }

  DistinctOutputs(DType dtype, int rowBytes) {
    this.dtype = dtype;
    this.rowBytes = rowBytes;
  }

  /** Takes the output of the next invocation. */
  void add(ByteBuffer output) {
    String fingerprint = Fingerprint.digest(output);
    Pattern known = patterns.get(fingerprint);
    if (known != null) {
      patterns.put(fingerprint, known.again());
    } else if (reference == null) {
      reference = copy(output);
      referenceBlocks = Fingerprint.of(reference, rowBytes).blocks();
      everChanged = new EverChanged(dtype, reference);
      patterns.put(fingerprint, new Pattern(fingerprint, 0, 1, null));
    } else {
      Divergence d = Divergence.between(dtype, reference, output, rowBytes);
      everChanged.add(output);
      maxUlp = Math.max(maxUlp, d.maxUlp());
      patterns.put(fingerprint, new Pattern(fingerprint, added, 1, d));
    }
    added++;
  }

  private static ByteBuffer copy(ByteBuffer source) {
    ByteBuffer copy = ByteBuffer.allocate(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    return copy.put(source.duplicate()).flip();
  }

  List<Pattern> patterns() {
    return new ArrayList<>(patterns.values());
  }

  long distinct() {
    return patterns.size();
  }

  ByteBuffer reference() {
    return reference;
  }

  List<String> referenceBlocks() {
    return referenceBlocks;
  }

  double everChangedShare() {
    return everChanged.share();
  }

  long maxUlp() {
    return maxUlp;
  }
}
