package dev.samebits.analysis;

import dev.samebits.kernel.Axis;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * From records to verdicts: one per case and axis for which something was recorded, in order of
 * case and axis. The rules are in {@code src/site/markdown/methodology.md}, "Verdicts and
 * evidence".
 */
public final class Judge {
  private Judge() {}

  /**
   * Judges every case. Verdicts among the records are not looked at.
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
      add(all, c, Axis.THREADS, info, setting(c, Axis.THREADS, Conditions.THREADS, differences));
      add(all, c, Axis.LOAD, info, setting(c, Axis.LOAD, Conditions.LOAD, differences));
    }
    return all;
  }

  private static Optional<Finding> setting(
      CaseRecords c, Axis axis, String key, Differences differences) {
    return new SettingAxis(c, axis, key, differences).judge();
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
