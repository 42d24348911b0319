package dev.samebits.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.samebits.backend.Backends;
import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Receipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks each backend in a child process whether it can run here: a library that hangs or crashes
 * while loading takes nothing down.
 */
public final class Probe {
  /** System property: seconds that a backend may take to load. */
  static final String LIMIT = "samebits.probe.seconds";

  private static final String REMEDY =
      "see whether the library or its driver works by itself (for cuda: nvidia-smi)";
  private static final long DEFAULT_LIMIT_SECONDS = 60;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Probe() {}

  /**
   * What a backend answered.
   *
   * @param available whether it can run
   * @param receipt what it loaded; null if unavailable
   * @param reason why not; empty if available
   * @param remedy what to do about it; empty if available
   */
  public record Result(boolean available, Receipt receipt, String reason, String remedy) {
    static Result unavailable(String reason, String remedy) {
      return new Result(false, null, reason, remedy);
    }
  }

  /**
   * Probes the backends one after another, in order. Accelerators have a driver in common: where
   * one waits for it in vain, the others are not asked.
   */
  public static Map<String, Result> all(List<Backend> backends) {
    Map<String, Result> results = new LinkedHashMap<>();
    String hanging = null;
    for (Backend b : backends) {
      boolean asked = !b.accelerator() || hanging == null;
      Result result = asked ? one(b.name()) : notAsked(hanging);
      results.put(b.name(), result);
      if (asked && b.accelerator() && result.reason().equals(late(limitSeconds()))) {
        hanging = b.name();
      }
    }
    return results;
  }

  private static Result notAsked(String hanging) {
    return Result.unavailable(
        "not asked, since " + hanging + " does not answer and needs the same driver", REMEDY);
  }

  private static long limitSeconds() {
    return Long.getLong(LIMIT, DEFAULT_LIMIT_SECONDS);
  }

  private static String late(long seconds) {
    return "loading did not end within " + seconds + " s";
  }

  /** Probes one backend. */
  static Result one(String backend) {
    long limit = limitSeconds();
    ForkJob job =
        new ForkJob("probe", "probe", null, 0, backend, "", Map.of(), limit, List.of(), null);
    ChildProcess.Result end = ChildProcess.run(job, ForkSettings.NONE, limit);
    if (end.timedOut()) {
      return Result.unavailable(late(limit), REMEDY);
    }
    String answer =
        end.output().lines().filter(l -> l.startsWith("{")).reduce((a, b) -> b).orElse("");
    if (end.exitCode() != 0 || answer.isEmpty()) {
      return Result.unavailable(
          "the probing process ended with exit code " + end.exitCode() + end.lastLine(),
          "the library crashes while loading; try another version");
    }
    try {
      return MAPPER.readValue(answer, Result.class);
    } catch (JsonProcessingException e) {
      return Result.unavailable("the probe's answer cannot be read", "report this as a bug");
    }
  }

  /** The child's side. */
  static void inFork(ForkJob job) throws JsonProcessingException {
    Availability a = Backends.of(job.backend()).availability();
    Result result =
        a instanceof Availability.Available ok
            ? new Result(true, ok.receipt(), "", "")
            : Result.unavailable(
                ((Availability.Unavailable) a).reason(), ((Availability.Unavailable) a).remedy());
    System.out.println(MAPPER.writeValueAsString(result));
  }
}
