package dev.samebits.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.analysis.Bars;
import dev.samebits.backend.Backends;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import dev.samebits.plan.Plan.CaptureBatch;
import dev.samebits.plan.Plan.CaptureCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The suites in the jar, planned with the variants that the backends really offer. */
class PresetsTest {
  /** Operations of the training step itself and the machine's peaks; no row of the kernel table. */
  private static final Set<Kernel> TRAINING_ONLY =
      Set.of(
          Kernel.FMA_CHAIN,
          Kernel.COPY,
          Kernel.RELU_BACKWARD,
          Kernel.BIAS_ADD,
          Kernel.CROSS_ENTROPY_GRADIENT);

  private static final Set<String> VENDORS = Set.of("cublas", "jcublas", "cudnn");

  static List<Backend> backends() {
    List<Backend> all = new ArrayList<>(Backends.all());
    if (!Backends.names().contains("nd4j")) {
      all.add(
          new TableBackend("nd4j")
              .offer(Kernel.MATMUL, "default single_thread", true)
              .offer(Kernel.SUM, "default", true)
              .offer(Kernel.DOT, "default", true)
              .offer(Kernel.CONV2D_FORWARD, "default", false)
              .offer(Kernel.CONV2D_BACKWARD_DATA, "default", false)
              .offer(Kernel.CONV2D_BACKWARD_FILTER, "default", false));
    }
    if (!Backends.names().contains("openblas")) {
      all.add(
          new TableBackend("openblas")
              .offer(Kernel.MATMUL, "default single_thread", true)
              .offer(Kernel.GEMV, "default single_thread", true)
              .offer(Kernel.DOT, "default single_thread", true)
              .offer(Kernel.CONV2D_FORWARD, "default single_thread", false)
              .offer(Kernel.CONV2D_BACKWARD_DATA, "default single_thread", false)
              .offer(Kernel.CONV2D_BACKWARD_FILTER, "default single_thread", false));
    }
    return all;
  }

  private static Plan plan(String preset, int cores) {
    return PlanBuilder.build(Suite.preset(preset), backends(), Filters.NONE, cores);
  }

  @ParameterizedTest
  @CsvSource({"smoke,0,50", "quick,120,300", "standard,900,2000", "full,7200,200000"})
  void estimatesKeepTheirPromise(String preset, double least, double most) {
    Estimate estimate = Estimate.of(plan(preset, 2));
    assertTrue(estimate.totalSeconds() >= least, estimate.toString());
    assertTrue(estimate.totalSeconds() <= most, estimate.toString());
  }

  @ParameterizedTest
  @CsvSource({"smoke,1", "quick,1", "standard,1", "full,1", "quick,2", "full,2", "quick,64"})
  void unitsAreUniqueOnAnyNumberOfCores(String preset, int cores) {
    List<Plan.Unit> units = plan(preset, cores).units();
    assertEquals(units.size(), new HashSet<>(units).size());
  }

  @Test
  void quickTimesAtMost48Cases() {
    Plan plan = plan("quick", 2);
    assertTrue(plan.timings().size() <= 48, plan.timings().size() + " timed cases");
    assertTrue(plan.timings().stream().allMatch(t -> t.jmh().forks() == 2));
  }

  @Test
  void quickCapturesEveryVariantOfTheTableWithOneAndTwoThreads() {
    Set<String> captured = captured("quick");
    // NVIDIA's libraries have many settings, which the preset for GPUs goes through.
    Set<String> capturedOnGpus = captured("gpu");
    for (Backend backend : backends()) {
      for (Variant v : backend.variants()) {
        int least = backend.accelerator() ? 2 : 1;
        for (int threads = least; threads <= 2 && !TRAINING_ONLY.contains(v.kernel()); threads++) {
          String expected = v.kernel().id() + "F32" + backend.name() + v.name() + threads;
          boolean vendor = VENDORS.contains(backend.name());
          assertTrue((vendor ? capturedOnGpus : captured).contains(expected), expected);
        }
      }
    }
  }

