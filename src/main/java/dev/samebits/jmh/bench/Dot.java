package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Inner product. */
public class Dot extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "dot/f32/n1000000/jvm/canonical/normal@1",
    "dot/f32/n1000000/jvm/atomic_arrival/normal@1",
    "dot/f32/n1000000/openblas/default/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
