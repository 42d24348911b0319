package dev.samebits.analysis;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.InputKind;
import dev.samebits.result.Manifest;
import dev.samebits.result.Manifest.BarInfo;
import dev.samebits.result.Manifest.PairInfo;
import dev.samebits.result.Record;
import dev.samebits.result.Record.BarCase;
import dev.samebits.result.Record.Interval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides the bars of a run. Fork i of a subject is paired with fork i of its opponent; a fork
 * counts with its fastest iteration (see {@link Ratio}), by the device's own clock where both have
 * been timed by it. Per case the median of the ratios counts, per bar the geometric mean over the
 * cases; the bar is met if that, and where asked for every single case, reaches it.
 */
public final class Bars {
  /** Fewest pairs of forks of which a median is taken. */
  public static final int FEWEST_PAIRS = 5;

  /** Outcomes of a bar. */
  public enum Outcome {
    /** Reached. */
    MET,
    /** Not reached. */
    MISSED,
    /** A case has too few pairs of forks. */
    NOT_MEASURED
  }

  /** Times by the device's own clock. */
  static final String DEVICE = "device";

  private static final String SPEED = "speed";
  private static final String TIME = "time";

  private final ForkTimes times;
  private final Map<String, String> troubles = new HashMap<>();
  private final Map<String, Throttling> throttling;

  private Bars(List<Record> records) {
    times = new ForkTimes(records);
    throttling = Throttling.of(records);
    for (Record r : records) {
      if (r instanceof Record.Failure f) {
        troubles.putIfAbsent(ForkTimes.key(f), f.verdict() + ": " + f.why());
      } else if (r instanceof Record.Skip s) {
        troubles.putIfAbsent(ForkTimes.key(s), s.verdict() + ": " + s.why());
      }
    }
  }

  /** One record per bar of the manifest, in its order. */
  public static List<Record.Bar> judge(List<Record> records, Manifest manifest) {
    if (manifest.bars() == null) {
      return List.of();
    }
    Bars bars = new Bars(records);
    return manifest.bars().stream().map(bars::judge).toList();
  }

  /** The ratios of one pair by round. */
  private record Ratios(
      TreeMap<Integer, Double> whole, TreeMap<Integer, Double> net, boolean device) {}

  private Record.Bar judge(BarInfo bar) {
    List<BarCase> cases = new ArrayList<>();
    List<Ratios> ratios = new ArrayList<>();
    for (PairInfo pair : bar.pairs()) {
      Ratios r = ratios(bar, pair);
      cases.add(judge(bar, pair, r));
      ratios.add(r);
    }
    Interval whole = mean(ratios.stream().map(Ratios::whole).toList());
    Interval net = mean(ratios.stream().map(Ratios::net).toList());
    return new Decision(bar, cases, bar.subtract() ? net : whole).record(whole, net);
  }

  /** By the device's own clock where both sides have it in enough rounds. */
  private Ratios ratios(BarInfo bar, PairInfo pair) {
    Ratios device = ratios(bar, pair, true);
    return device.whole().size() >= FEWEST_PAIRS ? device : ratios(bar, pair, false);
  }

  private Ratios ratios(BarInfo bar, PairInfo pair, boolean device) {
    TreeMap<Integer, Double> whole = new TreeMap<>();
    TreeMap<Integer, Double> net = new TreeMap<>();
    TreeMap<Integer, Double> subject = times.of(pair.subject(), device);
    TreeMap<Integer, Double> opponent = times.of(pair.opponent(), device);
    double work = TIME.equals(bar.measure()) || SPEED.equals(bar.measure()) ? 1 : work(pair);
    for (Integer round : subject.keySet()) {
      if (opponent.containsKey(round)) {
        double s = subject.get(round);
        double o = opponent.get(round);
        whole.put(round, work * ratio(bar, s, o));
        double ns = s - times.of(pair.emptySubject(), device).getOrDefault(round, Double.NaN);
        double no = o - times.of(pair.emptyOpponent(), device).getOrDefault(round, Double.NaN);
        if (ns > 0 && no > 0) {
          net.put(round, work * ratio(bar, ns, no));
        }
      }
    }
    return new Ratios(whole, net, device);
  }

