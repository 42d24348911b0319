package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Operand;
import dev.samebits.metric.Divergence;
import dev.samebits.result.Record;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Sizes of differences between outputs of different processes, from the raw outputs kept. */
final class Differences {
  /** Outputs compared with the reference at most; the rest changes neither verdict nor order. */
  private static final int MAX_COMPARED = 16;

  private final Function<String, Optional<ByteBuffer>> blobs;

  Differences(Function<String, Optional<ByteBuffer>> blobs) {
    this.blobs = blobs;
  }

  /**
   * How big the differences are.
   *
   * @param maxUlp largest ULP distance; -1 if no pair of raw outputs is there
   * @param share largest V_c; -1 likewise
   * @param place where the first difference lies, in words; empty if not known
   */
  record Size(long maxUlp, double share, String place) {}

  /** The first output against each of the others that differs from it. */
  Size size(CaseId id, List<ProcessRecords> processes) {
    long ulp = -1;
    double share = -1;
    String place = "";
    List<Record.Output> distinct = distinctFirst(processes);
    for (int i = 1; i < distinct.size(); i++) {
      Optional<Divergence> d = between(id, distinct.get(0), distinct.get(i));
      if (d.isPresent()) {
        ulp = Math.max(ulp, d.get().maxUlp());
        share = Math.max(share, d.get().vc());
      }
      place = place.isEmpty() ? place(distinct.get(0), distinct.get(i)) : place;
    }
    return new Size(ulp, share, place);
  }

  /** The first outputs of the processes, each bit pattern once. */
  static List<Record.Output> distinctFirst(List<ProcessRecords> processes) {
    Map<String, Record.Output> byPrint = new LinkedHashMap<>();
    for (ProcessRecords p : processes) {
      p.firstOutput().ifPresent(o -> byPrint.putIfAbsent(o.fingerprint(), o));
    }
    List<Record.Output> all = new ArrayList<>(byPrint.values());
    return all.subList(0, Math.min(all.size(), MAX_COMPARED));
  }

  /** Compares two outputs if both were kept whole. */
  Optional<Divergence> between(CaseId id, Record.Output a, Record.Output b) {
    Optional<ByteBuffer> x = blob(a);
    Optional<ByteBuffer> y = blob(b);
    List<Operand> outputs = id.kernel().outputs(id.shape(), id.dtype());
    long bytes = outputs.stream().mapToLong(Operand::bytes).sum();
    if (x.isEmpty()
        || y.isEmpty()
        || x.get().remaining() != bytes
        || y.get().remaining() != bytes
        || bytes == 0) {
      return Optional.empty();
    }
    DType dtype = id.dtype().result();
    int rowBytes = Math.toIntExact(Math.max(1, outputs.get(0).cols()) * dtype.bytes());
    return Optional.of(Divergence.between(dtype, x.get(), y.get(), rowBytes));
  }

  private Optional<ByteBuffer> blob(Record.Output o) {
    return o.blob() == null || o.blob().isEmpty() ? Optional.empty() : blobs.apply(o.blob());
  }

  private static String place(Record.Output a, Record.Output b) {
    if (a.blocks() == null || b.blocks() == null || a.blocks().size() != b.blocks().size()) {
      return "";
    }
    for (int i = 0; i < a.blocks().size(); i++) {
      if (!a.blocks().get(i).equals(b.blocks().get(i))) {
        return a.blocks().size() == 1
            ? ""
            : "first difference in row block " + (i + 1) + " of " + a.blocks().size();
      }
    }
    return "";
  }
}
