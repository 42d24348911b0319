package dev.samebits.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.UnknownNameException;
import dev.samebits.plan.Plan.CaptureBatch;
import dev.samebits.plan.Plan.CaptureCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanBuilderTest {
  private static final String HEAD =
      "suite: x\ntiming: {forks: 2}\n"
          + "capture: {processes: 2, repeats: 50, seconds: 0.1, control_repeats: 1000,"
          + " control_seconds: 2}\nconditions: {threads: [1, max]}\n";
  private static final String CASES =
      "cases:\n- {kernel: matmul, dtypes: f32, shapes: m64n64k64, conditions: {load: true}}\n"
          + "- {kernel: sum, dtypes: [f32, f64], shapes: [n100, n10], inputs: [normal, integer],"
          + " timed: true}\n";
  private static final String TRAINING =
      "training:\n- model: mlp\n  data: digits\n  modes:\n"
          + "    nondeterministic: {forward: openblas/default}\n"
          + "    reproducible: {forward: jvm/canonical}\n";

  private static Suite suite(String text) {
    return SuiteReader.read("x.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Plan plan(String text, Filters filters, int cores) {
    return PlanBuilder.build(suite(text), TableBackend.pair(), filters, cores);
  }

  private static Plan plan(int cores) {
    return plan(HEAD + CASES + TRAINING, Filters.NONE, cores);
  }

  @Test
  void jvmIsFirstProcessesFollowAndLoadIsLast() {
    List<String> order =
        plan(2).captures().stream()
            .map(b -> b.process() + " " + b.backend() + " " + b.conditions())
            .toList();
    assertEquals(
        List.of(
            "0 jvm threads=1",
            "0 jvm threads=2",
            "0 openblas threads=1",
            "0 openblas threads=2",
            "1 jvm threads=1",
            "1 jvm threads=2",
            "1 openblas threads=1",
            "1 openblas threads=2",
            "0 jvm load=1;threads=2",
            "0 openblas load=1;threads=2"),
        order);
  }

  /** A process more differs in one setting from one of the product, or nothing is compared. */
  @Test
  void piecesAndLoadDifferInOneSettingOnly() {
    List<Backend> backends = new ArrayList<>(TableBackend.pair());
    backends.add(new TableBackend("gpu").offer(Kernel.MATMUL, "default", true).asAccelerator());
    String named =
        "cases:\n- {kernel: matmul, dtypes: f32, shapes: m64n64k64, variants: {gpu: all},\n"
            + "   conditions: {geometry: [64, 128], slice: [1, 7], load: true}}\n";
    Plan plan = PlanBuilder.build(suite(HEAD + named), backends, Filters.NONE, 2);
    assertEquals(
        List.of(
            "0 geometry=64;threads=2",
            "0 geometry=128;threads=2",
            "1 geometry=64;threads=2",
            "1 geometry=128;threads=2",
            "0 geometry=64;slice=1;threads=2",
            "0 geometry=64;slice=7;threads=2",
            "0 geometry=64;load=1;threads=2"),
        plan.captures().stream().map(b -> b.process() + " " + b.conditions()).toList());
    assertTrue(plan.timings().isEmpty());
  }

  /** An accelerator runs where it is named, once for all numbers of threads. */
  @Test
  void anAcceleratorRunsWhereItIsNamed() {
    List<Backend> backends = new ArrayList<>(TableBackend.pair());
    backends.add(new TableBackend("gpu").offer(Kernel.MATMUL, "default", true).asAccelerator());
    assertEquals(
        plan(2).units(),
        PlanBuilder.build(suite(HEAD + CASES + TRAINING), backends, Filters.NONE, 2).units());
    String named =
        "cases:\n- {kernel: matmul, dtypes: f32, shapes: m64n64k64, variants: {gpu: all}, timed:"
            + " true,\n   conditions: {geometry: [64, 128]}, capture: {processes: 1},"
            + " timed_threads: [1, max]}\n";
    Plan plan = PlanBuilder.build(suite(HEAD + named), backends, Filters.NONE, 2);
    assertEquals(
        List.of("geometry=128;threads=2", "geometry=64;threads=2"),
        plan.captures().stream().map(b -> b.conditions().toString()).sorted().toList());
    assertEquals(
        List.of("threads=2"), plan.timings().stream().map(t -> t.conditions() + "").toList());
  }

  @Test
  void oneBatchHasOneBackendOneSettingAndCheapCasesFirst() {
    for (CaptureBatch batch : plan(2).captures()) {
      List<Double> work = new ArrayList<>();
      for (CaptureCase c : batch.cases()) {
        assertEquals(batch.backend(), c.id().backend());
        work.add(c.id().kernel().work(c.id().shape(), c.id().dtype()));
      }
      assertEquals(work.stream().sorted().toList(), work);
    }
    assertEquals("2", plan(2).captures().get(3).settings().env().get("OMP_NUM_THREADS"));
  }

  @Test
  void controlsGetTheirOwnEffortWhereTheyMustVary() {
    for (CaptureBatch batch : plan(2).captures()) {
      for (CaptureCase c : batch.cases()) {
        boolean long_ =
            List.of("atomic_arrival", "ordered").contains(c.id().variant())
                && batch.conditions().toString().equals("threads=2")
                && c.id().toString().endsWith("/normal@1");
        assertEquals(long_ ? 1000 : 50, c.repeats(), c.id() + "?" + batch.conditions());
        assertEquals(long_ ? 2 : 0.1, c.seconds());
      }
    }
  }

  @Test
  void onlyTheFirstInputIsTimedAtAllThreads() {
    Plan plan = plan(2);
    assertEquals(8, plan.timings().size()); // canonical f32 f64, two controls f32; two shapes
    assertTrue(
        plan.timings().stream().allMatch(t -> t.key().toString().endsWith("/normal@1?threads=2")));
    assertEquals(10, plan.timings().get(0).id().shape().get("n"));
  }

  @Test
  void timedThreadsAreTimedAndNothingIsCaptured() {
    Plan plan =
        plan(
            "{suite: x, cases: [{kernel: softmax, dtypes: f32, shapes: m2n3,"
                + " timed_threads: [1, 2, 4, max], capture: {processes: 0}}]}",
            Filters.NONE,
            3);
    assertTrue(plan.captures().isEmpty());
    assertEquals(
        List.of("threads=1", "threads=2", "threads=3"),
        plan.timings().stream().map(t -> t.conditions().toString()).toList());
  }

  @Test
  void unitsAreUnique() {
    Plan plan = plan(2);
    assertEquals(plan.units().size(), plan.units().stream().distinct().count());
  }

  @Test
  void oneCoreSkipsWhatNeedsTwo() {
    Plan plan = plan(1);
    assertTrue(plan.captures().stream().allMatch(b -> b.conditions().threads().getAsInt() == 1));
    assertEquals(4, plan.skipped().size()); // atomic_arrival, two shapes, two inputs
    assertTrue(
        plan.skipped().stream()
            .allMatch(
                s ->
                    s.why().startsWith("needs 2 cores")
                        && s.key().toString().contains("/atomic_arrival/")
                        && s.key().toString().endsWith("?threads=2")));
  }

  @Test
  void moreThreadsThanCoresAreSkippedWithTheReason() {
    Plan plan =
        plan(
            "{suite: x, conditions: {threads: [2, 8]}, cases: "
                + "[{kernel: softmax, dtypes: f32, shapes: m2n3}]}",
            Filters.NONE,
            2);
    assertEquals(1, plan.skipped().size());
    assertEquals("needs 8 cores, here are 2", plan.skipped().get(0).why());
  }

  @Test
  void digestFollowsTheWork() {
    String digest = plan(2).digest();
    assertTrue(digest.matches("[0-9a-f]{64}"), digest);
    assertEquals(digest, plan(2).digest());
    assertNotEquals(digest, plan(3).digest());
    assertNotEquals(
        digest, plan((HEAD + CASES + TRAINING).replace("0.1", "0.2"), Filters.NONE, 2).digest());
    assertNotEquals(
        digest,
        plan((HEAD + CASES + TRAINING).replace("forks: 2", "forks: 3"), Filters.NONE, 2).digest());
    assertNotEquals(
        digest,
        plan((HEAD + CASES + TRAINING).replace("jvm/canonical", "jvm/ordered"), Filters.NONE, 2)
            .digest());
  }

  @Test
  void filtersNarrow() {
    String all = HEAD + CASES + TRAINING;
    List<String> none = List.of();
    Plan sums = plan(all, new Filters(List.of("sum"), none, none, none, ""), 2);
    assertTrue(
        sums.captures().stream()
            .flatMap(b -> b.cases().stream())
            .allMatch(c -> c.id().kernel() == Kernel.SUM));
    assertTrue(sums.trainings().isEmpty());
    Plan jvm = plan(all, new Filters(none, List.of("jvm"), none, none, ""), 2);
    assertTrue(jvm.captures().stream().allMatch(b -> b.backend().equals("jvm")));
    assertEquals(List.of("mlp/digits/reproducible"), ids(jvm));
    Plan mode = plan(all, new Filters(none, none, List.of("reproducible"), none, ""), 2);
    assertTrue(mode.timings().stream().allMatch(t -> t.id().variant().equals("canonical")));
    assertEquals(List.of("mlp/digits/reproducible"), ids(mode));
    Plan f64 = plan(all, new Filters(none, none, none, List.of("f64"), ""), 2);
    assertTrue(f64.units().stream().allMatch(u -> u.caseText().contains("/f64/")));
    Plan regex = plan(all, new Filters(none, none, none, none, "n10/.*integer"), 2);
    assertTrue(regex.timings().isEmpty());
    assertTrue(regex.units().stream().allMatch(u -> u.caseText().matches(".*/n10/.*integer@1")));
    Plan train = plan(all, new Filters(none, none, none, none, "^mlp/"), 2);
    assertEquals(2, train.units().size());
  }

  private static List<String> ids(Plan plan) {
    return plan.trainings().stream().map(Plan.TrainingRun::id).toList();
  }

  @Test
  void badFiltersAreRefused() {
    List<String> none = List.of();
    List<String> bad = List.of("smu");
    assertThrows(UnknownNameException.class, () -> new Filters(bad, none, none, none, ""));
    assertThrows(UnknownNameException.class, () -> new Filters(none, none, bad, none, ""));
    assertThrows(UnknownNameException.class, () -> new Filters(none, none, none, bad, ""));
    assertThrows(
        UnknownNameException.class,
        () -> plan(HEAD + CASES, new Filters(none, bad, none, none, ""), 2));
    assertThrows(IllegalArgumentException.class, () -> new Filters(none, none, none, none, "("));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> plan(HEAD + CASES, new Filters(none, none, none, none, "nothing"), 2));
    assertTrue(e.getMessage().contains("leave nothing to run"), e.getMessage());
  }

  @Test
  void aSuiteMayNeedABackend() {
    String yaml = HEAD + "needs: NAME\n" + CASES;
    assertEquals(List.of("openblas"), suite(yaml.replace("NAME", "openblas")).needs());
    String wrong = yaml.replace("NAME", "openblsa");
    var e = assertThrows(UnknownNameException.class, () -> plan(wrong, Filters.NONE, 2));
    assertTrue(e.getMessage().contains("did you mean 'openblas'?"), e.getMessage());
  }

  @Test
  void aSuiteOfNothingSaysWhy() {
    String f16 = HEAD + "cases: [{kernel: sum, dtypes: f16, shapes: n7}]";
    var e = assertThrows(IllegalArgumentException.class, () -> plan(f16, Filters.NONE, 2));
    assertTrue(e.getMessage().endsWith("takes their element types"), e.getMessage());
  }

  @Test
  void backendsAskedForByNameHaveSomethingToDo() {
    String jvmOnly = HEAD + "cases: [{kernel: sum, dtypes: f32, shapes: n7, variants: {jvm: all}}]";
    String training =
        "\ntraining: [{model: mlp, data: digits, seed: 1, steps: 2, replicates: 2,"
            + " modes: {reproducible: {}}}]";
    Filters blas = new Filters(List.of(), List.of("openblas"), List.of(), List.of(), "");
    Filters both = new Filters(List.of(), List.of("jvm", "openblas"), List.of(), List.of(), "");
    var nothing =
        assertThrows(IllegalArgumentException.class, () -> plan(jvmOnly + training, blas, 2));
    assertTrue(nothing.getMessage().contains("leave nothing to run"), nothing.getMessage());
    var half = assertThrows(IllegalArgumentException.class, () -> plan(jvmOnly, both, 2));
    assertTrue(
        half.getMessage().contains("nothing for backend openblas with backend jvm or openblas"),
        half.getMessage());
    assertTrue(half.getMessage().endsWith("what is left is for jvm"), half.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kernel: sum, variants: {jv: all} | cases[1]: unknown backend 'jv'; did you mean 'jvm'?",
        "kernel: sum, variants: {jvm: orderd} | did you mean 'ordered'?",
        "kernel: sum, variants: {openblas: all} | backend openblas offers no sum for [f32]",
      })
  void unknownNamesOfASuiteAreRefused(String group, String expected) {
    String yaml = "{suite: x, cases: [{dtypes: f32, shapes: n7, " + group + "}]}";
    var e = assertThrows(IllegalArgumentException.class, () -> plan(yaml, Filters.NONE, 2));
    assertTrue(e.getMessage().startsWith("x.yaml: cases[1]: "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void oneCaseInTwoGroupsIsRefused() {
    String group = "{kernel: sum, dtypes: f32, shapes: n7}";
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> plan("{suite: x, cases: [" + group + ", " + group + "]}", Filters.NONE, 2));
    assertTrue(e.getMessage().contains("already planned by x.yaml: cases[1]"), e.getMessage());
  }

  @Test
  void wildcardTakesLibrariesOfTheUser() {
    List<Backend> backends = new ArrayList<>(TableBackend.pair());
    String yaml =
        "{suite: x, cases: [{kernel: matmul, dtypes: f32, shapes: m2n2k2,"
            + " variants: {jvm: canonical, 'cblas:*': default}}]}";
    assertEquals(3, PlanBuilder.build(suite(yaml), backends, Filters.NONE, 1).units().size());
    backends.add(new TableBackend("cblas:mine").offer(Kernel.MATMUL, "default", true));
    assertEquals(6, PlanBuilder.build(suite(yaml), backends, Filters.NONE, 1).units().size());
  }

  @Test
  void trainingNamesAreCheckedAndSettingsMerged() {
    Plan plan = plan(2);
    assertEquals("2", plan.trainings().get(0).settings().env().get("OMP_NUM_THREADS"));
    for (String bad : List.of("openblas/defualt", "openblsa/default")) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> plan(HEAD + TRAINING.replace("openblas/default", bad), Filters.NONE, 2));
      assertTrue(
          e.getMessage().startsWith("x.yaml: training[1]: nondeterministic: forward: unknown"),
          e.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> plan(HEAD + TRAINING + TRAINING.substring(10), Filters.NONE, 2));
  }

  @Test
  void operationsThatNeedAVariableSetAndUnsetCannotShareAProcess() {
    String training =
        TRAINING.replace("openblas/default}", "openblas/default, backward: jvm/canonical}");
    TableBackend jvm = (TableBackend) TableBackend.pair().get(1);
    List<Backend> backends = List.of(TableBackend.pair().get(0), jvm.without("OMP_NUM_THREADS"));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> PlanBuilder.build(suite(HEAD + training), backends, Filters.NONE, 2));
    assertTrue(
        e.getMessage().endsWith("need OMP_NUM_THREADS=2 and OMP_NUM_THREADS unset"),
        e.getMessage());
  }

  @Test
  void textSaysWhatAProcessMustNotHave() {
    TableBackend jvm = (TableBackend) TableBackend.pair().get(1);
    Plan plan =
        PlanBuilder.build(
            suite(
                "{suite: x, cases: [{kernel: sum, dtypes: f32, shapes: n9,"
                    + " variants: {jvm: canonical}}]}"),
            List.of(jvm.without("CUBLAS_WORKSPACE_CONFIG")),
            Filters.NONE,
            2);
    assertTrue(PlanText.of(plan).contains(", without CUBLAS_WORKSPACE_CONFIG"), PlanText.of(plan));
  }

  @Test
  void textShowsEveryUnit() {
    Plan plan = plan(1);
    String text = PlanText.of(plan);
    plan.units().forEach(u -> assertTrue(text.contains(u.caseText()), u.caseText()));
    plan.skipped().forEach(s -> assertTrue(text.contains("skip " + s.key()), text));
  }
}
