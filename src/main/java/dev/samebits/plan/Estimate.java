package dev.samebits.plan;

import dev.samebits.kernel.CaseId;
import dev.samebits.plan.Plan.CaptureBatch;
import dev.samebits.plan.Plan.CaptureCase;
import dev.samebits.plan.Plan.JmhSettings;
import dev.samebits.plan.Plan.TimedCase;
import dev.samebits.plan.Plan.TrainingRun;
import java.util.Locale;
import java.util.Set;

/**
 * How long a plan is likely to take. A guess for people, not a limit: rates are those of plain
 * Java, and of vectorised Java or a native library, on one slow core, and of a slow device.
 *
 * @param captureSeconds capture processes
 * @param timingSeconds JMH forks
 * @param trainingSeconds training runs
 */
public record Estimate(double captureSeconds, double timingSeconds, double trainingSeconds) {
  private static final double FORK = 0.45;
  private static final double ND4J_FORK = 0.7;
  private static final double JVM_FLOPS = 1e9;
  private static final double JVM_BYTES = 3e9;
  private static final double NATIVE_RATE = 2e10;
  private static final double MEMORY_RATE = 1e10;
  private static final double DEVICE_RATE = 1e13;
  private static final double DEVICE_MEMORY_RATE = 1e12;
  private static final double DEVICE_FORK = 1; // the driver, compiling the kernels
  private static final Set<String> DEVICES = Set.of("cuda", "cublas", "jcublas", "cudnn");
  private static final Set<String> FAST = Set.of("canonical", "eight_accumulators", "exact");
  private static final double CALL = 5e-6; // reading and fingerprinting a small output
  private static final double COLD = 0.02; // first calls, before the JIT compiler is done
  private static final double BIND = 2e-3; // allocation, class loading
  private static final double DRAW = 1e-7; // one normal input
  private static final double STEP = 1.5e-3; // one SGD step of the small models

  /** Of the whole plan. */
  public static Estimate of(Plan plan) {
    return new Estimate(
        plan.captures().stream().mapToDouble(Estimate::seconds).sum(),
        plan.timings().stream().mapToDouble(t -> t.jmh().forks() * forkSeconds(t)).sum(),
        plan.trainings().stream().mapToDouble(Estimate::seconds).sum());
  }

  /** Sum of the parts. */
  public double totalSeconds() {
    return captureSeconds + timingSeconds + trainingSeconds;
  }

  /** {@code 45 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
  public static String words(double seconds) {
    long s = Math.round(Math.max(0, seconds));
    if (s < 60) {
      return s + " s";
    } else if (s < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", s / 3600, s % 3600 / 60);
  }

  /** One capture process. */
  public static double seconds(CaptureBatch batch) {
    return start(batch.backend()) + batch.cases().stream().mapToDouble(Estimate::seconds).sum();
  }

  /** One case of a capture process. */
  public static double seconds(CaptureCase c) {
    double call = callSeconds(c.id());
    double repeats = Math.max(2 * call, Math.min(COLD + c.repeats() * call, c.seconds()));
    return setUp(c.id()) + repeats;
  }

  /** One JMH fork of a timed case, or one round where a process does several. */
  public static double forkSeconds(TimedCase t) {
    JmhSettings j = t.jmh();
    double call = callSeconds(t.id()); // an iteration holds at least one
    double before = start(t.id().backend()) + setUp(t.id());
    // A process that does several rounds draws inputs for two sides or more.
    return (j.together() == 0 ? before : before / (2 * j.together()))
        + j.warmups() * Math.max(call, j.warmupSeconds())
        + j.iterations() * Math.max(call, j.seconds());
  }

  /** One training run. */
  public static double seconds(TrainingRun r) {
    return FORK + (double) r.steps() * r.replicates() * STEP;
  }

  private static double start(String backend) {
    return FORK
        + (backend.equals("nd4j") ? ND4J_FORK : 0)
        + (DEVICES.contains(backend) ? DEVICE_FORK : 0);
  }

  private static double setUp(CaseId id) {
    return BIND
        + DRAW
            * id.kernel().inputs(id.shape(), id.dtype()).stream()
                .mapToDouble(o -> o.elements())
                .sum();
  }

  private static double callSeconds(CaseId id) {
    boolean bytes = id.kernel().rateUnit().equals("GB/s");
    if (DEVICES.contains(id.backend())) {
      double rate = bytes ? DEVICE_MEMORY_RATE : DEVICE_RATE;
      return CALL + id.kernel().work(id.shape(), id.dtype()) / rate;
    }
    double fast = bytes ? MEMORY_RATE : NATIVE_RATE;
    double rate =
        !id.backend().equals("jvm") || FAST.contains(id.variant())
            ? fast
            : bytes ? JVM_BYTES : JVM_FLOPS;
    return CALL + id.kernel().work(id.shape(), id.dtype()) / rate;
  }
}