  private static Set<String> captured(String preset) {
    Set<String> captured = new HashSet<>();
    for (CaptureBatch batch : plan(preset, 2).captures()) {
      for (CaptureCase c : batch.cases()) {
        captured.add(
            c.id().kernel().id()
                + c.id().dtype()
                + c.id().backend()
                + c.id().variant()
                + batch.conditions().threads().getAsInt());
      }
    }
    return captured;
  }

  private static Backend cuda() {
    return backends().stream().filter(b -> b.name().equals("cuda")).findFirst().orElseThrow();
  }

  /** By problem, who computes it: {@code cuda/canonical}. */
  private static Map<String, Set<String>> problems(String preset) {
    Map<String, Set<String>> all = new HashMap<>();
    for (CaptureBatch batch : plan(preset, 2).captures()) {
      for (CaptureCase c : batch.cases()) {
        all.computeIfAbsent(c.id().problem(), k -> new HashSet<>())
            .add(c.id().backend() + "/" + c.id().variant());
      }
    }
    return all;
  }

  @Test
  void theGpuContractHasEveryCudaVariantBesideJava() {
    Map<String, Set<String>> problems = problems("gpu_contract");
    for (Variant v : cuda().variants()) {
      for (DType dtype : v.dtypes()) {
        String begin = v.kernel().id() + "/" + dtype.id() + "/";
        for (String input : List.of("integer", "wide", "special")) {
          Set<String> with = new HashSet<>();
          problems.forEach(
              (problem, who) -> {
                boolean mine = problem.startsWith(begin) && problem.contains("/" + input + "@");
                if (mine && who.contains("cuda/" + v.name())) {
                  with.addAll(who);
                }
              });
          boolean compared = v.kernel() == Kernel.COPY || with.contains("jvm/canonical");
          assertTrue(compared, begin + v.name() + " " + input + " in " + with);
        }
      }
    }
  }

  @Test
  void theSanitizerWatchesEveryCudaVariant() {
    Set<String> watched = new HashSet<>();
    problems("gpu_sanitizer")
        .forEach(
            (problem, who) -> {
              String[] p = problem.split("/");
              who.forEach(w -> watched.add(p[0] + "/" + p[1] + "/" + w));
            });
    for (Variant v : cuda().variants()) {
      for (DType dtype : v.dtypes()) {
        String expected = v.kernel().id() + "/" + dtype.id() + "/cuda/" + v.name();
        assertTrue(v.kernel() == Kernel.COPY || watched.contains(expected), expected);
      }
    }
  }

  /** Without a GPU, too, a plan tells what would be timed, and about how long it takes. */
  @Test
  void theGpuBarsAreThoseOfTheTable() {
    Plan plan = plan("gpu_speed", 16);
    List<String> bars =
        plan.bars().stream()
            .map(b -> b.subject() + " " + b.opponent() + " " + b.measure().id() + " " + b.bar())
            .toList();
    assertEquals(
        List.of(
            "cuda/canonical?l2=rotate cublas/default?l2=rotate speed 0.85",
            "cuda/canonical?l2=rotate cublas/pedantic?l2=rotate speed 0.85",
            "cuda/canonical?l2=rotate copy cuda/driver?l2=rotate rate 0.9",
            "cuda/canonical?l2=rotate cuda/block_tree_atomic?l2=rotate speed 1.0",
            "cuda/exact?l2=rotate cuda/block_tree_two_pass?l2=rotate time 1.2",
            "cuda/split_k_ordered?l2=rotate cuda/split_k_atomic?l2=rotate time 1.05",
            "cuda/canonical?l2=rotate cudnn/deterministic_fma?l2=rotate speed 0.6",
            "cuda/canonical?l2=rotate cudnn/algo_1?l2=rotate speed 0.6"),
        bars);
    // One contest a kernel; each in two processes.
    assertEquals(5, plan.timings().stream().map(t -> t.contest()).distinct().count());
    assertTrue(plan.timings().stream().allMatch(t -> t.jmh().together() == 3));
    assertTrue(plan.timings().stream().allMatch(t -> t.jmh().forks() >= Bars.FEWEST_PAIRS));
  }