  /** The subject's work over the opponent's. */
  private static double work(PairInfo pair) {
    CaseId subject = CaseKey.parse(pair.subject()).id();
    CaseId opponent = CaseKey.parse(pair.opponent()).id();
    return subject.kernel().work(subject.shape(), subject.dtype())
        / opponent.kernel().work(opponent.shape(), opponent.dtype());
  }

  private static double ratio(BarInfo bar, double subject, double opponent) {
    return atLeast(bar) ? opponent / subject : subject / opponent;
  }

  /** Whether a bar is a least one: of speeds or rates, not of times. */
  static boolean atLeast(BarInfo bar) {
    return !TIME.equals(bar.measure());
  }

  private BarCase judge(BarInfo bar, PairInfo pair, Ratios r) {
    Interval whole = median(r.whole());
    Interval net = median(r.net());
    Interval deciding = bar.subtract() ? net : whole;
    boolean holds =
        deciding != null && (bar.each() == null || reaches(bar, deciding.value(), bar.each()));
    int pairs = (bar.subtract() ? r.net() : r.whole()).size();
    String why = deciding != null ? "" : why(bar, pair, r);
    return new BarCase(
        pair.subject(),
        pair.opponent(),
        pairs,
        whole,
        net,
        holds,
        why,
        r.device() ? DEVICE : "",
        throttled(pair.subject()) + throttled(pair.opponent()));
  }

  private int throttled(String key) {
    return throttling.getOrDefault(key, Throttling.NONE).samples();
  }

  /** Whether a ratio is at least (speed) or at most (time) what is asked. */
  static boolean reaches(BarInfo bar, double ratio, double asked) {
    return atLeast(bar) ? ratio >= asked : ratio <= asked;
  }

  private static Interval median(TreeMap<Integer, Double> ratios) {
    return ratios.size() < FEWEST_PAIRS
        ? null
        : Median.of(ratios.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private String why(BarInfo bar, PairInfo pair, Ratios r) {
    for (String key : new String[] {pair.subject(), pair.opponent()}) {
      if (troubles.containsKey(key)) {
        return troubles.get(key);
      }
    }
    int both = r.whole().size();
    if (both >= FEWEST_PAIRS) {
      return "the empty call was not timed, or takes as long as the case";
    }
    int s = times.of(pair.subject(), false).size();
    int o = times.of(pair.opponent(), false).size();
    return s == 0 && o == 0
        ? "neither side was timed"
        : s == 0 || o == 0
            ? "the " + (s == 0 ? "subject" : "opponent") + " was not timed"
            : both + " pairs of forks, " + FEWEST_PAIRS + " are needed";
  }

  /** Over the cases that have enough pairs, in the rounds that all of these have. */
  private static Interval mean(List<TreeMap<Integer, Double>> ratios) {
    List<TreeMap<Integer, Double>> enough =
        ratios.stream().filter(r -> r.size() >= FEWEST_PAIRS).toList();
    if (enough.isEmpty()) {
      return null;
    }
    TreeSet<Integer> rounds = new TreeSet<>(enough.get(0).keySet());
    enough.forEach(r -> rounds.retainAll(r.keySet()));
    if (rounds.size() < FEWEST_PAIRS) {
      return null;
    }
    return Median.geometricMean(
        enough.stream().map(r -> rounds.stream().mapToDouble(r::get).toArray()).toList());
  }

  /** What distinguishes the cases of a bar: {@code matmul f32 m256n256k256 x2} for two threads. */
  public static String problem(String key) {
    try {
      CaseKey k = CaseKey.parse(key);
      String input = k.id().input() == InputKind.NORMAL ? "" : " " + k.id().input().id();
      return k.id().kernel().id()
          + " "
          + k.id().dtype().id()
          + " "
          + k.id().shape()
          + input
          + " x"
          + k.conditions().threads().orElse(1);
    } catch (IllegalArgumentException e) {
      return key;
    }
  }
}
