package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Operand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The most that was seen of the machine in this run: arithmetic by {@code fma_chain}, which touches
 * no memory, and reading by the fastest {@code sum} or {@code dot} over at least {@value
 * #MEMORY_BYTES} bytes, more than caches hold. A measured peak, not the data sheet's.
 *
 * @param what {@code arithmetic} or {@code memory read}
 * @param dtype element type; of memory reads empty
 * @param threads threads offered
 * @param value the rate
 * @param unit its unit
 * @param caseId the case that reached it
 */
public record Peak(
    String what, String dtype, int threads, double value, String unit, String caseId) {
  /** Operands of a memory read together have at least this size. */
  public static final long MEMORY_BYTES = 256L << 20;

  /** The peaks of a run, arithmetic first, by element type and threads. */
  static List<Peak> of(List<Summary.Row> rows) {
    Map<String, Peak> best = new LinkedHashMap<>();
    for (Summary.Row row : rows) {
      CaseId id = CaseId.parse(row.caseId());
      String what = kind(id);
      if (!what.isEmpty()) {
        String dtype = what.equals("arithmetic") ? row.dtype() : "";
        for (Rate r : row.rates()) {
          best.merge(
              what + dtype + r.threads(),
              new Peak(what, dtype, r.threads(), r.best(), r.unit(), row.caseId()),
              (a, b) -> a.value() >= b.value() ? a : b);
        }
      }
    }
    List<Peak> all = new ArrayList<>(best.values());
    all.sort(
        Comparator.comparing(Peak::what).thenComparing(Peak::dtype).thenComparing(Peak::threads));
    return all;
  }

  private static String kind(CaseId id) {
    if (id.kernel() == Kernel.FMA_CHAIN) {
      return "arithmetic";
    }
    boolean reads = id.kernel() == Kernel.SUM || id.kernel() == Kernel.DOT;
    long bytes =
        id.kernel().inputs(id.shape(), id.dtype()).stream().mapToLong(Operand::bytes).sum();
    return reads && bytes >= MEMORY_BYTES ? "memory read" : "";
  }
}