  /** The suite behind each step of gpu-check.sh; the sanitizers run beside each other. */
  private static final Map<String, String> STEPS =
      Map.of(
          "contract", "gpu_contract",
          "memcheck", "gpu_sanitizer",
          "racecheck", "gpu_sanitizer",
          "speed", "gpu_speed",
          "wall", "gpu_wall",
          "stress", "gpu_stress");

  /** How much slower a process is under compute-sanitizer: a guess, for none has been at hand. */
  private static final double WATCHED = 2;

  @Test
  void theGpuCheckKeepsItsSeconds() throws IOException {
    String script = Files.readString(Path.of("scripts/gpu-check.sh"));
    Map<String, Integer> budgets = new TreeMap<>();
    Matcher one = Pattern.compile("\\[([a-z]+)]=([0-9]+)").matcher(script);
    while (one.find()) {
      budgets.put(one.group(1), Integer.parseInt(one.group(2)));
    }
    Set<String> steps = new TreeSet<>(STEPS.keySet());
    steps.add("doctor");
    assertEquals(steps, budgets.keySet());
    List<String> modes = List.of("deterministic", "reproducible");
    Filters watched = new Filters(List.of(), List.of(), modes, List.of(), "");
    List<String> over = new ArrayList<>();
    STEPS.forEach(
        (step, suite) -> {
          boolean sanitizer = suite.equals("gpu_sanitizer");
          Filters filters = sanitizer ? watched : Filters.NONE;
          Plan plan = PlanBuilder.build(Suite.preset(suite), backends(), filters, 8);
          double seconds = Estimate.of(plan).totalSeconds() * (sanitizer ? WATCHED : 1);
          if (!(seconds <= budgets.get(step))) {
            over.add(step + ": about " + seconds + " s of " + budgets.get(step));
          }
        });
    assertEquals(List.of(), over);
    Matcher grace = Pattern.compile("timeout -k ([0-9]+)").matcher(script);
    assertTrue(grace.find());
    int all = budgets.values().stream().mapToInt(b -> b + Integer.parseInt(grace.group(1))).sum();
    int beside = budgets.get("racecheck") + Integer.parseInt(grace.group(1));
    assertEquals(budgets.get("memcheck"), budgets.get("racecheck"));
    assertTrue(all - beside <= 470, all - beside + " s of 480, and the verdicts take some");
  }

