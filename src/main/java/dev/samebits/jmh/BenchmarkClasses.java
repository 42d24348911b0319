package dev.samebits.jmh;

import dev.samebits.jmh.bench.KernelBenchmark;
import dev.samebits.kernel.Kernel;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which JMH class times a kernel: {@code conv2d_forward} is timed by {@code Conv2dForward}. */
public final class BenchmarkClasses {
  private BenchmarkClasses() {}

  /** Fully qualified name of the class that times the kernel. */
  public static String of(Kernel kernel) {
    String simple =
        Arrays.stream(kernel.id().split("_"))
            .map(w -> w.substring(0, 1).toUpperCase(Locale.ROOT) + w.substring(1))
            .collect(Collectors.joining());
    return KernelBenchmark.class.getPackageName() + "." + simple;
  }
}
