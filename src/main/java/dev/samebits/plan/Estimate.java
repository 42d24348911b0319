package dev.samebits.plan;

import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Operand;
import dev.samebits.plan.Plan.CaptureBatch;
import dev.samebits.plan.Plan.CaptureCase;
import dev.samebits.plan.Plan.JmhSettings;
import dev.samebits.plan.Plan.TimedCase;
import dev.samebits.plan.Plan.TrainingRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long a plan is likely to take. A guess for people, not a limit: rates are those of plain
 * Java, and of vectorised Java or a native library, on one slow core, and of a slow device in a
 * machine with a few cores. What a process does once counts once a process.
 *
 * @param captureSeconds capture processes
 * @param timingSeconds JMH forks, and processes that time several cases in turns
 * @param trainingSeconds training runs
 */
public record Estimate(double captureSeconds, double timingSeconds, double trainingSeconds) {
  private static final double FORK = 0.45;
  private static final double JVM_FLOPS = 1e9;
  private static final double JVM_BYTES = 3e9;
  private static final double NATIVE_RATE = 2e10;
  private static final double MEMORY_RATE = 1e10;
  private static final double DEVICE_RATE = 1e13;
  private static final double DEVICE_MEMORY_RATE = 1e12;
  private static final Set<String> DEVICES = Set.of("cuda", "cublas", "jcublas", "cudnn");

  /** Beyond the JVM: the driver and its context, the library and its kernels. */
  private static final Map<String, Double> LOADING =
      Map.of("nd4j", 0.7, "cuda", 1.0, "cublas", 1.5, "jcublas", 1.7, "cudnn", 3.0);

  private static final Set<String> FAST = Set.of("canonical", "eight_accumulators", "exact");
  private static final double CALL = 5e-6; // reading and fingerprinting a small output
  private static final double DEVICE_CALL = 5e-5; // launching, waiting, copying as well
  private static final double COLD = 0.02; // first calls, before the JIT compiler is done
  private static final double COMPILE = 0.2; // a file of kernels, by NVRTC or by the driver
  private static final double BIND = 8e-3; // allocation, records, and judging them
  private static final double DRAW = 1e-7; // one normal input
  private static final double DRAWERS = 4; // threads that draw a large operand beside a device
  private static final double LARGE = 1 << 20; // elements that are worth it
  private static final double LOOK_RATE = 1e9; // bytes copied from a device and fingerprinted
  private static final double SAMPLE = 6e-3; // clocks and power, after an iteration on a device
  private static final double STEP = 1.5e-3; // one SGD step of the multilayer perceptron
  private static final double CNN_STEP = 2e-2; // of the convolutional network

