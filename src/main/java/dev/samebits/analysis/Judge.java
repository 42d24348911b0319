package dev.samebits.analysis;

import dev.samebits.kernel.Axis;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * From records to verdicts: one per case and axis for which something was recorded, in order of
 * case and axis. The rules are in {@code src/site/markdown/methodology.md}, "Verdicts and
 * evidence".
 */
public final class Judge {
  /** The conditions behind each axis along which a setting changes. */
  private static final Map<Axis, List<String>> SETTINGS =
      new EnumMap<>(
          Map.of(
              Axis.THREADS, List.of(Conditions.THREADS, Conditions.STREAMS),
              Axis.ALIGNMENT, List.of(Conditions.ALIGN, Conditions.LD, Conditions.L2),
              Axis.GEOMETRY, List.of(Conditions.GEOMETRY, Conditions.ORDER),
              Axis.ISA, List.of("isa", "vector"),
              Axis.SLICE, List.of(Conditions.SLICE),
              Axis.JIT, List.of("jit"),
              Axis.LOAD, List.of(Conditions.LOAD)));

  private Judge() {}

  /**
   * Judges every case. Of verdicts among the records only the sizes of differences are looked at,
   * where the raw outputs behind them are gone: a run is kept without its blobs.
   *
   * @param records everything a run left
   * @param manifest says what each variant promises
   * @param blobs raw output by the name in {@link Record.Output#blob}, where it was kept
   */
  public static List<Record.Verdict> verdicts(
      List<Record> records, Manifest manifest, Function<String, Optional<ByteBuffer>> blobs) {
    Differences differences = new Differences(blobs);
    List<Record.Verdict> all = new ArrayList<>();
    for (CaseRecords c : CaseRecords.index(records)) {
      Optional<Manifest.VariantInfo> info = variant(manifest, c.id());
      add(all, c, Axis.REPEAT, info, RepeatAxis.judge(c));
      add(all, c, Axis.PROCESS, info, new ProcessAxis(c, differences).judge());
      SETTINGS.forEach(
          (axis, keys) ->
              add(all, c, axis, info, new SettingAxis(c, axis, keys, differences).judge()));
    }
    Map<String, Record.Verdict> before = new HashMap<>();
    for (Record r : records) {
      if (r instanceof Record.Verdict v) {
        before.put(v.caseId() + " " + v.axis(), v);
      }
    }
    all.replaceAll(v -> withRecordedSize(v, before.get(v.caseId() + " " + v.axis())));
    return all;
  }

  /** An unknown size is taken over from an earlier verdict that says the same in all else. */
  private static Record.Verdict withRecordedSize(Record.Verdict now, Record.Verdict before) {
    boolean same =
        before != null
            && now.outcome().equals(before.outcome())
            && now.n() == before.n()
            && now.distinct() == before.distinct()
            && now.settings().equals(before.settings());
    return same && now.maxUlp() < 0
        ? new Record.Verdict(
            now.fork(),
            now.caseId(),
            now.condition(),
            now.axis(),
            now.outcome(),
            now.n(),
            now.distinct(),
            before.maxUlp(),
            before.share(),
            now.evidence(),
            now.settings(),
            now.promised(),
            now.why())
        : now;
  }

  private static void add(
      List<Record.Verdict> all,
      CaseRecords c,
      Axis axis,
      Optional<Manifest.VariantInfo> info,
      Optional<Finding> finding) {
    boolean promised =
        info.map(i -> i.promisedAxes() != null && i.promisedAxes().contains(axis.id()))
            .orElse(false);
    finding.ifPresent(f -> all.add(f.verdict(c, axis, promised)));
  }

  /** What the manifest says about the variant of a case. */
  static Optional<Manifest.VariantInfo> variant(Manifest manifest, CaseId id) {
    return manifest.variants() == null
        ? Optional.empty()
        : manifest.variants().stream()
            .filter(
                v ->
                    id.kernel().id().equals(v.kernel())
                        && id.backend().equals(v.backend())
                        && id.variant().equals(v.variant()))
            .findFirst();
  }
}
