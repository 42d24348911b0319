package dev.samebits.jmh;

import dev.samebits.plan.Plan;
import dev.samebits.plan.Plan.Unit;
import dev.samebits.result.BuildInfo;
import dev.samebits.result.Environment;
import dev.samebits.result.Manifest;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What an earlier, interrupted session left, cleaned of everything that did not come to its end.
 *
 * @param ended units that have an end record
 * @param nextFork first free fork number
 * @param started when the run began; empty for a new run
 * @param wallSeconds wall time of the earlier sessions
 * @param measuredSeconds measuring time of the earlier sessions
 * @param firstCaseSeconds time to the first result; 0 if there was none
 */
record Resume(
    Set<Unit> ended,
    int nextFork,
    String started,
    double wallSeconds,
    double measuredSeconds,
    double firstCaseSeconds) {
  private static final int ORPHAN_SECONDS = 5;

  /** The start of a new run. */
  static Resume fresh() {
    return new Resume(Set.of(), 0, "", 0, 0, 0);
  }

  /** Checks, ends orphans, and takes over. The store's lock must be held. */
  static Resume of(ResultStore store, Plan plan, Environment here) {
    Manifest m =
        store
            .manifest()
            .orElseThrow(
                () ->
                    new ResumeRefusedException(store.dir() + " holds no manifest to resume from"));
    require("plan", m.suite() + " " + m.planDigest(), plan.suite() + " " + plan.digest());
    require("commit", m.commit(), BuildInfo.commit());
    require("CPU", m.environment().cpu(), here.cpu());
    require("JDK", m.environment().jvm(), here.jvm());
    List<Record> before = store.records();
    before.forEach(Resume::endOrphan);
    Set<String> whole = new HashSet<>();
    Set<Unit> ended = new HashSet<>();
    for (Record r : store.records()) {
      if (r instanceof Record.End e && Tally.unitOf(e) != null) {
        whole.add(keyOf(e));
        ended.add(Tally.unitOf(e));
      }
    }
    store.retain(r -> isWhole(r, whole));
    List<Record> kept = store.records();
    double measured = kept.stream().mapToDouble(Resume::seconds).sum();
    return new Resume(
        ended, nextFork(before), m.started(), m.wallSeconds(), measured, m.firstCaseSeconds());
  }

  private static void require(String what, String then, String now) {
    if (!then.equals(now)) {
      throw new ResumeRefusedException(
          "cannot resume: the run was begun with "
              + what
              + " '"
              + then
              + "', now it is '"
              + now
              + "'; start a new run");
    }
  }

  /** After a kill of its parent a fork lives on for a moment: wait, then end it. */
  private static void endOrphan(Record record) {
    if (!(record instanceof Record.Start start)) {
      return;
    }
    StartedProcess.find(start)
        .ifPresent(
            p -> {
              try {
                p.onExit().get(ORPHAN_SECONDS, TimeUnit.SECONDS);
              } catch (TimeoutException e) {
                p.destroyForcibly();
                p.onExit().join();
              } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                p.destroyForcibly();
              }
            });
  }

  /**
   * Records of units without an end, failures and skips go: those units are measured again. Timing
   * forks write their fingerprints under a name of their own that begins with the session's name
   * for the round; the session's record has them too.
   */
  private static boolean isWhole(Record r, Set<String> whole) {
    if (r instanceof Record.Training t) {
      return whole.contains(keyOf(t));
    }
    if (r instanceof Record.Failure
        || r instanceof Record.Skip
        || r instanceof Record.Verdict
        || r instanceof Record.Bar) {
      return false;
    }
    if (r instanceof Record.End e && e.caseId().isEmpty()) {
      return true;
    }
    return !(r instanceof Record.OfCase c) || whole.contains(keyOf(c));
  }

  private static String keyOf(Record.OfCase r) {
    return round(r.fork()) + " " + r.caseId() + " " + r.condition();
  }

  private static String keyOf(Record.Training t) {
    return t.fork() + " " + t.model() + "/" + t.data() + "/" + t.mode() + " " + t.condition();
  }

  private static String round(String fork) {
    return fork.startsWith("timing-") ? fork.replaceFirst("^(timing-\\d+)-.*", "$1") : fork;
  }

  private static double seconds(Record r) {
    if (r instanceof Record.Capture c) {
      return c.seconds();
    } else if (r instanceof Record.Timing t) {
      return t.seconds();
    }
    return r instanceof Record.Training t ? t.invocationSeconds() : 0;
  }

  private static int nextFork(List<Record> records) {
    return 1
        + records.stream()
            .map(Record::fork)
            .filter(f -> f.matches("(capture|training)-.*-\\d{4,}"))
            .mapToInt(f -> Integer.parseInt(f.substring(f.lastIndexOf('-') + 1)))
            .max()
            .orElse(-1);
  }
}