  /** Of the whole plan. */
  public static Estimate of(Plan plan) {
    double timing = probes(plan);
    for (Map.Entry<TimedCase, Double> e : rounds(plan).entrySet()) {
      timing += e.getKey().jmh().forks() * e.getValue();
    }
    return new Estimate(
        plan.captures().stream().mapToDouble(Estimate::seconds).sum(),
        timing,
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

  /** One capture process: starting it, and what the first call of each variant costs. */
  public static double seconds(CaptureBatch batch) {
    Set<String> files = new HashSet<>();
    Set<String> variants = new HashSet<>();
    for (CaptureCase c : batch.cases()) {
      files.add(c.id().kernel() + "/" + c.id().variant());
      variants.add(c.id().kernel() + "/" + c.id().variant() + "/" + c.id().dtype());
    }
    return start(batch.backend())
        + (batch.backend().equals("cuda") ? COMPILE * files.size() : 0)
        + COLD * variants.size()
        + batch.cases().stream().mapToDouble(Estimate::seconds).sum();
  }

  /** One case of a capture process, apart from its first call. */
  public static double seconds(CaptureCase c) {
    double call = callSeconds(c.id()) + lookSeconds(c.id());
    return setUp(c.id()) + Math.max(2 * call, Math.min(c.repeats() * call, c.seconds()));
  }

  /** Backends that are only timed are asked before whether they are there. */
  private static double probes(Plan plan) {
    Set<String> captured =
        plan.captures().stream().map(CaptureBatch::backend).collect(Collectors.toSet());
    return plan.timings().stream()
        .map(t -> t.id().backend())
        .distinct()
        .filter(b -> DEVICES.contains(b) && !captured.contains(b))
        .mapToDouble(Estimate::start)
        .sum();
  }

  /**
   * One round of each timed case: a JMH fork, or its turn in a process that times several cases for
   * several rounds, with its share of what that process does once.
   */
  public static Map<TimedCase, Double> rounds(Plan plan) {
    Map<TimedCase, Double> all = new LinkedHashMap<>();
    Map<String, List<TimedCase>> contests = new LinkedHashMap<>();
    for (TimedCase t : plan.timings()) {
      if (t.jmh().together() > 0) {
        contests.computeIfAbsent(t.contest(), k -> new ArrayList<>()).add(t);
      }
      all.put(t, start(t.id().backend()) + setUp(t.id()) + iterations(t));
    }
    for (List<TimedCase> members : contests.values()) {
      JmhSettings j = members.get(0).jmh();
      double processes = Math.ceil((double) j.forks() / j.together());
      double share = processes * once(members) / j.forks() / members.size();
      members.forEach(t -> all.put(t, share + iterations(t) + lookSeconds(t.id())));
    }
    return all;
  }

  /** What a process does before the first round of a contest: equal operands are drawn once. */
  private static double once(List<TimedCase> members) {
    Map<String, Double> drawn = new HashMap<>();
    double seconds =
        FORK
            + members.stream()
                .map(t -> t.id().backend())
                .distinct()
                .mapToDouble(b -> LOADING.getOrDefault(b, 0.0))
                .sum();
    for (TimedCase t : members) {
      List<Operand> inputs = t.id().kernel().inputs(t.id().shape(), t.id().dtype());
      for (int i = 0; i < inputs.size(); i++) {
        Operand o = inputs.get(i);
        drawn.put(o.dtype() + " " + o.elements() + " " + i, draw(t.id(), o));
        seconds += o.elements() * (double) o.dtype().bytes() / LOOK_RATE;
      }
      seconds += BIND + (t.id().backend().equals("cuda") ? COMPILE : 0);
    }
    return seconds + drawn.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** All iterations of one round; each holds at least one call. */
  private static double iterations(TimedCase t) {
    JmhSettings j = t.jmh();
    double call = callSeconds(t.id());
    double sample = DEVICES.contains(t.id().backend()) ? SAMPLE : 0;
    return j.warmups() * (sample + Math.max(call, j.warmupSeconds()))
        + j.iterations() * (sample + Math.max(call, j.seconds()));
  }

  /** One training run. */
  public static double seconds(TrainingRun r) {
    double step = r.model().equals("cnn") ? CNN_STEP : STEP;
    double loading = r.backends().stream().mapToDouble(b -> LOADING.getOrDefault(b, 0.0)).sum();
    return FORK + loading + r.steps() * r.replicates() * step;
  }

  private static double start(String backend) {
    return FORK + LOADING.getOrDefault(backend, 0.0);
  }

  private static double setUp(CaseId id) {
    return BIND
        + id.kernel().inputs(id.shape(), id.dtype()).stream().mapToDouble(o -> draw(id, o)).sum();
  }

  private static double draw(CaseId id, Operand o) {
    boolean shared = DEVICES.contains(id.backend()) && o.elements() >= LARGE;
    return DRAW * o.elements() / (shared ? DRAWERS : 1);
  }

  /** Copying the outputs of a device and looking at them; of the host's it is part of the call. */
  private static double lookSeconds(CaseId id) {
    return DEVICES.contains(id.backend())
        ? id.kernel().outputs(id.shape(), id.dtype()).stream()
            .mapToDouble(o -> o.elements() * o.dtype().bytes() / LOOK_RATE)
            .sum()
        : 0;
  }

  private static double callSeconds(CaseId id) {
    boolean bytes = id.kernel().rateUnit().equals("GB/s");
    if (DEVICES.contains(id.backend())) {
      double rate = bytes ? DEVICE_MEMORY_RATE : DEVICE_RATE;
      return DEVICE_CALL + id.kernel().work(id.shape(), id.dtype()) / rate;
    }
    double fast = bytes ? MEMORY_RATE : NATIVE_RATE;
    double rate =
        !id.backend().equals("jvm") || FAST.contains(id.variant())
            ? fast
            : bytes ? JVM_BYTES : JVM_FLOPS;
    return CALL + id.kernel().work(id.shape(), id.dtype()) / rate;
  }
}
