package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.PortableCases.Level;
import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.backend.jvm.Teams;
import dev.samebits.kernel.Axis;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Variant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands in the matrix of {@link SameBitsIT}. */
class PortableCasesTest {
  private static final JvmBackend FAST = new JvmBackend();
  private static final JvmBackend PLAIN = JvmBackend.plain();

  /** Also where nothing is compiled and where fma is slow. */
  @ParameterizedTest
  @EnumSource
  void everyCanonicalAndExactKernelOfEveryTypeIsInEverySetting(Level level) {
    Set<String> present = new LinkedHashSet<>();
    for (CaseId id : PortableCases.of(level)) {
      present.add(id.kernel().id() + "/" + id.dtype().id() + "/" + id.variant() + "/" + id.input());
    }
    List<String> missing = new ArrayList<>();
    for (Variant v : FAST.variants()) {
      for (DType dtype : v.dtypes()) {
        for (InputKind kind : kinds(v)) {
          String wanted = v.kernel().id() + "/" + dtype.id() + "/" + v.name() + "/" + kind;
          if (!present.contains(wanted)) {
            missing.add(wanted);
          }
        }
      }
    }
    assertEquals(List.of(), missing, "no case for " + level);
  }

  private static List<InputKind> kinds(Variant v) {
    if (v.mode() != Mode.REPRODUCIBLE) {
      return List.of();
    }
    return v.guarantee().covers(Axis.PERMUTATION)
        ? List.of(InputKind.WIDE, InputKind.SPECIAL, InputKind.CANCELLING)
        : List.of(InputKind.WIDE, InputKind.SPECIAL);
  }

  /** A NaN on its way through a kernel is seen only if it arrives, and not everywhere. */
  @Test
  void specialInputsGiveNanAndNumbersEvenWhereNothingIsCompiled() {
    Set<String> seen = new LinkedHashSet<>();
    Set<String> all = new LinkedHashSet<>();
    for (CaseId id : PortableCases.of(Level.SMALL)) {
      if (id.input() == InputKind.SPECIAL) {
        String kernel = id.kernel().id() + "/" + id.dtype().id() + "/" + id.variant();
        all.add(kernel + " NaN");
        all.add(kernel + " number");
        Op op = Op.of(id.kernel(), id.dtype(), id.shape(), id.variant());
        List<double[]> inputs = KernelRunner.inputs(op, id.input(), id.seed());
        for (double[] output : KernelRunner.run(PLAIN, op, Conditions.NONE, inputs)) {
          for (double value : output) {
            seen.add(kernel + (Double.isNaN(value) ? " NaN" : " number"));
          }
        }
      }
    }
    all.removeAll(seen);
    assertEquals(Set.of(), all, "never among the outputs");
  }

  /** Else 2, 3 and 8 threads would tell no more than one. */
  @Test
  void everyKernelIsSharedBetweenThreadsWhereC1Compiles() {
    Set<String> shared = new LinkedHashSet<>();
    Set<String> all = new LinkedHashSet<>();
    for (CaseId id : PortableCases.of(Level.MEDIUM)) {
      if (FAST.variant(id.kernel(), id.variant()).mode() == Mode.REPRODUCIBLE) {
        String kernel = id.kernel().id() + "/" + id.dtype().id() + "/" + id.variant();
        all.add(kernel);
        if (!shared.contains(kernel) && isShared(id)) {
          shared.add(kernel);
        }
      }
    }
    all.removeAll(shared);
    assertEquals(Set.of(), all, "never shared");
  }

  private static boolean isShared(CaseId id) {
    try (BoundCase bound = BoundCase.bind(FAST, id, Conditions.of("threads", "8"))) {
      long before = Teams.calls(8);
      bound.invoke();
      return Teams.calls(8) > before;
    }
  }
}
