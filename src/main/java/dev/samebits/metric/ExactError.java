package dev.samebits.metric;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Philox;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Error of an output against the exact result, in ULPs of its type. Accuracy is not
 * reproducibility: a result can be the same everywhere and far off.
 *
 * @param sampled outputs compared
 * @param outputs outputs there are
 * @param maxUlp largest error; infinity if an output is NaN or infinite where the result is not
 * @param meanUlp mean error
 * @param correctlyRounded share of sampled outputs with error at most half a unit
 */
public record ExactError(
    int sampled, long outputs, double maxUlp, double meanUlp, double correctlyRounded) {
  /** The stream of the case's seed that draws the sample; operands use streams from 0. */
  static final int STREAM = 0x45525230;

  /**
   * Compares a sample of an output with the exact result. The inputs are drawn anew from the case's
   * seed; the sample depends on the seed and the number of outputs alone.
   *
   * @param id the case
   * @param output its whole output, position to limit; the position stays
   * @param limit most outputs to compare; all are if there are no more
   * @return empty for a kernel whose outputs are not sums of terms, or without outputs
   */
  public static Optional<ExactError> measure(CaseId id, ByteBuffer output, int limit) {
    ByteBuffer results = output.slice().order(ByteOrder.LITTLE_ENDIAN);
    long expected = id.kernel().outputs(id.shape(), id.dtype()).get(0).bytes();
    if (results.remaining() < expected) {
      throw new IllegalArgumentException(
          "case " + id + ": output of " + results.remaining() + " bytes, not " + expected);
    }
    DType dtype = id.dtype().result();
    int outputs = (int) (expected / dtype.bytes());
    int[] sample = sample(id.seed(), outputs, limit);
    if (sample.length == 0) {
      return Optional.empty();
    }
    return ExactResult.of(id, sample).map(exact -> compare(dtype, results, outputs, exact));
  }

  /** At most {@code limit} distinct indices below {@code outputs}, ascending. */
  static int[] sample(long seed, int outputs, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a sample of " + limit + " outputs");
    }
    TreeSet<Integer> chosen = new TreeSet<>();
    Philox random = new Philox(seed, STREAM);
    for (int i = 0; chosen.size() < Math.min(outputs, limit); i++) {
      chosen.add(outputs <= limit ? i : random.bounded(i, outputs));
    }
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }

  private static ExactError compare(
      DType dtype, ByteBuffer results, int outputs, Map<Integer, ExactSum> exact) {
    double max = 0;
    double total = 0;
    int rounded = 0;
    // in index order, so that the mean has the same bits every time
    for (int i : new TreeSet<>(exact.keySet())) {
      double error = exact.get(i).ulpError(dtype.get(results, i), dtype);
      max = Math.max(max, error);
      total += error;
      rounded += error <= 0.5 ? 1 : 0;
    }
    int n = exact.size();
    return new ExactError(n, outputs, max, total / n, (double) rounded / n);
  }
}
