package dev.samebits.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.Backends;
import dev.samebits.jmh.bench.KernelBenchmark;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.Kernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.annotations.Param;

class BenchmarkClassesTest {
  @ParameterizedTest
  @EnumSource
  void everyKernelHasItsClassWithRunnableDefaults(Kernel kernel) throws Exception {
    Class<?> type = Class.forName(BenchmarkClasses.of(kernel));
    assertTrue(KernelBenchmark.class.isAssignableFrom(type));
    for (String key : type.getField("key").getAnnotation(Param.class).value()) {
      CaseKey parsed = CaseKey.parse(key);
      assertEquals(kernel, parsed.id().kernel());
      assertEquals(key, parsed.toString());
      Backends.of(parsed.id().backend()).variant(kernel, parsed.id().variant());
    }
  }
}