  /**
   * Changing a bar of the promised table has to be done here too: it does not happen by the way.
   */
  @Test
  void theSpeedBarsAreThoseOfTheTable() {
    List<String> bars =
        plan("speed", 2).bars().stream()
            .map(
                b ->
                    String.join(
                        " ",
                        b.name(),
                        b.subject(),
                        b.opponent(),
                        b.measure().id() + " " + b.bar() + " " + b.each() + " " + b.subtract(),
                        b.pairs().size() + " pairs",
                        all(b, id -> id.dtype().id()),
                        all(b, id -> id.shape() + at(id.input())),
                        distinct(b, p -> "x" + p.subject().conditions().threads().orElse(0)),
                        distinct(b, p -> p.emptySubject() == null ? "" : "less call")))
            .map(String::strip)
            .toList();
    assertEquals(
        """
        matmul jvm/canonical openblas/default speed 1.0 0.9 false 16 pairs f32,f64 \
        m256n256k256,m512n512k512,m1024n1024k1024,m2048n2048k2048 x1,x2 less call
        matmul_avx2 jvm/canonical?isa=avx2 openblas/default?isa=haswell speed 0.9 null \
        false 16 pairs f32,f64 m256n256k256,m512n512k512,m1024n1024k1024,m2048n2048k2048 \
        x1,x2 less call
        matmul_small jvm/canonical openblas/default speed 1.0 null true 18 pairs f32,f64 \
        m8n8k8,m16n16k16,m32n32k32,m64n64k64,m128n128k128,m64n10k128,m1n64k64,m1n256k256,m1n1024k1024 \
        x1 less call
        conv2d jvm/canonical nd4j/default speed 2.0 null false 36 pairs f32 \
        n1c6h14w14k16r5s5,n32c6h14w14k16r5s5,n1c64h56w56k64r3s3pad1,n32c64h56w56k64r3s3pad1,n1c256h56w56k64r1s1,n32c256h56w56k64r1s1 \
        x1,x2
        conv2d jvm/canonical openblas/default speed 1.2 null false 36 pairs f32 \
        n1c6h14w14k16r5s5,n32c6h14w14k16r5s5,n1c64h56w56k64r3s3pad1,n32c64h56w56k64r3s3pad1,n1c256h56w56k64r1s1,n32c256h56w56k64r1s1 \
        x1,x2
        scatter_add jvm/canonical jvm/private_copies speed 0.7 null false 6 pairs f32,f64 \
        n4194304t1,n4194304t256,n4194304t65536 x2
        scatter_add jvm/canonical jvm/atomic_arrival speed 3.0 null false 6 pairs f32,f64 \
        n4194304t1,n4194304t256,n4194304t65536 x2
        exp_tanh jvm/canonical jvm/math speed 3.0 null false 4 pairs f32 n10000,n1000000 \
        x1
        sum_1e8 jvm/canonical jvm/eight_accumulators speed 0.97 null false 4 pairs f32,f64 \
        n100000000 x2
        dot_1e8 jvm/canonical openblas/default speed 0.97 null false 2 pairs f32,f64 \
        n100000000 x2
        sum_1e3_1e6 jvm/canonical jvm/eight_accumulators speed 0.9 null false 8 pairs \
        f32,f64 n1000,n1000000 x1 less call
        dot_1e3_1e6 jvm/canonical openblas/default speed 0.9 null false 4 pairs f32,f64 \
        n1000,n1000000 x1 less call
        exact_sum jvm/exact jvm/serial time 1.0 1.0 false 2 pairs f64 \
        n1000000,n1000000@cancelling x1
        exact_sum jvm/exact jvm/eight_accumulators time 2.0 2.0 false 2 pairs f64 \
        n1000000,n1000000@cancelling x1
        exact_sum_1e8 jvm/exact jvm/eight_accumulators time 1.2 null false 1 pairs f64 \
        n100000000 x2
        exact_dot jvm/exact jvm/serial time 1.3 null false 1 pairs f64 n1000000 x1
        """
            .lines()
            .toList(),
        bars);
  }

  private static String at(InputKind input) {
    return input == InputKind.NORMAL ? "" : "@" + input.id();
  }

  private static String all(Plan.Bar b, Function<CaseId, String> part) {
    return distinct(b, p -> part.apply(p.subject().id()));
  }

  private static String distinct(Plan.Bar b, Function<Plan.Pair, String> part) {
    return String.join(",", b.pairs().stream().map(part).distinct().toList());
  }

  @Test
  void quickBeginsWithTheJvmAndHasNoLongCallThere() {
    Plan plan = plan("quick", 2);
    assertEquals("jvm", plan.captures().get(0).backend());
    for (CaptureBatch batch : plan.captures()) {
      for (CaptureCase c : batch.cases()) {
        if (c.id().backend().equals("jvm") && c.id().kernel() == Kernel.MATMUL) {
          // 5 ms at 1 GFLOP/s
          assertTrue(
              c.id().kernel().work(c.id().shape(), c.id().dtype()) <= 5e6, c.id().toString());
        }
      }
    }
  }

  @Test
  void quickHasItsControls() {
    Set<String> controls = new HashSet<>();
    for (CaptureBatch batch : plan("quick", 2).captures()) {
      for (CaptureCase c : batch.cases()) {
        if (c.repeats() == 1000 && c.seconds() == 2) {
          controls.add(c.id().kernel().id() + "/" + c.id().variant());
        }
      }
    }
    assertTrue(
        controls.containsAll(
            Set.of(
                "sum/atomic_arrival",
                "sum/ordered",
                "dot/atomic_arrival",
                "dot/ordered",
                "matmul/split_k_atomic",
                "matmul/split_k_ordered")),
        controls.toString());
  }
}
