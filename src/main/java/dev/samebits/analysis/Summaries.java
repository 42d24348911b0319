package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Receipt;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a {@link Summary} from what a run left. */
public final class Summaries {
  private final List<Record> records;
  private final Manifest manifest;
  private final Map<String, Map<String, Record.Verdict>> verdicts = new TreeMap<>();
  private final Map<String, List<Record.Timing>> timings;
  private final Map<String, Throttling> throttling;
  private final Map<String, Record.Accuracy> accuracy;
  private final Differences differences;

  private Summaries(
      List<Record> records,
      Manifest manifest,
      List<Record.Verdict> verdicts,
      Function<String, Optional<ByteBuffer>> blobs) {
    this.records = records;
    this.manifest = manifest;
    this.differences = new Differences(blobs);
    for (Record.Verdict v : verdicts) {
      this.verdicts.computeIfAbsent(v.caseId(), k -> new LinkedHashMap<>()).put(v.axis(), v);
    }
    this.timings =
        all(Record.Timing.class).stream().collect(Collectors.groupingBy(Record.Timing::caseId));
    this.throttling = Throttling.of(records);
    this.accuracy =
        all(Record.Accuracy.class).stream()
            .collect(Collectors.toMap(Record.Accuracy::caseId, a -> a, (a, b) -> a));
  }

  /** Judges the records and sums them up. */
  public static Summary of(
      List<Record> records, Manifest manifest, Function<String, Optional<ByteBuffer>> blobs) {
    return of(records, manifest, Judge.verdicts(records, manifest, blobs), blobs);
  }

  /** Sums up records already judged. */
  public static Summary of(
      List<Record> records,
      Manifest manifest,
      List<Record.Verdict> verdicts,
      Function<String, Optional<ByteBuffer>> blobs) {
    return new Summaries(records, manifest, verdicts, blobs).build(verdicts);
  }

  private <T extends Record> List<T> all(Class<T> type) {
    return records.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private Summary build(List<Record.Verdict> judged) {
    List<Summary.Row> rows = rows();
    List<Record.Training> training =
        all(Record.Training.class).stream()
            .sorted(
                Comparator.comparing((Record.Training t) -> text(t.model()))
                    .thenComparing(t -> text(t.data()))
                    .thenComparing(t -> rank(t.mode())))
            .toList();
    Controls.Result controls = Controls.check(judged, manifest, records);
    SameBits sameBits = SameBits.of(records, manifest);
    List<String> broken =
        Stream.of(
                Promises.broken(judged).stream().map(Promises::describe),
                sameBits.broken().stream(),
                Promises.brokenTraining(training).stream())
            .flatMap(s -> s)
            .toList();
    List<Summary.Trouble> failures = failures();
    List<Record.Bar> bars = Bars.judge(records, manifest);
    return new Summary(
        text(manifest.suite()),
        text(manifest.host()),
        text(manifest.commit()),
        command(manifest),
        text(manifest.started()),
        text(manifest.finished()),
        text(manifest.status()),
        manifest.plannedUnits(),
        manifest.endedUnits(),
        manifest.wallSeconds(),
        manifest.measuredShare(),
        rows,
        training,
        bars,
        Peak.of(rows),
        Front.of(rows),
        controls,
        sameBits,
        broken,
        failures,
        skips(),
        libraries(),
        manifest.backends() == null ? Map.of() : new TreeMap<>(manifest.backends()),
        manifest.environment(),
        conclusion(
            rows,
            controls,
            sameBits,
            Conclusion.of(rows, training, bars, controls, broken, failures)));
  }

  /** What must be known first, then the findings. */
  private List<String> conclusion(
      List<Summary.Row> rows, Controls.Result controls, SameBits sameBits, List<String> findings) {
    List<String> all = new ArrayList<>();
    Caveats.incomplete(manifest).ifPresent(all::add);
    all.add(Conclusion.trust(controls));
    all.addAll(Caveats.of(manifest, withoutRow(rows)));
    throttling.values().stream()
        .reduce(Throttling::plus)
        .flatMap(Caveats::throttled)
        .ifPresent(all::add);
    all.addAll(findings);
    all.addAll(sameBits.sentences());
    return all;
  }

  private static String text(String s) {
    return s == null ? "" : s;
  }

  private List<Summary.Row> rows() {
    Map<String, CaseRecords> cases = new LinkedHashMap<>();
    CaseRecords.index(records).forEach(c -> cases.put(c.id().toString(), c));
    List<Price.Timed> timed = new ArrayList<>();
    for (CaseRecords c : cases.values()) {
      mode(c.id()).ifPresent(m -> timed.add(timed(c.id(), m)));
    }
    List<CaseRecords> shown = cases.values().stream().filter(c -> !absent(c)).toList();
    List<Summary.Row> rows = new ArrayList<>();
    for (CaseRecords c : shown.isEmpty() ? cases.values() : shown) {
      rows.add(row(c, timed));
    }
    rows.sort(
        Comparator.comparing((Summary.Row r) -> CaseId.parse(r.caseId()).kernel())
            .thenComparing(Summary.Row::heading)
            .thenComparing(Summary.Row::backend)
            .thenComparing(r -> rank(r.mode()))
            .thenComparing(Summary.Row::variant));
    return rows;
  }

  /**
   * Whether nothing ran because the backend is not to be had here. One line says so for all its
   * cases, so that a run looks the same with and without a backend that it cannot use.
   */
  private boolean absent(CaseRecords c) {
    return c.conditions().isEmpty()
        && !c.gaps().isEmpty()
        && c.gaps().stream().allMatch(g -> g.outcome() == Outcome.UNAVAILABLE);
  }

  /** The modes in the order of what they promise, an unknown one last. */
  private static int rank(String mode) {
    return Mode.ids().contains(mode) ? Mode.of(mode).ordinal() : Mode.values().length;
  }

  private Price.Timed timed(CaseId id, Mode mode) {
    return new Price.Timed(
        id, mode, Rate.byCondition(timings.getOrDefault(id.toString(), List.of())));
  }

  private Optional<Mode> mode(CaseId id) {
    return Judge.variant(manifest, id)
        .map(Manifest.VariantInfo::mode)
        .filter(m -> Mode.ids().contains(m))
        .map(Mode::of);
  }

  private Summary.Row row(CaseRecords c, List<Price.Timed> timed) {
    CaseId id = c.id();
    String text = id.toString();
    Optional<Manifest.VariantInfo> info = Judge.variant(manifest, id);
    Map<String, Record.Verdict> mine = verdicts.getOrDefault(text, Map.of());
    List<Rate> rates = Rate.of(id, timings.getOrDefault(text, List.of()), throttling);
    Optional<Mode> mode = mode(id);
    Optional<Price> own = Optional.empty();
    Optional<Price> any = Optional.empty();
    if (mode.isPresent() && !rates.isEmpty()) {
      Price.Timed me = timed(id, mode.get());
      own = Price.own(me, rates.get(0).condition(), timed);
      any = Price.any(me, rates.get(0).condition(), timed);
    }
    return new Summary.Row(
        text,
        id.kernel().id(),
        id.dtype().id(),
        id.shape().toString(),
        id.input().id() + "@" + id.seed(),
        id.backend(),
        id.variant(),
        mode.map(Mode::id).orElse(""),
        info.map(i -> text(i.guarantee())).orElse(""),
        info.map(i -> text(i.about())).orElse(""),
        info.map(i -> text(i.control())).orElse("NONE"),
        rates,
        mine,
        worst(mine).map(v -> v.maxUlp()).orElse(0L),
        worst(mine).map(v -> v.share()).orElse(0.0),
        own.orElse(null),
        any.orElse(null),
        accuracy.get(text),
        Histogram.of(c, differences).orElse(null));
  }

  /** The verdict with the largest known difference. */
  private static Optional<Record.Verdict> worst(Map<String, Record.Verdict> verdicts) {
    return verdicts.values().stream()
        .filter(v -> v.outcome().equals(Outcome.VARIES.name()))
        .max(
            Comparator.comparingLong(Record.Verdict::maxUlp)
                .thenComparingDouble(Record.Verdict::share));
  }

  private List<Summary.Trouble> failures() {
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    for (Record.Failure f : all(Record.Failure.class)) {
      count(counts, f.verdict(), f.caseId(), f.condition(), f.why(), "");
    }
    for (CaseRecords c : CaseRecords.index(records)) {
      for (Gap g : c.gaps()) {
        if (g.outcome() == Outcome.MISSING) {
          count(
              counts,
              "MISSING",
              c.id().toString(),
              g.condition(),
              g.why(),
              "run again with --resume");
        }
      }
    }
    return troubles(counts);
  }

  private List<Summary.Trouble> skips() {
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    Map<String, Set<String>> backends = new LinkedHashMap<>();
    for (Record.Skip s : all(Record.Skip.class)) {
      if (unavailable(s) && !backendOf(s.caseId()).isEmpty()) {
        backends.computeIfAbsent(text(s.why()), k -> new TreeSet<>()).add(backendOf(s.caseId()));
      }
    }
    for (Record.Skip s : all(Record.Skip.class)) {
      if (unavailable(s) && backends.containsKey(text(s.why()))) {
        String who = "backend " + String.join(", ", backends.get(text(s.why())));
        count(counts, s.verdict(), who, "", s.why(), s.remedy());
      } else {
        count(counts, s.verdict(), s.caseId(), s.condition(), s.why(), s.remedy());
      }
    }
    return troubles(counts);
  }

  /** Backends that are not to be had here and of which no row says so. */
  private Set<String> withoutRow(List<Summary.Row> rows) {
    Set<String> absent = new TreeSet<>();
    all(Record.Skip.class).stream()
        .filter(Summaries::unavailable)
        .forEach(s -> absent.add(backendOf(s.caseId())));
    absent.remove("");
    rows.forEach(r -> absent.remove(r.backend()));
    return absent;
  }

  private static boolean unavailable(Record.Skip s) {
    return Outcome.UNAVAILABLE.name().equals(s.verdict());
  }

  /** Empty for what is no case, e.g. a training run. */
  private static String backendOf(String caseText) {
    String[] parts = text(caseText).split("/", -1);
    return parts.length == 6 ? parts[3] : "";
  }

  private static void count(Map<List<String>, Integer> counts, String... parts) {
    List<String> key = java.util.Arrays.stream(parts).map(Summaries::text).toList();
    counts.merge(key, 1, Integer::sum);
  }

  private static List<Summary.Trouble> troubles(Map<List<String>, Integer> counts) {
    List<Summary.Trouble> all = new ArrayList<>();
    counts.forEach(
        (k, n) ->
            all.add(new Summary.Trouble(k.get(0), k.get(1), k.get(2), k.get(3), k.get(4), n)));
    return all;
  }

  private List<Summary.Library> libraries() {
    Map<Summary.Library, Set<Integer>> threads = new LinkedHashMap<>();
    for (Record.Bound b : all(Record.Bound.class)) {
      Receipt r = b.receipt();
      if (r != null) {
        Summary.Library l =
            new Summary.Library(
                backendOf(b.caseId()),
                text(r.library()),
                text(r.version()),
                text(r.core()),
                List.of(),
                text(r.path()),
                text(r.sha256()),
                r.more());
        threads.computeIfAbsent(l, k -> new TreeSet<>()).add(r.threads());
      }
    }
    return threads.entrySet().stream()
        .map(e -> e.getKey().withThreads(List.copyOf(e.getValue())))
        .sorted(Comparator.comparing(Objects::toString))
        .toList();
  }

  /** The command as it can be typed again: words that a shell would take apart are quoted. */
  private static String command(Manifest manifest) {
    return manifest.command() == null
        ? ""
        : String.join(
            " ",
            manifest.command().stream()
                .map(w -> w.matches("[\\w./:=,@%+~-]+") ? w : "'" + w.replace("'", "'\\''") + "'")
                .toList());
  }
}
